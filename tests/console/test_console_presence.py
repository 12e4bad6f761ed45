"""A session that is about to end says so, and one that types goes on: nothing typed is lost without a warning (WCAG 2.2.1)."""

from collections.abc import Callable

import pytest
from clocks import Clock
from playwright.sync_api import expect
from seeing import Seen
from staff import Staff

SOON, OVER = "se fermera dans moins de deux minutes", "Votre séance est fermée"


@pytest.fixture
def typing(see: Callable[..., Seen], add_account: Callable[..., str]) -> Seen:
    """Someone on a page with a form; the browser's clock is the test's."""
    seen = see().come_in(add_account("marie", "admin"))
    seen.page.clock.install()
    return seen.go("/comptes/nouveau")


def test_asking_for_nothing_lengthens_a_session(login: Callable[..., Staff], clock: Clock) -> None:
    staff = login("reader")
    for _ in range(3):
        clock.move(minutes=20)
        assert staff.get("/presence").status_code == 204
    clock.move(minutes=31)
    answer = staff.get("/presence", headers={"HX-Request": "true"})
    assert answer.status_code == 401


def test_the_page_warns_and_a_button_keeps_the_session(typing: Seen, clock: Clock) -> None:
    page = typing.page
    page.clock.fast_forward("27:30")
    expect(page.get_by_text(SOON)).to_be_hidden()
    clock.move(minutes=29)
    page.clock.fast_forward("01:30")
    expect(page.get_by_text(SOON)).to_be_visible()
    assert typing.violations() == []
    page.get_by_role("button", name="Rester connecté").click()
    expect(page.get_by_text(SOON)).to_be_hidden()
    clock.move(minutes=29)
    typing.go("/comptes")
    expect(page.get_by_role("heading", name="Comptes")).to_be_visible()


def test_who_types_stays(typing: Seen, clock: Clock) -> None:
    page = typing.page
    for _ in range(4):
        clock.move(minutes=20)
        page.clock.fast_forward("20:00")
        with page.expect_response("**/presence"):
            page.get_by_label("Nom d’utilisateur").press_sequentially("a")
    expect(page.get_by_text(SOON)).to_be_hidden()
    typing.go("/comptes")
    expect(page.get_by_role("heading", name="Comptes")).to_be_visible()


def test_a_session_that_ended_is_told_with_what_was_typed_still_there(typing: Seen, clock: Clock) -> None:
    page = typing.page
    page.get_by_label("Nom d’utilisateur").fill("p.roy")
    clock.move(minutes=31)
    page.clock.fast_forward("31:00")
    expect(page.get_by_text(OVER)).to_be_visible()
    expect(page.get_by_text(SOON)).to_be_hidden()
    assert page.get_by_label("Nom d’utilisateur").input_value() == "p.roy"
    assert typing.violations() == []
    page.get_by_role("link", name="reconnectez-vous").click()
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()
