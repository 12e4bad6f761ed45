"""Databases of the console with their tables, made by the migrations."""

from databases import with_tables_of

from console.schema import prepare
from directory import schema as directory_schema
from directory.database import make_engine, reachable
from journal.store import Journal


def with_tables(journal_url: str) -> str:
    """Return the address, once the tables of the journal and of the console are there."""
    return with_tables_of("console", journal_url, _make)


def _make(journal_url: str) -> None:
    journal = Journal(journal_url)
    prepare(journal)
    journal.close()


def with_directory(directory_url: str) -> str:
    """Return the address, once the tables of the directory are there."""
    return with_tables_of("directory", directory_url, _make_directory)


def _make_directory(directory_url: str) -> None:
    engine = make_engine(directory_url)
    with reachable(engine) as connection:
        directory_schema.upgrade(connection)
    engine.dispose()
