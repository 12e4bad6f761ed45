"""Reads a message against the directory: gives Rasa entities, without importing Rasa.

An entity's `value` is a code of the directory: a slug, territory codes, dollars.
"""

import logging
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.nlu.amounts import find_amounts
from bot.nlu.names import NameIndex, Ref, kinds_in
from bot.nlu.profile_words import read_profile
from directory import queries
from directory.database import make_engine, session_factory
from directory.errors import DirectoryError
from directory.models import Actor, ActorAlias, Service
from directory.places import PlaceIndex
from settings import load_settings

logger = logging.getLogger(__name__)
EXTRACTOR = "DirectoryLinker"


def actor_names(session: Session) -> list[tuple[str, Ref]]:
    """Return every name of the directory with what it stands for; programmes of « offre » lists are left out."""
    rows = session.execute(select(Actor.slug, Actor.name, Actor.short_name)).all()
    names = [(name, Ref("actor", slug, slug)) for slug, full, short in rows for name in (full, short) if name]
    aliases = session.execute(select(ActorAlias.name, Actor.slug).join(Actor, ActorAlias.actor_id == Actor.id))
    names += [(name, Ref("actor", slug, slug)) for name, slug in aliases]
    services = session.execute(
        select(Service.slug, Service.name, Service.aliases, Actor.slug)
        .join(Actor, Service.actor_id == Actor.id)
        .where(Service.category != "offre")
    )
    for slug, name, aliases, actor in services:
        names += [(n, Ref("service", slug, actor)) for n in (name, *(aliases or ()))]
    return names


@dataclass
class _Indexes:
    version: int = -1
    names: NameIndex = field(default_factory=lambda: NameIndex(()))
    places: PlaceIndex | None = None


class Reader:
    """Entities of a text, from indexes that follow the directory's version."""

    def __init__(self, sessions: sessionmaker):
        self._sessions = sessions
        self._indexes = _Indexes()

    @classmethod
    def from_settings(cls) -> "Reader":
        """Return a reader of the database that the settings name; nothing is opened yet."""
        return cls(session_factory(make_engine(load_settings().database_url)))

    def entities(self, text: str) -> list[dict[str, Any]]:
        """Return the entities of `text`, each with its place in the text where it has one.

        When the database does not answer, the last indexes serve; before any, only what needs no directory.
        """
        self._refresh()
        named = self._named(text)
        places = self._places(text, named)
        return [*named, *places, *_amounts(text, places), *_profile(text)]

    def _refresh(self) -> None:
        try:
            with self._sessions() as session:
                version = queries.directory_version(session)
                if version != self._indexes.version:
                    self._indexes = _Indexes(version, NameIndex(actor_names(session)), PlaceIndex.load(session))
        except (SQLAlchemyError, DirectoryError) as error:
            logger.error("the directory does not answer; last known names are used (%s)", type(error).__name__)

    def _named(self, text: str) -> list[dict[str, Any]]:
        found = []
        for mention in self._indexes.names.find(text):
            for ref in mention.refs:
                found.append(_entity(ref.kind, ref.slug, mention.start, mention.end, actor=ref.actor, exact=mention.exact))
        return found + [_entity("actor_kind", kind) for kind in kinds_in(text)]

    def _places(self, text: str, named: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the place of `text`. A place inside a name of organisation (« Microcrédit Montréal ») is not said, unless the name
        holds a kind (« le pôle de Laval »): it is then `in_name`."""
        index = self._indexes.places
        if index is None:
            return []
        spans = [(e["start"], e["end"]) for e in named if e["end"] > e["start"]]
        silent = [(start, end) for start, end in spans if not kinds_in(text[start:end])]
        mentions = [m for m in index.find(text) if not _overlaps(m, silent)]
        resolution = index.resolve(mentions)
        found = []
        if resolution.kind != "none":
            more = {"in_name": True} if any(_overlaps(m, spans) for m in mentions) else {}
            found.append(_entity("place", list(resolution.codes), resolution=resolution.kind, surface=resolution.surface, **more))
        if resolution.outside:
            found.append(_entity("outside_place", resolution.outside[0]))
        if not found and (unknown := index.unknown_place_hint(text)):
            found.append(_entity("unknown_place", unknown))
        return found


def _overlaps(mention: Any, spans: list[tuple[int, int]]) -> bool:
    return any(start < mention.end and mention.start < end for start, end in spans)


def _amounts(text: str, places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the amounts of `text`; the number of a place (« Mille-Isles ») is none."""
    surfaces = [place["surface"] for place in places if place.get("surface")]
    taken = [(start, start + len(surface)) for surface in surfaces if (start := text.find(surface)) >= 0]
    return [_entity("amount", amount.value, amount.start, amount.end) for amount in find_amounts(text) if not _overlaps(amount, taken)]


def _profile(text: str) -> list[dict[str, Any]]:
    said = read_profile(text)
    pairs = [("legal_form", said.legal_form), ("stage", said.stage), *(("need", need) for need in said.needs)]
    return [_entity(name, value) for name, value in pairs if value]


def _entity(name: str, value: Any, start: int = 0, end: int = 0, **more: Any) -> dict[str, Any]:
    return {"entity": name, "value": value, "start": start, "end": end, "extractor": EXTRACTOR, **more}
