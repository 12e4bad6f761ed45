"""The names of the directory, for the codes that conversations hold; and the codes, for the names that staff type."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Actor, ActorAlias, Answer, Service, Territory
from directory.places_labels import mrc_title
from directory.territories import Territories
from directory.text import fold_key, typographic
from directory.vocabulary import LEVELS
from journal.filters import LEVELS as BELOW_QUEBEC
from journal.filters import Place
from journal.models import Conversation
from journal.results import NONE

MOST_FOUND = 8


@dataclass(frozen=True)
class Names:
    """Names by code; a code without one is its own name."""

    places: dict[str, str] = field(default_factory=dict)
    actors: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)

    def place(self, code: str) -> str:
        """Return the name of a place."""
        return "non précisé" if code == NONE else self.places.get(code, code)

    def actor(self, code: str) -> str:
        """Return the name of an organisation; that of a place, where its MRC stands for it."""
        return self.actors.get(code) or self.places.get(code, code)

    def service(self, code: str) -> str:
        """Return the name of a service."""
        return self.services.get(code, code)


@dataclass
class Codes:
    """The codes whose names are wanted."""

    places: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    services: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)


def read_names(session: Session, codes: Codes) -> Names:
    """Return the names of these codes."""
    wanted = codes.places | codes.actors
    columns = (Territory.code, Territory.name, Territory.level, Territory.kind)
    found = session.execute(select(*columns).where(Territory.code.in_(wanted))) if wanted else ()
    return Names(
        {code: _place(name, level, kind) for code, name, level, kind in found},
        _pairs(session, Actor.slug, Actor.name, codes.actors),
        _pairs(session, Service.slug, Service.name, codes.services),
        _pairs(session, Answer.slug, Answer.label, codes.topics),
    )


def _pairs(session: Session, code: object, name: object, codes: Collection[str]) -> dict[str, str]:
    if not codes:
        return {}
    return {each: typographic(told) for each, told in session.execute(select(code, name).where(code.in_(codes)))}


def _place(name: str, level: str, kind: str | None) -> str:
    if level == "mrc" and kind == "MRC":
        return mrc_title(name)
    return f"{typographic(name)} ({LEVELS[level]})" if level in ("region", "sector") else typographic(name)


def place_of(conversation: Conversation) -> Place | None:
    """Return the most precise place of a conversation."""
    codes = ((level, getattr(conversation, level)) for level in reversed(BELOW_QUEBEC))
    return next((Place(level, code) for level, code in codes if code), None)


def find_places(session: Session, text: str) -> list[tuple[Place, str]]:
    """Return the places below Québec that a name may stand for, with what tells them apart, the widest first."""
    territories = Territories.load(session)
    codes = territories.find(text, MOST_FOUND)
    levels = dict(session.execute(select(Territory.code, Territory.level).where(Territory.code.in_(codes))).all())
    return [(Place(levels[code], code), territories.label(code)) for code in codes if levels[code] in BELOW_QUEBEC]


def find_actors(session: Session, text: str) -> list[tuple[str, str]]:
    """Return the organisations (slug, name) of exactly this name, else those whose names hold it, a few, in the order of the alphabet."""
    key = fold_key(text)
    if not key:
        return []
    rows = session.execute(select(Actor.slug, Actor.name, Actor.short_name, ActorAlias.folded).outerjoin(ActorAlias)).all()
    names = [(slug, name, {fold_key(name), fold_key(short or ""), folded or "", slug}) for slug, name, short, folded in rows]
    exact = {slug: name for slug, name, keys in names if key in keys or text.strip() in keys}
    found = exact or {slug: name for slug, name, keys in names if any(key in each for each in keys)}
    return sorted(((slug, typographic(name)) for slug, name in found.items()), key=lambda pair: pair[1])[:MOST_FOUND]
