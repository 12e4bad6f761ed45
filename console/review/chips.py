"""The filters that are on, as staff read them: each may be taken away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from console.filters import count, day
from console.needs.words import RATINGS, RESULTS, WAITED, theme
from console.review import intents, words
from console.review.asked import address_of
from console.review.names import Names
from directory.vocabulary import NEEDS
from journal.filters import ANY, ME, NOBODY, Filters

LABELS = {
    "status": "État",
    "words": "Mots",
    "since": "Depuis le",
    "until": "Jusqu’au",
    "place": "Lieu",
    "need": "Besoin",
    "outcome": "Issue",
    "unmet": "Besoin sans réponse",
    "actor": "Organisme proposé",
    "channel": "Canal",
    "intent": "Compris comme",
    "below": "Lecture sous",
    "fallback": "Pas comprise",
    "unheld": "Réponse manquante",
    "thumbs": "Avis",
    "tag": "Étiquette",
    "assignee": "Assignée à",
    "unread": "Non lue",
    "named": "On me nomme",
    "flagged": "Message signalé",
    "min_messages": "Au moins",
    "max_messages": "Au plus",
    "lot": "Échantillon",
    "order": "Ordre",
    "begun_since": "Commencée depuis le",
    "begun_until": "Commencée jusqu’au",
    "result": "Résultat",
    "theme": "Thème",
    "waited": "Recherche laissée à",
    "rating": "Avis sur la conversation",
    "unanswered": "Question sans réponse",
    "matter": "Absent de l’annuaire",
    "no_mrc": "MRC non précisée",
}


@dataclass(frozen=True)
class Chip:
    """A filter that is on: what it is called, what it says, and the address without it."""

    label: str
    value: str
    without: str


def chips(filters: Filters, names: Names, people: Mapping[str, str]) -> list[Chip]:
    """Return the filters that are on, in the order of the address; the order of the list is none."""
    return [
        Chip(LABELS.get(name, name), told(name, value, names, people), address_of(filters.without(name)))
        for name, value in filters.asked.items()
    ]


def told(name: str, value: Any, names: Names, people: Mapping[str, str]) -> str:
    """Return what a filter says; nothing where its name says all."""
    if value is True:
        return ""
    if name in _TOLD:
        return _TOLD[name](value)
    if name == "place":
        return names.place(value.code)
    if name == "actor":
        return names.actor(value)
    if name in ("intent", "unanswered"):
        return intents.name_of(value, names.topics)
    return _assignee(value, people) if name == "assignee" else str(value)


def _assignee(value: str, people: Mapping[str, str]) -> str:
    return {ME: "moi", NOBODY: "personne"}.get(value) or people.get(value, value)


def _messages(value: int) -> str:
    return f"{count(value)}\u00a0message{'s' if value > 1 else ''}"


def _need(value: str) -> str:
    return "n’importe lequel" if value == ANY else NEEDS.get(value, value)


_TOLD = {
    "status": lambda value: words.STATUSES.get(value, value),
    "since": day,
    "until": day,
    "need": _need,
    "unmet": _need,
    "outcome": lambda value: words.OUTCOMES.get(value, value),
    "channel": lambda value: words.CHANNELS.get(value, value),
    "below": lambda value: f"{value}\u00a0%",
    "thumbs": lambda value: words.THUMBS[value],
    "min_messages": _messages,
    "max_messages": _messages,
    "lot": lambda value: f"{value} sur 1\u00a0000",
    "begun_since": day,
    "begun_until": day,
    "result": lambda value: RESULTS[value],
    "theme": theme,
    "waited": lambda value: WAITED.get(value, value),
    "rating": lambda value: RATINGS[value],
}


def told_filters(filters: Filters) -> str:
    """Return the filters by name, for the audit trail: never what was looked for in words."""
    named = ["recherche par mots" if name == "words" else LABELS.get(name, name).lower() for name in filters.asked]
    return ", ".join(named) or "aucun filtre"
