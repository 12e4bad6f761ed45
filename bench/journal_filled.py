"""Puts made-up conversations in a database: all at once, its indexes built afterwards."""

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timezone
from typing import Any

import numpy as np
from sqlalchemy import JSON, DateTime, Table, text
from sqlalchemy.engine import Connection, Engine

from bench.journal_made import Columns, Made, batches, past_counts
from bench.journal_world import World
from bench.processes import say
from journal.schema import METADATA
from journal.store import Journal

# Memory while indexes are built, of the server that holds a million conversations.
BUILDING = "1GB"
EVERY = 10
# What PostgreSQL keeps of each table apart from its rows: read from its catalogue, dropped, made again.
_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid::regclass::text LIKE 'journal\\_%' AND contype IN ('p', 'u', 'f') ORDER BY contype = 'f', conname
"""
_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename LIKE 'journal\\_%' AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def fill(journal: Journal, world: World, made: Made) -> None:
    """Fill an empty journal that is up to date."""
    tables = _told(world, made)
    if journal.is_sqlite:
        _fill_sqlite(journal.engine, tables)
    else:
        _fill_postgresql(journal.engine, tables)


def _told(world: World, made: Made) -> Iterator[dict[str, Columns]]:
    for number, each in enumerate(batches(world, made), start=1):
        if not number % EVERY or number == made.days:
            say(f"    day {number} of {made.days}, conversation {int(each['journal_conversation']['id'][-1]):,}")
        yield each
    yield from past_counts(world, made)


def _fill_sqlite(engine: Engine, tables: Iterator[dict[str, Columns]]) -> None:
    with engine.begin() as connection:
        for each in tables:
            for name, columns in each.items():
                _insert(connection, METADATA.tables[name], columns)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _insert(connection: Connection, table: Table, columns: Columns) -> None:
    kinds = [table.c[name].type for name in columns]
    rows = [{name: _told_to_sqlite(kind, value) for name, kind, value in zip(columns, kinds, row, strict=True)} for row in _rows(columns)]
    if rows:
        connection.execute(table.insert(), rows)


def _told_to_sqlite(kind: Any, value: Any) -> Any:
    if isinstance(kind, JSON):
        return json.loads(value)
    impl = getattr(kind, "impl", kind)
    return value.replace(tzinfo=timezone.utc) if isinstance(impl, DateTime) and value is not None else value


def _rows(columns: Columns) -> Iterator[tuple]:
    return zip(*(values.tolist() if isinstance(values, np.ndarray) else values for values in columns.values()), strict=True)


def _fill_postgresql(engine: Engine, tables: Iterator[dict[str, Columns]]) -> None:
    with engine.begin() as connection:
        constraints, indexes = connection.execute(text(_CONSTRAINTS)).all(), connection.execute(text(_INDEXES)).all()
        for table, name, _ in reversed(constraints):
            connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            connection.exec_driver_sql(f'DROP INDEX "{name}"')
    with ThreadPoolExecutor(1) as sender, engine.begin() as connection:
        cursor, sent = connection.connection.cursor(), None
        for each in tables:
            written = [_written(METADATA.tables[name], columns) for name, columns in each.items()]
            if sent is not None:
                sent.result()
            # The server reads a day while the next one is made.
            sent = sender.submit(_copy, cursor, written)
        if sent is not None:
            sent.result()
    say("  building the indexes")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # The journal gives up what takes a minute; this takes several.
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql(f"SET maintenance_work_mem = '{BUILDING}'")
        for table, name, definition in constraints:
            connection.exec_driver_sql(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for name, definition in indexes:
            connection.exec_driver_sql(definition)
            say(f"    {name}")
        for table in METADATA.sorted_tables:
            if "id" in table.c and table.c.id.autoincrement:
                connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}")
        say("  tidying up, as PostgreSQL does by itself (VACUUM, ANALYZE)")
        connection.exec_driver_sql("VACUUM (ANALYZE)")


def _written(table: Table, columns: Columns) -> tuple[str, bytes]:
    """Return the statement that copies `columns` into a table, and the lines that it reads."""
    cells = [_cells(values.tolist() if isinstance(values, np.ndarray) else values) for values in columns.values()]
    lines = "".join(map("{}\n".format, map("\t".join, zip(*cells, strict=True))))
    return f"COPY {table.name} ({', '.join(columns)}) FROM STDIN", lines.encode()


def _cells(values: list) -> list[str]:
    """Return values as PostgreSQL reads them in a line; none of ours has a tab or a line break."""
    return ["\\N" if value is None else value.replace("\\", "\\\\") if isinstance(value, str) else str(value) for value in values]


def _copy(cursor: Any, written: list[tuple[str, bytes]]) -> None:
    cursor.execute("SET TIME ZONE 'UTC'; SET LOCAL statement_timeout = 0")
    for statement, lines in written:
        cursor.copy_expert(statement, io.BytesIO(lines), size=2**20)
