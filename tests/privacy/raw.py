"""What is kept, byte by byte: the files of databases, dumps, records of logs; and every form in which a value could be read there."""

import io
import json
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from leaks import READ_AT_THEIR_FINEST
from planted_set import digits, plain
from psycopg2 import sql
from sqlalchemy import create_engine, inspect

# Fewer digits stand in a time, a share or a digest too.
_ENOUGH = 9


def bytes_of(folder: Path) -> bytes:
    """Return all that the files below `folder` hold."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def dump_of(url: str) -> bytes:
    """Return all that the tables of a PostgreSQL database hold, as the server copies it out."""
    engine, copied = create_engine(url, future=True), io.BytesIO()
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        cursor = connection.connection.cursor()
        for table in tables:
            cursor.copy_expert(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table)), copied)
    engine.dispose()
    return copied.getvalue()


def readable_in(kept: bytes, values: Iterable[str]) -> list[str]:
    """Return the values that can be read in `kept`: as typed, in small letters and usual signs, as JSON, or their digits alone."""
    return [value for value in dict.fromkeys(values) if any(form in kept for form in _forms(value)) or _digits_in(value, kept)]


def _forms(value: str) -> set[bytes]:
    written = {value, value.strip(), plain(value).strip()}
    escaped = {json.dumps(form)[1:-1] for form in written}
    return {form.encode("utf-8", "replace") for form in (*written, *escaped)}


def _digits_in(value: str, kept: bytes) -> bool:
    number = digits(value).encode()
    return len(number) >= _ENOUGH and number in kept and bool(re.search(rb"(?<!\d)" + number + rb"(?!\d)", kept))


class Records(logging.Handler):
    """Keeps all that is logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record, its traceback included."""
        self.written.append(self.format(record))


@contextmanager
def records() -> Iterator[Records]:
    """Give what is logged meanwhile in this process, at the finest level."""
    kept, levels = Records(), {name: logging.getLogger(name).level for name in READ_AT_THEIR_FINEST}
    logging.getLogger().addHandler(kept)
    for name in READ_AT_THEIR_FINEST:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield kept
    finally:
        logging.getLogger().removeHandler(kept)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
