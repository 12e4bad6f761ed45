"""Write records into rows; the other way of `records`.

Give whole records, as `fields.read_record` or `records.load_record` return them. Nothing is committed.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Actor, ActorAlias, Answer, Coverage, PostalArea, Service, Territory, TerritoryAlias
from directory.records import (
    ACTOR_COLUMNS,
    ANSWER_COLUMNS,
    CONTACT,
    SERVICE_CODES,
    SERVICE_COLUMNS,
    SERVICE_DAYS,
    TERRITORY_COLUMNS,
    Record,
    row_query,
)

_MODELS = {"territory": Territory, "postal_area": PostalArea, "actor": Actor, "service": Service, "answer": Answer}


def write_record(session: Session, entity: str, key: str, record: Record, exists: bool = True) -> None:
    """Make the row of `key` say what `record` says; the row is made when there is none.

    `exists=False` spares the search for a row that is known to be absent. A service's actor must be there.
    """
    if entity == "place_alias":
        _write_place_alias(session, key, record)
        return
    row = session.scalar(row_query(entity, key)) if exists else None
    if row is None:
        row = _MODELS[entity]()
    _FILL[entity](session, row, record)
    session.add(row)


def delete_record(session: Session, entity: str, key: str) -> None:
    """Take the row away, with what hangs under it (an actor's services go too)."""
    if entity == "place_alias":
        _write_place_alias(session, key, {"name": key, "territories": [], "source": None})
        return
    row = session.scalar(row_query(entity, key))
    if row is not None:
        session.delete(row)


def _write_place_alias(session: Session, name: str, record: Record) -> None:
    rows = {row.territory_code: row for row in session.scalars(select(TerritoryAlias).filter_by(name=name))}
    for code in set(rows) - set(record["territories"]):
        session.delete(rows[code])
    for code in record["territories"]:
        row = rows.get(code) or TerritoryAlias(territory_code=code, name=name)
        row.source = record["source"]
        session.add(row)


def _fill_territory(_session: Session, row: Territory, record: Record) -> None:
    _set(row, record, TERRITORY_COLUMNS)
    row.parent_code = record["parent"]


def _fill_postal_area(_session: Session, row: PostalArea, record: Record) -> None:
    row.prefix, row.territory_code, row.precision = record["prefix"], record["territory"], record["precision"]


def _fill_actor(_session: Session, row: Actor, record: Record) -> None:
    _set(row, record, ACTOR_COLUMNS)
    _set(row, record["contact"], CONTACT)
    row.successor_slug = record["successor"]
    row.verified_on = _day(record["verified_on"])
    aliases = {each.name: each for each in row.aliases}
    row.aliases = [aliases.get(name) or ActorAlias(name=name) for name in record["aliases"]]
    known = {each.territory_code: each for each in row.covers}
    row.covers = [_coverage(known.get(place["code"]) or Coverage(), place) for place in record["covers"]]


def _coverage(row: Coverage, place: Record) -> Coverage:
    row.territory_code, row.part, row.note = place["code"], place["part"], place["note"]
    return row


def _fill_service(session: Session, row: Service, record: Record) -> None:
    row.actor = session.scalars(select(Actor).filter_by(slug=record["actor"])).one()
    _set(row, record, SERVICE_COLUMNS)
    for name in SERVICE_DAYS:
        setattr(row, name, _day(record[name]))
    _set(row, record, tuple(SERVICE_CODES))


def _fill_answer(_session: Session, row: Answer, record: Record) -> None:
    _set(row, record, ANSWER_COLUMNS)
    row.actor_slug, row.service_slug = record["actor"], record["service"]


def _set(row: object, record: Record, names: tuple[str, ...]) -> None:
    for name in names:
        setattr(row, name, record.get(name))


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


_FILL = {
    "territory": _fill_territory,
    "postal_area": _fill_postal_area,
    "actor": _fill_actor,
    "service": _fill_service,
    "answer": _fill_answer,
}
