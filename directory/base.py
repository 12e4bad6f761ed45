"""The style of the directory's tables: how constraints are named, how times and lists are kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timezone

from sqlalchemy import JSON, CheckConstraint, Column, DateTime, MetaData, String, literal, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import declarative_base
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Base = declarative_base(metadata=MetaData(naming_convention=NAMING_CONVENTION))


class UtcDateTime(TypeDecorator):
    """An aware UTC time on every database: SQLite forgets the zone, this gives it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time without zone was given: {value.isoformat()}")
        return value and value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(timezone.utc) if value.tzinfo else value.replace(tzinfo=timezone.utc)


def one_of(column: str, codes: Iterable[str]) -> CheckConstraint:
    """Return the rule that `column` holds one of `codes`."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def json_list() -> Column:
    """Return a column that holds a list, empty unless said otherwise."""
    return Column(JSON, nullable=False, default=list)


class CodeList(TypeDecorator):
    """A few codes of a vocabulary in one column, kept as `|coop|obnl|`, which every database can search with LIKE.

    With a table a list instead, a routing was measured slower (docs/decisions.md). The codes are those of `vocabulary`, where
    none holds `|` or `%`.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        return f"|{'|'.join(value)}|" if value else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str]:
        return value[1:-1].split("|") if value else []


def code_list() -> Column:
    """Return a column of codes, empty unless said otherwise; give it a new list to change it."""
    return Column(CodeList, nullable=False, default=list)


def lists(column: ColumnElement, code: ColumnElement | str) -> ColumnElement:
    """Return whether a column of codes holds `code`; "" is in none."""
    return type_coerce(column, String).contains(literal("|").concat(code).concat("|"))


def lists_nothing(column: ColumnElement) -> ColumnElement:
    """Return whether a column of codes is empty."""
    return type_coerce(column, String) == ""
