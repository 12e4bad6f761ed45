"""Messages that testers typed and the assistant misread: each is read as meant, by the model of the data and the links of the seed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from actions.naming import of, the
from bot.nlu.reading import Reader
from bot.nlu.sentences import read_sentences
from bot.nlu.understanding import Understander, is_place_alone
from bot.nlu.wordings import WordingModel
from bot.quiet import silent_imports
from directory.models import Territory
from directory.queries import actors
from directory.text import fold

ROOT = Path(__file__).resolve().parents[2]
# What is typed → the label meant (a topic bears its name after `ask_topic/`).
READINGS = [
    ("slt c koi le max ke le risq prete", "ask_topic/risq_capitalisation_montant"),
    ("Est-ce que le mentor va raconter ça à mon CA?", "ask_topic/mentor_confidentialite"),
    ("On doit déposer quoi au gouvernement?", "ask_topic/coop_rapport_registraire"),
    ("Est-ce que le CA d’un OBNL peut se payer?", "ask_topic/obnl_remunerer_ca"),
    ("La Fiducie donne des subventions, right?", "ask_repayment"),
    ("l’ampli, ça double combien?", "ask_topic/risq_ampli"),
    ("c koi un OBNL", "ask_topic/fonder_coop_ou_obnl"),
    ("combien d’admin max", "ask_topic/coop_nombre_administrateurs"),
    ("pis si on s’entend pas", "ask_topic/mentor_pas_a_l_aise"),
    ("Mon mari est mort… je sais plus quoi faire avec son entreprise", "vent"),
    ("Ce fonds là est mort?", "ask_status"),
    ("hahaha t’es poche", "insult"),
    ("je vais porter plainte", "complain_bot"),
    ("on est au Nouveau-Brunswick", "inform"),
    ("mon code postal est [CODE_POSTAL G0C], quel organisme local peut nous aider? on est un OBNL", "find_support/general"),
    ("[CODE_POSTAL G0C]", "inform"),
    ("mille-isles", "inform"),
    ("dans l’coin de Trois-Rivières", "inform"),
    ("2", "inform"),
    ("qui prendre pour refaire ma planification stratégique?", "find_support/accompagnement"),
    ("finacement", "find_support/financement"),
    ("coperative", "inform"),
    ("demarage", "inform"),
    ("jsp moi", "dont_know"),
    ("coop ou obnl?", "ask_topic/fonder_coop_ou_obnl"),
    ("je cherche le pôle d’économie sociale de Laval", "find_local_actor"),
    ("qui analyse les demandes?", "ask_how_to_apply"),
    ("Écris-moi mon plan d’affaires", "find_support/accompagnement"),
]
# Eight lands of the official list wait for their name; Desjardins, the former city, is the caisse when it is named alone.
NO_PLACES = ("Toponyme à venir", "Desjardins")
# A fact → how it is asked of an organisation.
FACTS_ASKED = [
    ("ask_what_is", "c’est quoi, ça, {the}?"),
    ("ask_amount", "jusqu’à combien {the} peut prêter?"),
    ("ask_eligibility", "{the}, ça s’adresse à qui?"),
    ("ask_conditions", "quelles conditions {the} impose?"),
    ("ask_use_of_funds", "on peut-tu dépenser l’argent {of} sur n’importe quoi?"),
    ("ask_share_of_cost", "{the} paye quelle part du projet?"),
    ("ask_how_to_apply", "comment on dépose un dossier auprès {of}?"),
    ("ask_contact", "t’aurais-tu le téléphone {of}?"),
    ("ask_cost", "ça nous coûterait combien, les services {of}?"),
    ("ask_area", "quel territoire couvre {the}?"),
]
# What is typed → labels that it must never be read as.
NEVER = [
    ("tout", ("vent", "complain_bot")),
    ("start", ("start_over",)),
    ("Ce fonds là est mort? on est tannés d’attendre le PIEC", ("vent", "distress")),
    ("Mon mari est mort… je sais plus quoi faire avec son entreprise", ("distress",)),
    ("my husband died, I don't know what to do with his business", ("distress",)),
]


@pytest.fixture(scope="module")
def reader(directory_url: str) -> Reader:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGUILLEUR_DATABASE_URL", directory_url)
        return Reader.from_settings()


@pytest.fixture(scope="module")
def understood(reader: Reader) -> Callable[[str], dict[str, Any]]:
    """understood(text): the parse of a message, as the component gives it."""
    import bot.engine  # noqa: F401 - before Rasa: it quiets its import

    from bot.nlu.french_words import Words

    with silent_imports():
        words = Words()
    understander = Understander(WordingModel.fit(*zip(*read_sentences(ROOT / "data/nlu"), strict=True)), {"threshold": 0.2, "kept": 40})

    return lambda text: understander.read(text, reader.entities(text), words.in_text(text))


@pytest.fixture(scope="module")
def read(understood: Callable[[str], dict[str, Any]]) -> Callable[[str], tuple[str, str]]:
    """read(text): the intent and the best label of a message."""

    def label(text: str) -> tuple[str, str]:
        said = understood(text)
        return said["intent"]["name"], said["ranking"][0][0]

    return label


@pytest.mark.parametrize(("text", "label"), READINGS)
def test_a_message_that_was_misread_is_read_as_meant(read: Callable[[str], tuple[str, str]], text: str, label: str) -> None:
    assert read(text) == (label.split("/")[0], label)


@pytest.mark.parametrize(("text", "labels"), NEVER)
def test_a_message_is_not_read_as_what_it_is_not(read: Callable[[str], tuple[str, str]], text: str, labels: tuple[str, ...]) -> None:
    assert read(text)[0] not in labels


def test_every_place_named_alone_is_information(reader: Reader, seeded: Any) -> None:
    named = select(Territory.name).where(Territory.level != "country", Territory.name.not_in(NO_PLACES))
    with seeded() as session:
        typed = [text for name in session.scalars(named) for text in (name, name.lower().replace("-", " "))]
    assert len(typed) > 3_000
    assert [text for text in typed if not is_place_alone(fold(text), reader.entities(text))] == []


def test_each_fact_is_asked_of_every_organisation(understood: Callable[[str], dict[str, Any]], seeded: Any) -> None:
    """Whatever is in a name (a place, « mentorat », « fonds »), the question is read; a few in a hundred may be missed."""
    with seeded() as session:
        named = [(the(actor), of(actor)) for actor in actors(session) if actor.status != "closed"]
    asked = [(fact, pattern.format(the=the_, of=of_)) for the_, of_ in named for fact, pattern in FACTS_ASKED]
    assert len(asked) > 1_900
    missed = [(fact, text) for fact, text in asked if understood(text)["fact"] != fact]
    assert len(missed) <= 0.03 * len(asked), missed


def test_none_of_these_messages_is_in_the_training_data() -> None:
    known = {fold(text) for text, _ in read_sentences(ROOT / "data/nlu")}
    assert [text for text, _ in (*READINGS, *NEVER) if fold(text) in known] == []
