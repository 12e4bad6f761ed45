"""The migrations of the journal make the tables of its models, and take them away."""

from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from directory.database import make_engine, reachable
from directory.errors import SchemaMismatch
from journal.schema import METADATA, TABLES, VERSION_TABLE
from journal.store import Journal

# What PostgreSQL alone has: the words of a conversation made ready for its search, which no model knows.
SEARCH = {"vector", "ix_journal_words_vector"}


def test_the_migrations_make_exactly_the_tables_of_the_models(new_database: Callable[[], str]) -> None:
    with reachable(make_engine(new_database())) as connection:
        TABLES.upgrade(connection)
        compared = {"version_table": VERSION_TABLE, "compare_type": True, "include_object": lambda _made, name, *_: name not in SEARCH}
        context = MigrationContext.configure(connection, opts=compared)
        assert compare_metadata(context, METADATA) == []


def test_going_down_leaves_nothing_and_up_again_works(new_database: Callable[[], str]) -> None:
    with reachable(make_engine(new_database())) as connection:
        TABLES.upgrade(connection)
        TABLES.downgrade(connection, "base")
        assert inspect(connection).get_table_names() == [VERSION_TABLE]
        TABLES.upgrade(connection)
        assert "journal_turn" in inspect(connection).get_table_names()


def test_a_journal_of_a_newer_version_is_refused(journal: Journal) -> None:
    with journal.writing.begin() as session:
        session.execute(text("UPDATE alembic_version_journal SET version_num = 'from_tomorrow'"))
    with pytest.raises(SchemaMismatch, match="from_tomorrow"):
        journal.prepare()
