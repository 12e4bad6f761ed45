"""Each role before each route, as the router has them: what is allowed is answered, the rest is refused."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from examples import FORMS, VALUES
from flask import Flask
from staff import OURS, Staff, come_in
from werkzeug.routing import Rule

from console.permissions import ADMIN, ALLOWED, ANYONE, PRIVACY, ROLES, STAFF


class Cell(NamedTuple):
    """A route, as it is asked for."""

    endpoint: str
    method: str
    address: str


def _rules(console: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in console.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule, method


def _cells(console: Flask) -> list[Cell]:
    adapter, cells = console.url_map.bind("localhost"), []
    for rule, method in _rules(console):
        missing = rule.arguments - {*VALUES.get(rule.endpoint, {}), *(rule.defaults or {})}
        assert not missing, f"tests/console/examples.py has no value of {rule.endpoint} for {missing}"
        cells.append(Cell(rule.endpoint, method, adapter.build(rule.endpoint, VALUES.get(rule.endpoint, {}), method=method)))
    return cells


def _ask(staff: Staff, cell: Cell, token: str) -> int:
    if cell.method == "GET":
        return staff.get(cell.address).status_code
    form = {"csrf_token": token, **FORMS.get(cell.endpoint, {})}
    return staff.open(cell.address, method=cell.method, data=form, headers=OURS).status_code


def test_every_route_has_a_line_and_every_line_a_route(console: Flask) -> None:
    assert {rule.endpoint for rule in console.url_map.iter_rules()} == {*ALLOWED}


def test_a_route_without_a_line_is_refused_to_all(console: Flask, login: Callable[..., Staff], visitor: Staff) -> None:
    console.add_url_rule("/sans-ligne", "unlisted", lambda: "vu", methods=["GET", "POST"])
    staff = login(*ROLES)
    assert staff.get("/sans-ligne").status_code == 403
    assert staff.post_form("/sans-ligne").status_code == 403
    assert visitor.get("/sans-ligne").status_code == 303


@pytest.mark.parametrize("role", [*ROLES])
def test_a_role_opens_what_its_lines_say_and_nothing_else(console: Flask, login: Callable[..., Staff], role: str) -> None:
    wrong, staff, token = [], login(role, username=role), ""
    for cell in _cells(console):
        allowed = ALLOWED[cell.endpoint] is ANYONE or role in ALLOWED[cell.endpoint]
        token = token or staff.token("/mon-compte")
        status = _ask(staff, cell, token)
        if (status in (401, 403)) is allowed or status >= 500:
            wrong.append(f"{role} {cell.method} {cell.address}: {status}")
        if staff.get_cookie("sid") is None:
            come_in(staff, role)
            token = ""
    assert wrong == []


def test_administration_opens_accounts_and_no_text_of_people() -> None:
    opened = {endpoint for endpoint, roles in ALLOWED.items() if ADMIN in roles and roles is not STAFF}
    assert {endpoint.split(".")[0] for endpoint in opened} == {"accounts"}


def test_erasing_and_exporting_are_for_those_in_charge_of_privacy() -> None:
    assert {role for endpoint, roles in ALLOWED.items() if endpoint.startswith("privacy.") for role in roles} <= {PRIVACY}


def test_the_accounts_of_others_are_for_administration_alone() -> None:
    theirs = ("listing", "new", "add", "account", "change", "stop", "start", "link", "remove_factor_of")
    assert {role for name in theirs for role in ALLOWED[f"accounts.{name}"]} == {ADMIN}


def test_without_login_only_what_is_anyone_s_opens(console: Flask, visitor: Staff) -> None:
    wrong, token = [], visitor.token("/connexion")
    for cell in _cells(console):
        form = {"csrf_token": token, **FORMS.get(cell.endpoint, {})}
        data = {} if cell.method == "GET" else {"data": form, "headers": OURS}
        answer = visitor.open(cell.address, method=cell.method, **data)
        sent_away = answer.status_code == 303 and answer.location.startswith("/connexion")
        if sent_away is (ALLOWED[cell.endpoint] is ANYONE):
            wrong.append(f"{cell.method} {cell.address}: {answer.status_code}")
    assert wrong == []
