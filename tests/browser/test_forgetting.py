"""Erasing: asked twice, proved, and nothing is left, in this tab or another."""

import re

import pytest
from browser.visitor import QUESTION
from playwright.sync_api import expect

PROOF = re.compile(r"EF-[2-9A-Z]{4}-[2-9A-Z]{4}")


def _assert_erased(visitor, name):
    from bot.conversations.models import Conversation

    ended = visitor.page.locator(".ended")
    expect(ended).to_contain_text(PROOF)
    expect(ended).to_contain_text("Numéro de preuve")
    assert visitor.stored() == {}
    assert visitor.server.store.run_here(lambda session: session.get(Conversation, name)) is None
    visitor.page.reload()
    expect(visitor.panel.or_(visitor.launcher).first).to_be_visible()
    if not visitor.panel.is_visible():
        visitor.open()
    expect(visitor.button("Commencer sans la garder")).to_be_visible()
    expect(visitor.said).to_have_count(0)
    assert visitor.stored() == {}


def _erase(visitor):
    visitor.button("Effacer ma conversation").click()
    visitor.button("Oui, effacer").click()


def test_the_button_asks_first_then_erases_all_with_a_proof_and_shows_the_notice_again(visitor):
    visitor.begin().ask(QUESTION)
    name = visitor.conversation()
    visitor.button("Effacer ma conversation").click()
    expect(visitor.page.locator(".sheet")).to_contain_text("Effacer toute la conversation?")
    visitor.shot("confirm")
    visitor.button("Oui, effacer").click()
    expect(visitor.button("Commencer et garder ma conversation")).to_be_visible()
    assert visitor.focused() == "ended"
    visitor.shot("erased")
    _assert_erased(visitor, name)


@pytest.mark.parametrize("keep", [True, False])
def test_writing_it_erases_as_well(visitor, keep):
    visitor.expects("status of 410")
    visitor.begin(keep).ask(QUESTION)
    name = visitor.conversation()
    visitor.write("efface ma conversation")
    _assert_erased(visitor, name)


def test_who_does_not_confirm_keeps_the_conversation(visitor):
    visitor.begin().ask(QUESTION)
    visitor.button("Effacer ma conversation").click()
    visitor.button("Non, la garder").click()
    expect(visitor.page.locator(".sheet")).to_be_hidden()
    expect(visitor.button("Effacer ma conversation")).to_be_focused()
    visitor.page.reload()
    expect(visitor.said).to_have_text([QUESTION])


def test_another_tab_shows_the_proof_too_and_follows_the_next_conversation(visitor):
    visitor.expects("status of 410")
    visitor.begin().ask(QUESTION)
    other = visitor.tab().open()
    expect(other.said).to_have_text([QUESTION])
    _erase(visitor)
    expect(other.page.locator(".ended")).to_contain_text(PROOF)
    expect(other.button("Commencer sans la garder")).to_be_visible()
    assert other.page.locator(".ended b").inner_text() == visitor.page.locator(".ended b").inner_text()
    visitor.button("Commencer et garder ma conversation").click()
    visitor.ask("merci")
    expect(other.said).to_have_text(["merci"])


def test_a_tab_in_the_background_whose_conversation_is_gone_shows_the_proof_at_the_next_message(visitor):
    """As when it was erased in another browser: nothing told this one."""
    visitor.expects("status of 410")
    visitor.begin().ask(QUESTION)
    token = visitor.page.evaluate("JSON.parse(localStorage.aiguilleur).token")
    proof = visitor.server.ask("DELETE", "conversation", token).json()["proof"]
    visitor.write("le RISQ prête combien?")
    expect(visitor.page.locator(".ended")).to_contain_text(proof)
    assert visitor.stored() == {}


def test_an_answer_on_its_way_does_not_come_into_the_next_conversation(visit, slow, held):
    visitor = visit(slow).begin()
    visitor.write(QUESTION)
    expect(visitor.typing).to_be_visible()
    _erase(visitor)
    visitor.button("Commencer et garder ma conversation").click()
    expect(visitor.field).to_be_visible()
    held.release()
    visitor.ask("merci")
    expect(visitor.said).to_have_text(["merci"])
    assert "1,5" not in visitor.log.inner_text()


def test_the_proof_is_announced_when_the_focus_is_elsewhere(visitor):
    visitor.expects("status of 410")
    visitor.begin().ask(QUESTION)
    other = visitor.tab().open()
    expect(other.said).to_have_text([QUESTION])
    visitor.page.evaluate("document.activeElement.blur()")
    _erase(other)
    expect(visitor.page.locator("[role=status].hidden")).to_contain_text(PROOF)
