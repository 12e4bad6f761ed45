"""What nobody would send in good faith: an answer in French all the same, and nothing broken."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from clocks import Clock
from sqlalchemy import select
from staff import OURS, Staff, come_in
from tables import with_tables

from console.app import Config, make_app
from console.databases import Databases
from console.models import AuditRow

ENGLISH = ("Internal Server Error", "Bad Request", "Not Found", "Method Not Allowed", "Request Entity", "Forbidden", "Redirecting")


@pytest.fixture
def journal_url(new_database: Callable[[], str]) -> str:
    """A journal on each kind of database: they refuse different things."""
    return with_tables(new_database())


ADDRESSES = [
    ("GET", "/nulle-part", 404),
    ("GET", "/comptes/../../etc/passwd", 404),
    ("GET", "/static/../app.py", 404),
    ("GET", "/static/%2e%2e/app.py", 404),
    ("GET", "/static/%00", 400),
    ("GET", "/comptes/-1", 404),
    ("GET", "/comptes/9999999999", 404),
    ("GET", "/registre?compte=%00", 400),
    ("GET", "/registre?compte=%ff%fe&du=%F0%9F%92%A1", 200),
    ("GET", "/registre?compte=" + "x" * 20_000, 200),
    ("POST", "/registre", 405),
    ("PUT", "/comptes", 405),
    ("DELETE", "/", 405),
    ("TRACE", "/", 405),
]
NAMES = ["\x00", "mar\x00ie", "\ud800", "\u202emarie", "💡" * 100, "'; DROP TABLE console_account; --", "x" * 100_000]
COOKIES = ["", "x", "x" * 4000, "é", "..", "null", "eyJhIjoxfQ.x.y"]
OTHER_NAMES = ["evil.example", "evil.example:5006", "localhost.evil.example", "127.0.0.1.evil.example", "a b", "[", ""]


def test_any_address_is_answered_in_french(login: Callable[..., Staff]) -> None:
    staff, wrong = login("admin"), []
    for method, path, status in ADDRESSES:
        answer = staff.open(path, method=method, headers=OURS, data={"csrf_token": staff.token("/")} if method != "GET" else None)
        shown = answer.get_data(as_text=True)
        if answer.status_code != status or 'lang="fr-CA"' not in shown or any(each in shown for each in ENGLISH):
            wrong.append((method, path[:60], answer.status))
    assert wrong == []


def test_any_name_at_the_door_is_refused_without_a_fault(visitor: Staff, clock: Clock) -> None:
    for text in NAMES:
        typed = text.encode("utf-8", "surrogatepass")
        assert come_in(visitor, typed, typed).status_code in (400, 422)
        clock.move(minutes=20)
        assert visitor.get("/").status_code == 303


def test_a_name_with_capitals_or_blanks_is_the_same(visitor: Staff, add_account: Callable[..., str]) -> None:
    add_account("marie", "reader")
    assert come_in(visitor, "  MARIE ").status_code == 303


def test_what_is_too_big_is_told(login: Callable[..., Staff]) -> None:
    answer = login("admin").post("/deconnexion", data={"x": "y" * 6_000_000}, headers=OURS)
    assert answer.status_code == 413
    assert "dépasse la limite" in answer.get_data(as_text=True)


def test_forms_of_thousands_of_fields_are_refused(login: Callable[..., Staff]) -> None:
    answer = login("admin").post("/deconnexion", data={f"x{number}": "y" for number in range(5000)}, headers=OURS)
    assert answer.status_code in (403, 413)


def test_another_name_for_this_machine_is_not_ours(visitor: Staff) -> None:
    for host in OTHER_NAMES:
        answer = visitor.get("/connexion", headers={"Host": host})
        assert answer.status_code == 400, host
        assert answer.headers["Content-Security-Policy"]
        assert "evil" not in answer.get_data(as_text=True)


def test_this_machine_is_reached_under_its_names(visitor: Staff) -> None:
    for host in ("localhost", "127.0.0.1:5006", "localhost:8081", "[::1]:5006"):
        assert visitor.get("/connexion", headers={"Host": host}).status_code == 200, host


def test_any_cookie_is_nobody_s(visitor: Staff) -> None:
    for name in ("sid", "passing"):
        for cookie in COOKIES:
            held = f"{name}={cookie}".encode().decode("latin-1")
            assert visitor.get("/mon-compte", headers={"Cookie": held}).status_code == 303, cookie


def test_a_fragment_asked_by_who_is_out_sends_the_page_to_the_login(visitor: Staff) -> None:
    answer = visitor.get("/mon-compte", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/connexion?suite=/mon-compte")


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(config: Config, clock: Clock, bases: Databases) -> None:
    console = make_app(replace(config, proxies=1), clock)
    console.test_client_class = Staff
    visitor = console.test_client()
    forwarded = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}
    visitor.post_form("/connexion", {"username": "x", "password": "y"}, page="/connexion", headers=forwarded)
    console.extensions["console_databases"].close()
    with bases.journal.reading() as session:
        assert session.execute(select(AuditRow.ip)).scalars().all() == ["198.51.100.7"]


def test_an_address_that_a_visitor_invents_is_not_the_one_of_the_trail(visitor: Staff, bases: Databases) -> None:
    visitor.post_form("/connexion", {"username": "x", "password": "y"}, page="/connexion", headers={"X-Forwarded-For": "198.51.100.7"})
    with bases.journal.reading() as session:
        assert session.execute(select(AuditRow.ip)).scalars().all() == ["127.0.0.1"]
