"""What a visitor says and reads: questions, buttons, starting over, the field."""

import re

import pytest
from browser.visitor import QUESTION
from playwright.sync_api import expect


def test_a_typed_question_gets_its_answer_with_a_link_to_its_source(visitor):
    answer = visitor.begin().ask(QUESTION)
    expect(visitor.said).to_have_text([QUESTION])
    expect(answer).to_contain_text("1,5\u00a0%")
    expect(answer).to_contain_text("relevée en novembre 2026")
    source = answer.get_by_role("link", name="fonds-risq.qc.ca")
    expect(source).to_have_attribute("href", "https://fonds-risq.qc.ca")
    expect(source).to_have_attribute("target", "_blank")
    expect(source).to_have_attribute("rel", "noopener noreferrer")
    visitor.shot("talk")


def test_the_first_words_offer_three_choices_and_the_field_has_the_focus(visitor):
    visitor.begin()
    expect(visitor.answers).to_have_count(1)
    expect(visitor.page.locator(".choices button")).to_have_count(3)
    assert visitor.focused() == "field"


def test_the_visitor_sees_their_message_at_once_then_as_it_is_stored(visit, slow, held):
    visitor = visit(slow).begin()
    stored = []
    visitor.page.route("**/v1/messages", lambda route: stored.append(route))
    visitor.write("mon courriel est marie@exemple.ca")
    expect(visitor.said).to_have_text(["mon courriel est marie@exemple.ca"])
    expect(visitor.waiting).to_have_count(1)
    stored[0].continue_()
    expect(visitor.said).to_have_text(["mon courriel est [courriel masqué]"])
    expect(visitor.waiting).to_have_count(0)
    assert "marie" not in visitor.log.inner_text()


def test_the_typing_sign_is_there_while_an_answer_is_due_and_only_then(visit, slow, held):
    visitor = visit(slow).begin()
    expect(visitor.typing).to_be_hidden()
    visitor.write(QUESTION)
    expect(visitor.typing).to_be_visible()
    visitor.shot("typing")
    held.release()
    expect(visitor.judged).to_have_count(1)
    expect(visitor.typing).to_be_hidden()


def test_messages_written_before_the_answer_are_all_answered_in_their_order(visit, slow, held):
    visitor = visit(slow).begin()
    texts = ["bonjour", QUESTION, "merci"]
    for text in texts:
        visitor.write(text)
    expect(visitor.waiting).to_have_count(0)
    held.release()
    visitor.answered(3)
    expect(visitor.said).to_have_text(texts)


def _choices(visitor):
    """Return the choices of the whole log: their titles, whether chosen, whether unavailable."""
    script = "all => all.map((one) => [one.textContent, one.ariaPressed === 'true', one.ariaDisabled === 'true'])"
    return visitor.page.locator(".choices button").evaluate_all(script)


def test_a_pressed_button_stays_marked_and_the_others_stay_readable_but_unavailable(visitor):
    visitor.begin().press("Trouver un mentor")
    expect(visitor.said).to_have_text(["Trouver un mentor"])
    first = _choices(visitor)[:3]
    assert first == [["Trouver du financement", False, True], ["Trouver un mentor", True, True], ["Démarrer un projet", False, True]]
    visitor.page.reload()
    expect(visitor.said).to_have_text(["Trouver un mentor"])
    assert _choices(visitor)[:3] == first
    visitor.shot("choices")


def test_a_button_that_is_no_longer_available_does_nothing(visitor):
    visitor.begin().press("Trouver un mentor")
    for title in ("Trouver un mentor", "Trouver du financement"):
        visitor.page.locator(".choices").first.get_by_role("button", name=title, exact=True).click(force=True)
    visitor.ask("merci")
    expect(visitor.said).to_have_text(["Trouver un mentor", "merci"])


def test_the_choices_of_an_answer_stay_available_when_the_visitor_types_instead(visitor):
    visitor.begin().ask(QUESTION)
    visitor.ask("merci")
    expect(visitor.press("Le taux d’intérêt du RISQ")).to_contain_text(re.compile("taux", re.I))


def test_starting_over_closes_the_older_choices_and_keeps_what_was_said(visitor):
    visitor.begin().ask("on est une coop à Gaspé, on cherche du financement")
    answer = visitor.press("Recommencer")
    expect(answer).to_contain_text("Que cherchez-vous")
    expect(visitor.said).to_have_text(["on est une coop à Gaspé, on cherche du financement", "Recommencer"])
    choices = _choices(visitor)
    assert all(unavailable for _, _, unavailable in choices[:3])
    assert not any(unavailable for _, _, unavailable in choices[-3:])
    # The project is forgotten: its place is asked again.
    expect(visitor.press("Trouver du financement")).to_contain_text("municipalité")


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_an_empty_message_is_not_sent(visitor, text):
    visitor.begin().write(text)
    expect(visitor.field).to_be_focused()
    expect(visitor.said).to_have_count(0)
    assert ("POST", "/widget/v1/messages") not in visitor.asked()


def test_shift_and_enter_change_line_and_enter_sends(visitor):
    visitor.begin()
    visitor.page.keyboard.type("merci")
    visitor.page.keyboard.press("Shift+Enter")
    visitor.page.keyboard.type("beaucoup")
    visitor.page.keyboard.press("Enter")
    visitor.answered(1)
    assert visitor.said.text_content() == "merci\nbeaucoup"
    expect(visitor.field).to_have_value("")
    expect(visitor.field).to_be_focused()


def test_enter_that_ends_the_composition_of_a_letter_does_not_send(visitor):
    visitor.begin().field.fill("é")
    compose = (
        "field => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))"
    )
    visitor.field.evaluate(compose)
    expect(visitor.field).to_have_value("é")
    expect(visitor.said).to_have_count(0)


def test_near_the_longest_message_the_field_says_what_is_left_and_takes_no_more(visitor):
    visitor.begin().field.fill("a" * 1400)
    expect(visitor.page.locator("#count")).to_have_text("100\u00a0caractères restants sur 1\u00a0500")
    visitor.field.press("End")
    visitor.page.keyboard.insert_text("b" * 200)
    assert len(visitor.field.input_value()) == 1500
    expect(visitor.page.locator("#count")).to_contain_text("0\u00a0caractère")


def test_a_long_message_grows_the_field_and_never_hides_the_conversation(visitor):
    visitor.begin().field.fill("une ligne\n" * 20)
    field, log = visitor.field.bounding_box(), visitor.page.locator(".scroller").bounding_box()
    assert 60 < field["height"] < 200
    assert log["height"] > 150
    visitor.shot("long-draft")


def test_an_address_a_number_and_an_email_in_an_answer_become_links(visitor):
    visitor.begin()
    visitor.tell("Écrivez à aide@exemple.ca, appelez le 418 555-1234 ou le 811, voyez exemple.qc.ca. Coût: 1 500 $, 35 %.")
    links = visitor.answers.last.get_by_role("link").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert links == ["mailto:aide@exemple.ca", "tel:+14185551234", "tel:811", "https://exemple.qc.ca"]


def test_a_list_in_an_answer_is_a_list_and_lines_stay_lines(visitor):
    visitor.begin()
    visitor.tell("Trois choses\u00a0:\n- un\n- deux\n- trois\n\nPuis ceci.\nEt cela.")
    expect(visitor.answers.last.get_by_role("listitem")).to_have_text(["un", "deux", "trois"])
    assert "Puis ceci.\nEt cela." in visitor.answers.last.inner_text()
