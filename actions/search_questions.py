"""What the guided search asks, with its buttons, why it asks it, and what its words mean."""

from collections.abc import Mapping
from typing import Any

from actions.reply import Button
from directory.routing import MONEY
from directory.text import fold

ORDER = ("need", "place", "legal_form", "stage", "amount")
# What would not change who is proposed: groups of mentors and networks take every form at every stage.
_IDLE = {
    "reprise": ("legal_form", "stage"),
    "mentorat": ("legal_form", "stage"),
    "reseautage": ("legal_form", "stage"),
    "formation": ("stage",),
}
_DONT_KNOW = Button("Je ne sais pas", "dont_know")
_NEEDS = (
    Button("Du financement", "inform", {"need": "financement"}),
    Button("Un accompagnement", "inform", {"need": "accompagnement"}),
    Button("Un mentor", "inform", {"need": "mentorat"}),
    Button("De la formation", "inform", {"need": "formation"}),
    Button("Du réseautage", "inform", {"need": "reseautage"}),
    Button("Je ne sais pas trop", "dont_know"),
)
_FORMS = (
    Button("Coopérative", "inform", {"legal_form": "cooperative"}),
    Button("OBNL", "inform", {"legal_form": "obnl"}),
    Button("Pas encore constitué", "inform", {"legal_form": "not_constituted"}),
    Button("Entreprise privée", "inform", {"legal_form": "private"}),
    _DONT_KNOW,
)
_STAGES = (
    Button("Une idée", "inform", {"stage": "idee"}),
    Button("Prédémarrage", "inform", {"stage": "predemarrage"}),
    Button("Démarrage", "inform", {"stage": "demarrage"}),
    Button("Croissance", "inform", {"stage": "croissance"}),
    Button("Consolidation", "inform", {"stage": "consolidation"}),
    Button("Reprise", "inform", {"stage": "transfert"}),
    _DONT_KNOW,
)
QUESTIONS: dict[str, tuple[str, tuple[Button, ...]]] = {
    "need": ("Vous cherchez surtout…", _NEEDS),
    "place": ("Dans quelle municipalité ou quelle MRC est le projet?", (Button("J’aime mieux ne pas le dire", "refuse_to_say"),)),
    "legal_form": ("Quelle est la forme juridique de l’organisation?", _FORMS),
    "stage": ("À quelle étape en êtes-vous?", _STAGES),
    "amount": ("Combien d’argent vous faut-il, à peu près?", (_DONT_KNOW,)),
}
WHY = {
    "need": "Je vous le demande parce que ce ne sont pas les mêmes organismes qui prêtent, qui conseillent ou qui jumellent.",
    "place": "Je vous le demande parce que presque chaque organisme sert un territoire précis\u00a0: la municipalité suffit.",
    "legal_form": "Je vous le demande parce que plusieurs organismes servent seulement les coopératives, ou seulement les OBNL.",
    "stage": "Je vous le demande parce que l’aide change avec l’étape\u00a0: certains fonds s’arrêtent au démarrage.",
    "amount": "Je vous le demande parce que chaque fonds a un minimum et un maximum. Un ordre de grandeur suffit.",
}
# What a choice means, for who asks « ça veut dire quoi, prédémarrage? ».
MEANINGS = {
    "idee": "Une idée, c’est avant toute étude\u00a0: vous en parlez à quelques-uns et vous cherchez par où commencer.",
    "predemarrage": "Le prédémarrage, c’est la préparation\u00a0: étude, plan d’affaires, recherche de l’argent, avant d’ouvrir.",
    "demarrage": "Le démarrage, c’est l’ouverture et les premières années d’activité.",
    "croissance": "La croissance, c’est quand l’organisation roule et veut grandir\u00a0: embaucher, s’équiper, ouvrir ailleurs.",
    "consolidation": "La consolidation, c’est raffermir ou redresser une organisation qui existe déjà.",
    "transfert": "La reprise, c’est quand un groupe achète une entreprise qui existe, par exemple ses employés.",
    "cooperative": "Une coopérative appartient à ses membres, qui ont chacun une voix et s’en servent pour leurs besoins communs.",
    "obnl": "Un OBNL est un organisme sans but lucratif\u00a0: personne n’en est propriétaire et ses surplus servent sa mission.",
    "not_constituted": "«\u00a0Pas encore constitué\u00a0» veut dire que le groupe existe, sans statut légal pour l’instant.",
    "private": "Une entreprise privée appartient à une ou à quelques personnes, qui en gardent les profits.",
    "accompagnement": "Un accompagnement, c’est quelqu’un dont c’est le métier, qui vous guide pendant le projet.",
    "mentorat": "Un mentor est une personne d’expérience, bénévole, qui écoute et questionne sans décider à votre place.",
}


def choices() -> dict[str, str]:
    """Return by the last word of its button, folded (« prédémarrage », « mentor »), the code of each choice."""
    buttons = [button for _, offered in QUESTIONS.values() for button in offered]
    return {fold(button.title).split()[-1]: code for button in buttons for code in button.entities.values()}


def missing_from(slots: Mapping[str, Any]) -> list[str]:
    """Return what is still to be asked, in order; what would not change who is proposed is not."""
    idle = _IDLE.get(slots.get("need"), ())
    asked = [name for name in ORDER if name not in idle and (name != "amount" or slots.get("need") in MONEY - {"reprise"})]
    return [name for name in asked if slots.get(name) is None]
