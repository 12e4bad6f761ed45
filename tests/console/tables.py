"""Databases of the console with their tables, made by the migrations."""

from console.schema import prepare
from directory import schema as directory_schema
from directory.database import make_engine, reachable
from journal.store import Journal


def with_tables(journal_url: str) -> str:
    """Return the address, once the tables of the journal and of the console are there."""
    journal = Journal(journal_url)
    prepare(journal)
    journal.close()
    return journal_url


def with_directory(directory_url: str) -> str:
    """Return the address, once the tables of the directory are there."""
    engine = make_engine(directory_url)
    with reachable(engine) as connection:
        directory_schema.upgrade(connection)
    engine.dispose()
    return directory_url
