"""The four kinds of records that staff edit: their addresses, and what they are called."""

from typing import NamedTuple

from flask import abort, url_for

from directory.labels import ENTITY_LABELS


class Kind(NamedTuple):
    """A kind of record: its word in addresses, and French words about one, « cet organisme », « l’organisme »."""

    entity: str
    word: str
    one: str
    this: str
    the: str
    new: str
    many: str
    feminine: bool = False


KINDS = {
    "organismes": Kind("actor", "organismes", "organisme", "cet organisme", "l’organisme", "Nouvel organisme", "organismes"),
    "services": Kind("service", "services", "service", "ce service", "le service", "Nouveau service", "services"),
    "reponses": Kind("answer", "reponses", "réponse", "cette réponse", "la réponse", "Nouvelle réponse", "réponses", True),
    "lieux": Kind("place_alias", "lieux", "autre nom de lieu", "ce nom", "le nom", "Nouveau nom de lieu", "autres noms de lieux"),
}
BY_ENTITY = {kind.entity: kind for kind in KINDS.values()}


def kind_of(word: str) -> Kind:
    """Return the kind of an address, or end the request: there is no such page."""
    if word not in KINDS:
        abort(404)
    return KINDS[word]


def address(entity: str, key: str, endpoint: str = "actors.show", **more: object) -> str | None:
    """Return the address of a page about a record; None for an entity that has none (a territory)."""
    kind = BY_ENTITY.get(entity)
    return url_for(endpoint, word=kind.word, key=key, **more) if kind else None


def subject(entity: str, key: str) -> str:
    """Return how the audit trail calls a record: « organisme risq »."""
    return f"{ENTITY_LABELS.get(entity, entity)} {key}"
