"""A wording model of a few labels, fitted once on sentences of these tests."""

import pytest

from bot.nlu.wordings import WordingModel

SENTENCES = {
    "greet": "bonjour|salut|allô|bon matin|bonjour à vous|salut la gang|bonsoir|hé bonjour|allô toi|rebonjour",
    "ask_amount": "combien prête le fonds|c'est quoi le montant maximum|jusqu'à combien on peut emprunter|quel est le plafond du prêt"
    "|combien on peut avoir|le maximum c'est combien|quel montant on peut demander|combien d'argent donnez-vous",
    "ask_contact": "c'est quoi leur téléphone|comment les rejoindre|avez-vous un courriel|quelle est leur adresse|à qui je téléphone"
    "|leur numéro de téléphone svp|comment je les contacte|donnez-moi leur courriel",
    "find_support/mentorat": "je cherche un mentor|on voudrait du mentorat|trouver un mentor pour notre coop|qui offre du mentorat"
    "|j'aimerais avoir une mentore|besoin d'un mentor d'affaires|y a-t-il des mentors par ici",
    "find_local_actor": "c'est qui le pôle de ma région|quelle SADC sert mon village|quel pôle couvre ma ville|qui est la SADC ici"
    "|le pôle chez nous c'est lequel|trouver le pôle de mon coin|quelle est ma SADC",
    "ask_topic/capital_patient": "c'est quoi du capital patient|capital patient ça veut dire quoi|expliquez le capital patient"
    "|définition de capital patient|le capital patient qu'est-ce que c'est|du capital patient c'est du quoi",
    "out_of_scope": "quel temps fait-il demain|qui a gagné la partie de hockey|une recette de pâté chinois|raconte une blague"
    "|c'est quoi la capitale du Japon|as-tu vu le dernier film|quelle heure est-il",
    "speak_english": "do you speak english|can we talk in english please|english please|i do not speak french|is there an english version"
    "|hello can you help me|i need help with my loan",
    "distress": "je ne vais pas bien du tout|je suis à bout|j'ai le moral à terre"
    "|je dors plus je pleure tout le temps|je n'en peux plus vraiment",
}
TEXTS, LABELS = zip(*((text, label) for label, texts in SENTENCES.items() for text in texts.split("|")), strict=True)


@pytest.fixture(scope="session")
def wordings() -> WordingModel:
    return WordingModel.fit(TEXTS, LABELS)
