"""Find records as staff look for them: by name without accents, by kind, state, need, place, and age of the last verification."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from directory.base import lists
from directory.models import Actor, ActorAlias, Answer, Coverage, Service, TerritoryAlias
from directory.overdue import limit
from directory.territories import Territories
from directory.text import fold_key
from directory.vocabulary import LEVELS

NEVER, LATE, RECENT = "never", "late", "recent"


@dataclass(frozen=True)
class Wanted:
    """What is looked for among organisations; an empty field excludes nobody. `age` is NEVER, LATE (never, or too long ago) or RECENT."""

    text: str = ""
    kind: str = ""
    status: str = ""
    need: str = ""
    place: str = ""
    inside: bool = False
    age: str = ""


@dataclass(frozen=True)
class FoundActor:
    """An organisation in a list: `cover` is the code of the territory by which it serves the place that was asked, nearest first."""

    slug: str
    name: str
    short_name: str | None
    kind: str
    status: str
    city: str | None
    verified_on: date | None
    services: int
    cover: str | None
    part: bool


def find_actors(session: Session, wanted: Wanted, territories: Territories, today: date) -> list[FoundActor]:
    """Return the organisations that are all that is wanted: those that serve the place most closely first, then by name.

    A place is served by what covers it, or one of the places that contain it; with `inside`, also by what covers a place in it.
    """
    covers = _covers(session, wanted, territories)
    rows = session.execute(_actors_query(wanted, today)).all()
    names = _other_names(session) if wanted.text else {}
    found = []
    for row in rows:
        if wanted.place and row.id not in covers:
            continue
        if is_named(wanted.text, (row.slug, row.name, row.short_name or "", *names.get(row.id, ()))):
            told = row._asdict()
            found.append((told.pop("id"), told))
    offered = _count_services(session)
    listed = [FoundActor(**told, services=offered.get(key, 0), **_cover(covers.get(key))) for key, told in found]
    return sorted(listed, key=lambda each: (-_depth(territories, each.cover), fold_key(each.name)))


def _actors_query(wanted: Wanted, today: date) -> Select:
    columns = (Actor.id, Actor.slug, Actor.name, Actor.short_name, Actor.kind, Actor.status, Actor.city, Actor.verified_on)
    query = select(*columns)
    if wanted.kind:
        query = query.where(Actor.kind == wanted.kind)
    if wanted.status:
        query = query.where(Actor.status == wanted.status)
    if wanted.need:
        offers = select(Service.actor_id).where(lists(Service.needs, wanted.need), Service.status != "closed")
        query = query.where(Actor.id.in_(offers))
    if wanted.age == NEVER:
        query = query.where(Actor.verified_on.is_(None))
    elif wanted.age == LATE:
        query = query.where(or_(Actor.verified_on.is_(None), Actor.verified_on < limit(today)), Actor.status != "closed")
    elif wanted.age == RECENT:
        query = query.where(Actor.verified_on >= limit(today))
    return query


def _covers(session: Session, wanted: Wanted, territories: Territories) -> dict[int, tuple[str, bool]]:
    """Return by id of actor the nearest territory by which it serves the place that is wanted, and whether a part of it only."""
    if not wanted.place:
        return {}
    codes = territories.tree.path(wanted.place)
    rank = {code: at for at, code in enumerate(codes)}
    if wanted.inside:
        rank |= {code: len(codes) for code in territories.inside(wanted.place) if code not in rank}
    found: dict[int, tuple[str, bool]] = {}
    for actor, code, part in session.execute(select(Coverage.actor_id, Coverage.territory_code, Coverage.part)):
        if code in rank and (actor not in found or rank[code] < rank[found[actor][0]]):
            found[actor] = (code, part)
    return found


def _cover(cover: tuple[str, bool] | None) -> dict[str, object]:
    return {"cover": cover[0], "part": cover[1]} if cover else {"cover": None, "part": False}


def _depth(territories: Territories, code: str | None) -> int:
    return list(LEVELS).index(territories.tree[code].level) if code else 0


def _other_names(session: Session) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for actor, name in session.execute(select(ActorAlias.actor_id, ActorAlias.name)):
        names[actor].append(name)
    return names


def _count_services(session: Session) -> dict[int, int]:
    query = select(Service.actor_id, func.count()).where(Service.status != "closed").group_by(Service.actor_id)
    return dict(session.execute(query).all())


def is_named(text: str, names: Iterable[str]) -> bool:
    """Return whether every word of `text` begins a word of the names, accents and case aside; an empty text begins any."""
    said = " ".join(["", *(fold_key(name) for name in names)])
    return all(f" {word}" in said for word in fold_key(text).split())


def find_answers(session: Session, text: str = "", subject: str = "", actor: str = "", status: str = "") -> list[Answer]:
    """Return the answers that are all that is wanted, by label; an empty filter excludes none."""
    query = select(Answer)
    for column, value in ((Answer.subject, subject), (Answer.actor_slug, actor), (Answer.status, status)):
        query = query.where(column == value) if value else query
    found = [each for each in session.scalars(query) if is_named(text, (each.slug, each.label, each.question, each.text))]
    return sorted(found, key=lambda each: fold_key(each.label))


def find_place_names(session: Session, text: str = "") -> list[tuple[str, list[str]]]:
    """Return the other names of places, with the codes of the places that each stands for, by name."""
    codes: dict[str, list[str]] = defaultdict(list)
    for name, code in session.execute(select(TerritoryAlias.name, TerritoryAlias.territory_code)):
        codes[name].append(code)
    found = [(name, sorted(each)) for name, each in codes.items() if is_named(text, (name,))]
    return sorted(found, key=lambda each: fold_key(each[0]))
