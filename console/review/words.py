"""What staff read in place of the codes of the journal."""

from datetime import datetime

from console import clock
from console.filters import QUEBEC
from directory.vocabulary import LEGAL_FORMS, NEEDS, STAGES
from journal import reviewing
from journal.filters import ANY, DOWN, NEWEST, OLDEST, UP
from journal.models import ABANDONED, ANSWERED, DONE, GREETED, LATER, NOTHING_FOUND, PROPOSED, TO_REVIEW, UNANSWERED

CHANNELS = {"web": "site web", "messenger": "Messenger"}
STATUSES = {TO_REVIEW: "à revoir", DONE: "faite", LATER: "plus tard"}
OUTCOMES = {
    PROPOSED: "organismes proposés",
    NOTHING_FOUND: "rien trouvé",
    ABANDONED: "recherche abandonnée",
    ANSWERED: "question répondue",
    UNANSWERED: "sans réponse",
    GREETED: "salutations seulement",
}
THUMBS = {DOWN: "pouce vers le bas", UP: "pouce vers le haut", ANY: "un pouce, peu importe lequel"}
ORDERS = {NEWEST: "la plus récente d’abord", OLDEST: "la plus ancienne d’abord"}
FLAGS = {
    reviewing.MISUNDERSTOOD: "mal comprise",
    reviewing.WRONG: "réponse fausse",
    reviewing.MISSING: "réponse manquante",
    reviewing.GOOD: "bel exemple",
    reviewing.OTHER: "autre raison",
}
# Why a person said that an answer is bad (the widget asks).
REASONS = {"wrong": "c’est faux", "beside": "à côté de la question", "unclear": "pas clair", "outdated": "dépassé", "other": "autre raison"}
KINDS = {"choice": "bouton pressé", "restart": "conversation recommencée", "media": "envoi qui n’est pas du texte", "greeting": "accueil"}
ASKED = {
    "need": "le besoin",
    "place": "le lieu",
    "legal_form": "la forme juridique",
    "stage": "l’étape du projet",
    "amount": "le montant",
}
CAME_OF = {
    "found": "des organismes ont été proposés",
    "nothing_near": "aucun organisme ne convenait à cet endroit",
    "not_held": "la réponse n’est pas dans l’annuaire",
    "not_understood": "la phrase n’a pas été comprise",
}
ENTITIES = {
    "place": "lieu",
    "outside_place": "lieu hors du Québec",
    "unknown_place": "lieu inconnu",
    "actor": "organisme",
    "service": "service",
    "actor_kind": "genre d’organisme",
    "amount": "montant",
    "need": "besoin",
    "legal_form": "forme juridique",
    "stage": "étape",
}
PROFILE = {"need": ("Besoin", NEEDS), "legal_form": ("Forme", LEGAL_FORMS), "stage": ("Étape", STAGES)}
QUEUES = {
    "misunderstood": "Pas comprises",
    "thumbs_down": "Pouces vers le bas",
    "nothing_found": "Rien trouvé",
    "abandoned": "Recherche abandonnée",
    "unheld": "Réponse manquante",
    "sample": "Échantillon au hasard",
    "named": "On me nomme",
    "mine": "Assignées à moi",
}
# At most this confident, from the surest.
_SURE = ((0.75, "lecture sûre"), (0.5, "lecture assez sûre"), (0.35, "lecture peu sûre"), (0.0, "lecture très peu sûre"))


def sureness(confidence: float) -> str:
    """Return a confidence (0..1) in words."""
    return next((words for least, words in _SURE if confidence >= least), _SURE[-1][1])


_MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.")


def brief(when: datetime) -> str:
    """Return a moment in Québec's time, in little room: « 29 nov., 13 h 30 », with its year when it is another than this one's."""
    there, year = when.astimezone(QUEBEC), clock.now().astimezone(QUEBEC).year
    day = f"{'1er' if there.day == 1 else there.day}\u00a0{_MONTHS[there.month - 1]}"
    dated = day if there.year == year else f"{day}\u00a0{there.year}"
    return f"{dated}, {there.hour}\u00a0h\u00a0{there.minute:02d}"


def percent(share: float) -> str:
    """Return a share (0..1) in percent: « 62 % »."""
    return f"{round(share * 100)}\u00a0%"
