"""Read rows as records: the plain dicts in which the seed, the revisions and the exports speak.

`Records` is the whole directory: entity → key → record, in an order in which it can be written.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql import Select

from directory import fields
from directory.models import Actor, Answer, PostalArea, Service, Territory, TerritoryAlias
from directory.vocabulary import LEGAL_FORMS, LEVELS, NEEDS, STAGES

Record = dict[str, object]
Records = dict[str, dict[str, Record]]

ENTITIES = ("territory", "place_alias", "postal_area", "actor", "service", "answer")
TERRITORY_COLUMNS = (
    "code",
    "level",
    "name",
    "kind",
    "website",
    "phone",
    "email",
    "development_service",
    "source",
    "as_of",
)
CONTACT = ("website", "phone", "email", "address", "city")
# Fields of records that are columns of another name, or of no single column.
_ELSEWHERE = {"aliases", "covers", "contact", "successor", "verified_on"}
ACTOR_COLUMNS = tuple(name for name in fields.ACTOR if name not in _ELSEWHERE)
SERVICE_CODES = {"needs": NEEDS, "legal_forms": LEGAL_FORMS, "stages": STAGES}
SERVICE_DAYS = ("valid_from", "valid_to")
SERVICE_COLUMNS = tuple(name for name in fields.SERVICE if name not in {"actor", *SERVICE_CODES, *SERVICE_DAYS})
ANSWER_COLUMNS = tuple(name for name in fields.ANSWER if name not in {"actor", "service"})


def load_records(session: Session) -> Records:
    """Return everything that the directory holds, parents before children."""
    return {entity: load_entity(session, entity) for entity in ENTITIES}


def load_entity(session: Session, entity: str) -> dict[str, Record]:
    """Return the records of one entity by key, in the order of the directory."""
    return dict(_load(session, entity))


def load_record(session: Session, entity: str, key: str) -> Record | None:
    """Return one record, or None. Keys are codes and slugs; a postal area's is `prefix/territory code`."""
    return next((record for _, record in _load(session, entity, key)), None)


def _load(session: Session, entity: str, key: str | None = None) -> Iterator[tuple[str, Record]]:
    if entity == "place_alias":
        yield from _place_aliases(session, key)
        return
    for row in session.scalars(row_query(entity, key)):
        yield row_key(entity, row), _TO_RECORD[entity](row)


def row_query(entity: str, key: str | None = None) -> Select:
    """Select the rows of an entity (place aliases excepted), or the one of that key."""
    query, column = _QUERIES[entity]
    if key is None:
        return query
    if entity == "postal_area":
        prefix, _, code = key.partition("/")
        return query.where(PostalArea.prefix == prefix, PostalArea.territory_code == code)
    return query.where(column == key)


def row_key(entity: str, row: object) -> str:
    """Return the key of a row."""
    if entity == "postal_area":
        return f"{row.prefix}/{row.territory_code}"
    return row.code if entity == "territory" else row.slug


def territory_order(record: Record) -> tuple[int, str]:
    """Return what sorts territories from QC down to sectors, then by code."""
    return list(LEVELS).index(record["level"]), record["code"]


def _territory_record(row: Territory) -> Record:
    return {**_columns(row, TERRITORY_COLUMNS), "parent": row.parent_code}


def _place_aliases(session: Session, key: str | None) -> Iterator[tuple[str, Record]]:
    query = select(TerritoryAlias).order_by(TerritoryAlias.name, TerritoryAlias.territory_code)
    found: Records = {}
    for row in session.scalars(query if key is None else query.where(TerritoryAlias.name == key)):
        record = found.setdefault(row.name, {"name": row.name, "territories": [], "source": row.source})
        record["territories"].append(row.territory_code)
    yield from found.items()


def _postal_area_record(row: PostalArea) -> Record:
    return {"prefix": row.prefix, "territory": row.territory_code, "precision": row.precision}


def _actor_record(row: Actor) -> Record:
    covers = [{"code": each.territory_code, "part": each.part, "note": each.note} for each in row.covers]
    return {
        **_columns(row, ACTOR_COLUMNS),
        "successor": row.successor_slug,
        "aliases": sorted(each.name for each in row.aliases),
        "covers": sorted(covers, key=lambda each: each["code"]),
        "contact": {name: value for name, value in _columns(row, CONTACT).items() if value},
        "verified_on": row.verified_on and row.verified_on.isoformat(),
    }


def _service_record(row: Service) -> Record:
    codes = {name: sorted(getattr(row, name), key=list(known).index) for name, known in SERVICE_CODES.items()}
    days = {name: day and day.isoformat() for name, day in _columns(row, SERVICE_DAYS).items()}
    return {**_columns(row, SERVICE_COLUMNS), "actor": row.actor.slug, **codes, **days}


def _answer_record(row: Answer) -> Record:
    return {**_columns(row, ANSWER_COLUMNS), "actor": row.actor_slug, "service": row.service_slug}


def _columns(row: object, names: tuple[str, ...]) -> Record:
    return {name: getattr(row, name) for name in names}


_QUERIES = {
    "territory": (select(Territory).order_by(Territory.code), Territory.code),
    "postal_area": (select(PostalArea).order_by(PostalArea.prefix, PostalArea.territory_code), None),
    "actor": (
        select(Actor).options(selectinload(Actor.aliases), selectinload(Actor.covers)).order_by(Actor.id),
        Actor.slug,
    ),
    "service": (
        select(Service).options(joinedload(Service.actor)).order_by(Service.id),
        Service.slug,
    ),
    "answer": (select(Answer).order_by(Answer.id), Answer.slug),
}
_TO_RECORD = {
    "territory": _territory_record,
    "postal_area": _postal_area_record,
    "actor": _actor_record,
    "service": _service_record,
    "answer": _answer_record,
}
