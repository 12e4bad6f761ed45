"""Rows that are written once, whoever writes them at the same moment: the database's own rule decides."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def add_once(session: Session, table: type, **values: object) -> bool:
    """Write a row unless its key is there; return whether it was written."""
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert
    return session.execute(insert(table).values(**values).on_conflict_do_nothing()).rowcount == 1
