"""The console's tables: made, taken away and made again, and the ones that the program expects."""

from collections.abc import Callable, Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.engine import Connection

from console.models import Base
from console.schema import TABLES, VERSION_TABLE
from journal.store import Journal


@pytest.fixture
def connection(new_database: Callable[[], str]) -> Iterator[Connection]:
    """A connection to a database without any table."""
    journal = Journal(new_database())
    with journal.engine.begin() as made:
        yield made
    journal.close()


def _ours(connection: Connection) -> set[str]:
    return {name for name in inspect(connection).get_table_names() if name != VERSION_TABLE}


def test_the_tables_come_go_and_come_again(connection: Connection) -> None:
    for _ in range(2):
        TABLES.upgrade(connection)
        assert _ours(connection) == {*Base.metadata.tables}
        TABLES.downgrade(connection, "base")
        assert _ours(connection) == set()


def test_the_migrations_make_what_the_program_expects(connection: Connection) -> None:
    TABLES.upgrade(connection)
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
    assert compare_metadata(context, Base.metadata) == []
