"""A conversation is looked up in one place: for whom it may be, and so that its erasure does not overtake a change."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, g
from made import NOON
from reviewed import write
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from tables import with_tables
from werkzeug.exceptions import Forbidden, HTTPException

from console.databases import Databases, journal_session
from console.review.access import conversation_for
from console.sessions import Known
from journal.erasing import erase
from journal.told import digest_of


@pytest.fixture
def journal_url(postgresql: Callable[[], str]) -> str:
    """A journal where two people may write at once."""
    return with_tables(postgresql())


@pytest.fixture
def request_of(console: Flask) -> Iterator[Callable[..., object]]:
    """request_of(*roles): a request of an account that holds them."""

    def of(*roles: str) -> object:
        context = console.test_request_context("/conversations/1", method="POST")
        context.push()
        g.account = Known(1, "marie", "Marie", roles, False)
        opened.append(context)
        return g.account

    opened: list = []
    yield of
    for context in reversed(opened):
        context.pop()


@pytest.mark.parametrize("roles", [(), ("admin",), ("editor", "privacy"), ("admin", "editor", "privacy")])
def test_an_account_without_the_role_gets_no_conversation_whatever_the_route(
    request_of: Callable[..., object], bases: Databases, roles: tuple[str, ...]
) -> None:
    id = write(bases)
    with pytest.raises(Forbidden):
        conversation_for(request_of(*roles), id)
    with pytest.raises(Forbidden):
        conversation_for(None, id)


@pytest.mark.parametrize("role", ["reader", "reviewer"])
def test_who_holds_a_role_that_reads_gets_it(request_of: Callable[..., object], bases: Databases, role: str) -> None:
    id = write(bases)
    assert conversation_for(request_of(role, "admin"), id).id == id
    with pytest.raises(HTTPException) as refused:
        conversation_for(request_of(role), id + 1)
    assert refused.value.get_response().status_code == 404


def _erase_without_waiting(bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        session.execute(text("SET LOCAL lock_timeout = '300ms'"))
        erase(session, digest_of("talk"), None, "person", NOON)


def test_an_erasure_waits_for_the_change_that_goes_on(request_of: Callable[..., object], bases: Databases) -> None:
    conversation_for(request_of("reviewer"), write(bases), write=True)
    with pytest.raises(OperationalError, match="lock timeout"):
        _erase_without_waiting(bases)
    journal_session(write=True).rollback()
    _erase_without_waiting(bases)
    with bases.journal.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM journal_conversation")) == 0
