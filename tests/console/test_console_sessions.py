"""Sessions: kept on the server, new at each login, ended by time, by a logout, and by what changes an account."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from clocks import Clock
from flask import Flask, flash
from sqlalchemy import select
from staff import CHEAP, PASSWORD, Staff, come_in

from console.app import Config, make_app
from console.databases import Databases
from console.models import Account, StoredSession
from console.permissions import ALLOWED, STAFF

NEW = "une autre phrase, plus longue"


def _rows(bases: Databases) -> list[StoredSession]:
    with bases.journal.reading() as session:
        return session.execute(select(StoredSession).order_by(StoredSession.id)).scalars().all()


def _is_in(staff: Staff) -> bool:
    return staff.get("/").status_code == 200


def _held(staff: Staff) -> str:
    return staff.get_cookie("sid").value


def test_a_visitor_has_no_row_and_gets_a_cookie_only_with_a_form(visitor: Staff, bases: Databases) -> None:
    assert "Set-Cookie" not in visitor.get("/").headers
    assert "Set-Cookie" not in visitor.get("/nulle-part").headers
    assert "Set-Cookie" in visitor.get("/connexion").headers
    assert _rows(bases) == []


def test_an_id_that_someone_planted_is_never_the_one_of_a_login(console: Flask, add_account: Callable[..., str], bases: Databases) -> None:
    add_account("marie", "reviewer")
    victim, attacker = console.test_client(), console.test_client()
    for each in (victim, attacker):
        each.set_cookie("sid", "planted-by-the-attacker-0123456789abcdefghijk")
    assert come_in(victim, "marie").status_code == 303
    assert _is_in(victim)
    assert not _is_in(attacker)
    assert _held(victim) != "planted-by-the-attacker-0123456789abcdefghijk"


def test_nothing_that_a_visitor_held_is_in_the_session_of_the_login(visitor: Staff, add_account: Callable[..., str]) -> None:
    add_account("marie", "reviewer")
    before = visitor.token("/connexion")
    come_in(visitor, "marie")
    assert visitor.get_cookie("passing") is None
    answer = visitor.post("/deconnexion", data={"csrf_token": before}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403


def test_each_login_has_another_id(console: Flask, add_account: Callable[..., str]) -> None:
    add_account("marie", "reviewer")
    held = set()
    for _ in range(3):
        staff = console.test_client()
        come_in(staff, "marie")
        held.add(_held(staff))
    assert len(held) == 3
    assert all(len(each) == 43 for each in held)  # 256 bits


def test_a_copied_cookie_is_worth_nothing_after_the_logout(console: Flask, login: Callable[..., Staff], bases: Databases) -> None:
    staff, thief = login("reviewer"), console.test_client()
    thief.set_cookie("sid", _held(staff))
    assert _is_in(thief)
    staff.post_form("/deconnexion")
    assert not _is_in(thief)
    assert not _is_in(staff)
    assert _rows(bases) == []


def test_a_session_ends_half_an_hour_after_its_last_page(login: Callable[..., Staff], clock: Clock) -> None:
    staff = login("reviewer")
    for _ in range(3):
        clock.move(minutes=29)
        assert _is_in(staff)
    clock.move(minutes=30)
    assert not _is_in(staff)


def test_a_session_ends_twelve_hours_after_its_login(login: Callable[..., Staff], clock: Clock) -> None:
    staff = login("reviewer")
    for _ in range(35):
        clock.move(minutes=20)
        assert _is_in(staff)
    clock.move(minutes=20)
    assert not _is_in(staff)


def test_a_new_password_does_not_make_the_session_last_longer(login: Callable[..., Staff], clock: Clock) -> None:
    staff = login("reviewer")
    for _ in range(35):
        clock.move(minutes=20)
        staff.get("/")
    form = {"password": PASSWORD, "new_password": NEW, "again": NEW}
    assert staff.post_form("/mon-compte/mot-de-passe", form, page="/mon-compte").status_code == 303
    clock.move(minutes=20)
    assert not _is_in(staff)


def test_sessions_that_ended_are_not_kept(console: Flask, login: Callable[..., Staff], clock: Clock, bases: Databases) -> None:
    for _ in range(3):
        login("reviewer")
    clock.move(hours=1)
    login("reviewer")
    assert len(_rows(bases)) == 1


def test_a_stolen_database_lets_nobody_in(console: Flask, login: Callable[..., Staff], bases: Databases) -> None:
    held = _held(login("reviewer"))
    (row,) = _rows(bases)
    assert held not in str(vars(row))
    thief = console.test_client()
    thief.set_cookie("sid", row.digest)
    assert not _is_in(thief)


def test_the_time_of_the_last_page_is_not_written_at_each_page(login: Callable[..., Staff], clock: Clock, bases: Databases) -> None:
    staff, begun = login("reviewer"), clock()
    staff.get("/")
    clock.move(seconds=50)
    staff.get("/")
    assert _rows(bases)[0].seen_at == begun
    clock.move(seconds=10)
    staff.get("/")
    assert _rows(bases)[0].seen_at == clock()


def test_a_slow_page_does_not_write_over_what_another_stored(
    console: Flask, login: Callable[..., Staff], clock: Clock, bases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow() -> str:
        flashing = console.test_client()
        flashing.set_cookie("sid", _held(staff))
        with ThreadPoolExecutor(1) as meanwhile:
            meanwhile.submit(flashing.get, "/dire").result()
        clock.move(minutes=2)
        return "enfin"

    def tell() -> str:
        flash("C’est gardé.")
        return "dit"

    for address, view in (("/lente", slow), ("/dire", tell)):
        console.add_url_rule(address, view.__name__, view)
        monkeypatch.setitem(ALLOWED, view.__name__, STAFF)
    staff = login("reviewer")
    assert staff.get("/lente").get_data(as_text=True) == "enfin"
    assert _rows(bases)[0].seen_at == clock()
    assert "C’est gardé." in staff.get("/mon-compte").get_data(as_text=True)


def test_a_new_password_ends_the_other_sessions_and_renews_this_one(console: Flask, login: Callable[..., Staff]) -> None:
    staff, other, thief = login("reviewer", username="marie"), console.test_client(), console.test_client()
    come_in(other, "marie")
    thief.set_cookie("sid", _held(staff))
    form = {"password": PASSWORD, "new_password": NEW, "again": NEW}
    assert staff.post_form("/mon-compte/mot-de-passe", form, page="/mon-compte").status_code == 303
    assert _is_in(staff)
    assert not _is_in(other)
    assert not _is_in(thief)
    assert come_in(other, "marie").status_code == 422
    assert come_in(other, "marie", NEW).status_code == 303


@pytest.mark.parametrize("change", [{"roles": ["reader"]}, {"active": False}])
def test_what_an_account_may_is_read_at_each_page(login: Callable[..., Staff], bases: Databases, change: dict) -> None:
    staff = login("admin", username="marie")
    assert staff.get("/comptes").status_code == 200
    with bases.journal.writing.begin() as session:
        for name, value in change.items():
            setattr(session.execute(select(Account)).scalar_one(), name, value)
    assert staff.get("/comptes").status_code in (303, 403)


def test_one_ends_one_s_own_sessions_alone(console: Flask, login: Callable[..., Staff], bases: Databases) -> None:
    staff, colleague = login("reviewer", username="marie"), login("reviewer", username="paul")
    second = console.test_client()
    come_in(second, "marie")
    mine, his, second_row = _rows(bases)
    staff.post_form(f"/mon-compte/seances/{his.id}/fermer")
    assert _is_in(colleague)
    staff.post_form(f"/mon-compte/seances/{second_row.id}/fermer")
    assert not _is_in(second)
    assert [each.id for each in _rows(bases)] == [mine.id, his.id]


def test_all_the_other_sessions_end_at_once(console: Flask, login: Callable[..., Staff]) -> None:
    staff, second = login("reviewer", username="marie"), console.test_client()
    come_in(second, "marie")
    staff.post_form("/mon-compte/seances/fermer")
    assert _is_in(staff)
    assert not _is_in(second)


def _cookies(config: Config, clock: Clock, path: str, add_account: Callable[..., str]) -> list[str]:
    console = make_app(config, clock)
    console.test_client_class = Staff
    visitor = console.test_client()
    secure = {"base_url": "https://localhost"} if config.https else {}
    answer = visitor.get(path, **secure)
    found = answer.headers.getlist("Set-Cookie")
    token = answer.get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "username": add_account("marie", "reader"), "password": PASSWORD}
    answer = visitor.post(path, data=form, headers={"Sec-Fetch-Site": "same-origin"}, **secure)
    console.extensions["console_databases"].close()
    return found + answer.headers.getlist("Set-Cookie")


def test_over_https_every_cookie_is_bound_to_this_host(
    journal_url: str, directory_url: str, clock: Clock, add_account: Callable[..., str]
) -> None:
    config = Config(journal_url, directory_url, "s" * 40, https=True, hash_cost=CHEAP, testing=True)
    found = _cookies(config, clock, "/connexion", add_account)
    assert {each.partition("=")[0] for each in found} == {"__Host-sid", "__Host-passing"}
    for cookie in found:
        attributes = {each.strip().partition("=")[0] for each in cookie.split(";")[1:]}
        assert {"Secure", "HttpOnly", "Path", "SameSite"} <= attributes
        assert "Domain" not in attributes
        assert "Path=/;" in cookie + ";"
        assert "SameSite=Lax" in cookie


def test_on_this_machine_alone_a_cookie_may_travel_by_http(config: Config, clock: Clock, add_account: Callable[..., str]) -> None:
    for cookie in _cookies(config, clock, "/connexion", add_account):
        assert cookie.startswith(("sid=", "passing="))
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Secure" not in cookie


def test_the_form_of_the_login_is_good_for_half_an_hour(visitor: Staff, add_account: Callable[..., str], clock: Clock) -> None:
    add_account("marie", "reviewer")
    token = visitor.token("/connexion")
    clock.move(minutes=31)
    form = {"csrf_token": token, "username": "marie", "password": PASSWORD}
    answer = visitor.post("/connexion", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert "Rouvrez la page" in answer.get_data(as_text=True)
