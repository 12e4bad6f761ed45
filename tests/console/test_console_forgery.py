"""What another site sends in the name of someone who is logged in changes nothing; and looking changes nothing either."""

from collections.abc import Callable

import pytest
from examples import FORMS, VALUES
from flask import Flask
from sqlalchemy import MetaData
from staff import OURS, PASSWORD, Staff

from console.databases import Databases
from console.permissions import ALLOWED, ROLES

# Written by looking, on purpose: when the last page was, and that it was looked at.
LOOKING_WRITES = {"console_session", "console_audit"}
ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": "https://localhost"},
    {"Origin": "null"},
    {},
]


def _changing(console: Flask) -> list[tuple[str, str, str]]:
    adapter = console.url_map.bind("localhost")
    found = []
    for rule in console.url_map.iter_rules():
        for method in rule.methods - {"GET", "HEAD", "OPTIONS"}:
            found.append((rule.endpoint, method, adapter.build(rule.endpoint, VALUES.get(rule.endpoint, {}), method=method)))
    return sorted(found)


@pytest.fixture
def everyone(login: Callable[..., Staff]) -> Staff:
    """Someone who may do everything."""
    return login(*ROLES)


def test_nothing_changes_without_the_token_of_the_session(console: Flask, login: Callable[..., Staff], everyone: Staff) -> None:
    another = login(*ROLES).token("/")
    passed = []
    for endpoint, method, address in _changing(console):
        for token in ({}, {"csrf_token": ""}, {"csrf_token": "invented"}, {"csrf_token": another}):
            form = {**FORMS.get(endpoint, {}), **token}
            if everyone.open(address, method=method, data=form, headers=OURS).status_code != 403:
                passed.append((method, address, token))
    assert passed == []


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_nothing_changes_when_another_site_sends_it(console: Flask, everyone: Staff, headers: dict[str, str]) -> None:
    token = everyone.token("/")
    passed = []
    for endpoint, method, address in _changing(console):
        form = {"csrf_token": token, **FORMS.get(endpoint, {})}
        if everyone.open(address, method=method, data=form, headers=headers).status_code != 403:
            passed.append((method, address))
    assert passed == []
    assert everyone.get("/").status_code == 200


@pytest.mark.parametrize("headers", [OURS, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}])
def test_what_a_page_of_ours_sends_passes(everyone: Staff, headers: dict[str, str]) -> None:
    answer = everyone.post("/deconnexion", data={"csrf_token": everyone.token("/")}, headers=headers)
    assert answer.status_code == 303


def test_nobody_is_logged_in_by_the_form_of_another(console: Flask, add_account: Callable[..., str]) -> None:
    add_account("attaquant", "reader")
    victim, attacker = console.test_client(), console.test_client()
    victim.get("/connexion")
    form = {"csrf_token": attacker.token("/connexion"), "username": "attaquant", "password": PASSWORD}
    assert victim.post("/connexion", data=form, headers=OURS).status_code == 403
    assert victim.get("/").status_code == 303


def _content(bases: Databases) -> dict[str, list]:
    """Return every row of both databases, but those that looking writes."""
    found = {}
    for name, write in (("journal", False), ("directory", False)):
        with bases.makers[name, write]() as session:
            tables = MetaData()
            tables.reflect(session.get_bind())
            for table in tables.sorted_tables:
                if table.name not in LOOKING_WRITES:
                    found[table.name] = [tuple(row) for row in session.execute(table.select())]
    return found


def test_looking_changes_nothing(console: Flask, everyone: Staff, bases: Databases) -> None:
    adapter = console.url_map.bind("localhost")
    before = _content(bases)
    for rule in console.url_map.iter_rules():
        if "GET" in rule.methods:
            everyone.get(adapter.build(rule.endpoint, VALUES.get(rule.endpoint, {}), method="GET"))
    assert _content(bases) == before


def test_each_way_in_is_in_the_table(console: Flask) -> None:
    assert _changing(console)
    assert {endpoint for endpoint, _, _ in _changing(console)} <= {*ALLOWED}


@pytest.mark.parametrize(
    "asked", ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/%0d%0aX:1"]
)
def test_a_login_sends_nobody_elsewhere(visitor: Staff, add_account: Callable[..., str], asked: str) -> None:
    add_account("marie", "reviewer")
    form = {"username": "marie", "password": PASSWORD}
    answer = visitor.post_form("/connexion", form, page="/connexion", query_string={"suite": asked})
    assert answer.status_code == 303
    assert answer.location in ("/", "/%0d%0aX:1")


def test_a_login_goes_back_to_the_page_that_was_asked(visitor: Staff, add_account: Callable[..., str]) -> None:
    add_account("marie", "reviewer")
    sent = visitor.get("/mon-compte?a=1&b=2").location
    answer = visitor.post_form(sent, {"username": "marie", "password": PASSWORD}, page="/connexion")
    assert answer.location == "/mon-compte?a=1&b=2"
