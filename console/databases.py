"""The databases of a request: sessions opened on demand, rolled back and closed when it ends.

A view that reads gets a session that cannot write; a request that changes something (POST) gets one that does, and calls `.commit()` once,
at its end. A GET that must write (what was read becomes « lu ») asks for it: `journal_session(write=True)`.
"""

from flask import Flask, current_app, g, request
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

from console.audit import write_notes, write_notes_of
from console.config import Config
from directory.database import make_engine, session_factory
from directory.errors import DatabaseUnreachable, SchemaMismatch
from journal.store import Journal

READING = ("GET", "HEAD", "OPTIONS")
# What a driver raises when nothing answers, or when the tables are not there.
UNREACHABLE = (DatabaseUnreachable, SchemaMismatch, OperationalError, InterfaceError, PoolTimeout)
UNDEFINED = ("42P01", "42703")


class Databases:
    """The makers of sessions of one console, by name and by whether they write."""

    def __init__(self, config: Config) -> None:
        self.journal = Journal(config.journal_url)
        write_notes_of(self.journal.writing)
        writer = make_engine(config.directory_url, begin="BEGIN IMMEDIATE")
        reader = make_engine(config.directory_url) if writer.dialect.name == "sqlite" else writer
        self.makers: dict[tuple[str, bool], sessionmaker] = {
            ("journal", True): self.journal.writing,
            ("journal", False): _only_read(self.journal.reading.kw["bind"]),
            ("directory", True): session_factory(writer),
            ("directory", False): _only_read(reader),
        }

    def close(self) -> None:
        """Close the connections."""
        self.journal.close()
        for write in (True, False):
            self.makers["directory", write].kw["bind"].dispose()


def _only_read(engine: Engine) -> sessionmaker:
    """Return a maker of sessions on which the database refuses to write."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA query_only = ON").close())
    else:
        engine = engine.execution_options(postgresql_readonly=True)
    return sessionmaker(engine, future=True, expire_on_commit=False)


def install(app: Flask, config: Config) -> Databases:
    """Give `app` its databases; nothing is opened yet."""
    made = app.extensions["console_databases"] = Databases(config)
    app.teardown_request(_close)
    return made


def databases() -> Databases:
    """Return the databases of the console that answers."""
    return current_app.extensions["console_databases"]


def journal_session(write: bool | None = None) -> Session:
    """Return the request's session on the journal (and the console's own tables)."""
    return _session("journal", write)


def directory_session(write: bool | None = None) -> Session:
    """Return the request's session on the directory."""
    return _session("directory", write)


def commit_both() -> None:
    """Commit the directory, then the journal with its audit rows, which are written before: without them nothing changes."""
    journal = journal_session(write=True)
    journal.flush()
    write_notes(journal)
    directory_session(write=True).commit()
    journal.commit()


def _session(name: str, write: bool | None) -> Session:
    key = (name, request.method not in READING if write is None else write)
    opened = opened_sessions()
    if key not in opened:
        opened[key] = databases().makers[key]()
    return opened[key]


def opened_sessions() -> dict[tuple[str, bool], Session]:
    """Return the sessions that the request has opened, by name and by whether they write."""
    if "sessions" not in g:
        g.sessions = {}
    return g.sessions


def is_unreachable(error: BaseException | None) -> bool:
    """A database does not answer, or has not the tables that are expected."""
    if isinstance(error, ProgrammingError):
        return getattr(error.orig, "pgcode", None) in UNDEFINED
    # SQLite says no more than that of a file which is no database.
    return isinstance(error, UNREACHABLE) or type(error) is DatabaseError


def _close(_error: BaseException | None) -> None:
    for session in g.pop("sessions", {}).values():
        session.close()
