"""The widget on other people's pages: attributes, styles, events, methods, and its end."""

import json
import re

import pytest
from browser.visitor import QUESTION, SEARCH
from playwright.sync_api import expect

BACKGROUND = "node => getComputedStyle(node).backgroundColor"


def test_a_page_with_a_strict_policy_on_another_origin_runs_a_whole_talk(visitor):
    visitor.begin().ask(SEARCH)
    expect(visitor.cards.first).to_be_visible()
    assert visitor.page.url.split("/")[2] != visitor.server.url.split("/")[2]


def test_the_tag_s_attributes_reach_the_widget(visit):
    given = {
        "color": "#7a1fa2",
        "position": "left",
        "label": "Un projet?",
        "greeting": "Bienvenue ici.",
        "host_name": "Le Pôle",
        "contact": "a@exemple.ca",
    }
    visitor = visit(page=given)
    expect(visitor.launcher).to_have_text("Un projet?")
    assert visitor.launcher.evaluate(BACKGROUND) == "rgb(122, 31, 162)"
    assert visitor.launcher.bounding_box()["x"] < 100
    visitor.open()
    assert visitor.panel.bounding_box()["x"] < 100
    expect(visitor.panel).to_contain_text("Bienvenue ici.")
    expect(visitor.panel).to_contain_text("Le Pôle.")
    expect(visitor.panel.get_by_role("link", name="a@exemple.ca")).to_have_attribute("href", "mailto:a@exemple.ca")


def test_the_place_and_the_programme_of_the_page_are_those_of_the_talk(visit):
    visitor = visit(page={"place": "Rimouski", "programme": "RISQ"}).begin()
    expect(visitor.answers.first).to_contain_text("Rimouski")
    expect(visitor.ask("c’est quoi leur taux d’intérêt?")).to_contain_text("fonds-risq.qc.ca")


def test_an_english_page_has_english_controls_around_french_answers(visit):
    visitor = visit(page={"lang": "en"})
    expect(visitor.launcher).to_have_text("Questions? Aiguilleur")
    visitor.open()
    expect(visitor.panel).to_have_attribute("lang", "en-CA")
    expect(visitor.panel).to_contain_text("I answer in French.")
    visitor.shot("english-notice")
    visitor.button("Begin and keep my conversation").click()
    answer = visitor.ask(SEARCH)
    expect(answer).to_have_attribute("lang", "fr-CA")
    expect(visitor.cards.first).to_contain_text("Why")
    # Around the answers, no French is left.
    texts = "all => all.filter((node) => !node.closest('[lang^=fr]')).map((node) => node.innerText).join(' ')"
    outside = visitor.panel.locator("button, label, h2").evaluate_all(texts)
    assert not re.search(r"[éèêàç]|Envoyer|Votre", outside)
    visitor.shot("english-cards")


def test_a_page_may_open_the_window_itself_without_taking_the_focus(visit):
    visitor = visit(page={"open": ""})
    expect(visitor.button("Commencer sans la garder")).to_be_visible()
    assert visitor.focused() == "body"
    assert visitor.stored() == {}
    # Who closes it is not shown it again by the next page of the same tab.
    visitor.button("Commencer sans la garder").click()
    expect(visitor.field).to_be_visible()
    visitor.page.keyboard.press("Escape")
    visitor.page.reload()
    expect(visitor.launcher).to_be_visible()
    expect(visitor.panel).to_be_hidden()


@pytest.mark.parametrize(("scheme", "media"), [("dark", "light"), ("light", "dark")])
def test_a_page_may_choose_the_scheme_against_the_visitor_s(visit, scheme, media):
    visitor = visit(page={"scheme": scheme}, color_scheme=media).open()
    red = int(re.search(r"\d+", visitor.panel.evaluate(BACKGROUND)).group())
    assert (red < 100) == (scheme == "dark")


def test_the_page_s_custom_properties_place_and_colour_the_widget(visit):
    css = """aiguilleur-widget { --aiguilleur-accent: #7a1fa2; --aiguilleur-radius: 0; --aiguilleur-font-size: 20px;
      --aiguilleur-x: 3em; --aiguilleur-y: 5em }"""
    visitor = visit(page={"css": css})
    assert visitor.launcher.evaluate(BACKGROUND) == "rgb(122, 31, 162)"
    assert visitor.launcher.evaluate("node => getComputedStyle(node).borderTopLeftRadius") == "0px"
    box = visitor.launcher.bounding_box()
    assert (round(1280 - box["x"] - box["width"]), round(800 - box["y"] - box["height"])) == (60, 100)
    visitor.begin()
    assert visitor.answers.first.evaluate("node => getComputedStyle(node).fontSize") == "20px"
    assert visitor.button("Envoyer").evaluate(BACKGROUND) == "rgb(122, 31, 162)"


def test_attributes_changed_afterwards_are_followed(visitor):
    visitor.page.evaluate("document.querySelector('aiguilleur-widget').setAttribute('label', 'Autrement')")
    expect(visitor.launcher).to_have_text("Autrement")
    visitor.page.evaluate("document.querySelector('aiguilleur-widget').setAttribute('color', 'rgb(1, 2, 3)')")
    assert visitor.launcher.evaluate(BACKGROUND) == "rgb(1, 2, 3)"


def test_a_page_may_write_the_element_itself(visit):
    visitor = visit(page={"body": '<aiguilleur-widget label="À moi" position="left"></aiguilleur-widget>', "label": "Pas à moi"})
    expect(visitor.widget).to_have_count(1)
    expect(visitor.launcher).to_have_text("À moi")
    visitor.begin()
    expect(visitor.ask(QUESTION)).to_contain_text("1,5\u00a0%")


def test_the_page_hears_what_happens_and_nothing_of_what_is_said(visitor):
    visitor.expects("status of 401")
    visitor.begin().ask(SEARCH)
    visitor.button("Partager").click()
    expect(visitor.page.locator(".shared input")).to_be_focused()
    visitor.page.keyboard.press("Escape")
    visitor.open()
    visitor.button("Effacer ma conversation").click()
    visitor.button("Oui, effacer").click()
    expect(visitor.page.locator(".ended")).to_be_visible()
    heard = visitor.heard()
    names = [name for name, _ in heard]
    for name in ("opened", "begun", "sent", "answered", "shared", "closed", "erased"):
        assert name in names
    details = dict(heard)
    assert details["begun"] == {"keep": True}
    assert details["answered"]["cards"] >= 2
    assert set().union(*(detail for _, detail in heard)) <= {"keep", "seq", "cards", "count", "code"}
    told = json.dumps(heard, ensure_ascii=False)
    assert not any(word in told for word in ("Rimouski", "obnl", "EF-", "partage"))


def test_the_page_opens_closes_and_toggles_the_window(visitor):
    element = "document.querySelector('aiguilleur-widget')"
    for method, visible in (("open", True), ("open", True), ("close", False), ("close", False), ("toggle", True), ("toggle", False)):
        visitor.page.evaluate(f"{element}.{method}()")
        expect(visitor.panel).to_be_visible(visible=visible) if visitor.panel.count() else None
        expect(visitor.launcher).to_have_attribute("aria-expanded", str(visible).lower())
    names = [name for name, _ in visitor.heard()]
    assert (names.count("opened"), names.count("closed")) == (2, 2)


def test_an_element_that_is_removed_asks_nothing_more_and_comes_back_with_its_conversation(visit, slow, held):
    visitor = visit(slow).begin()
    visitor.write(QUESTION)
    expect(visitor.typing).to_be_visible()
    visitor.page.evaluate("window.kept = document.querySelector('aiguilleur-widget'); kept.remove()")
    asked = len(visitor.records.requests)
    held.release()
    visitor.page.evaluate("window.dispatchEvent(new Event('online')); document.dispatchEvent(new Event('visibilitychange'))")
    # Twice the delay after which a widget would ask again.
    visitor.page.clock.install()
    visitor.page.clock.run_for(5000)
    visitor.page.wait_for_load_state("networkidle")
    assert len(visitor.records.requests) == asked
    visitor.page.evaluate("document.body.append(kept)")
    expect(visitor.said).to_have_text([QUESTION])
    visitor.answered(1)


def test_a_window_with_nothing_due_asks_the_server_nothing(visitor):
    visitor.begin().ask(QUESTION)
    asked = len(visitor.records.requests)
    visitor.page.clock.install()
    visitor.page.clock.run_for(120_000)
    visitor.page.wait_for_load_state("networkidle")
    assert len(visitor.records.requests) == asked


def test_the_tag_that_the_demonstration_page_gives_is_copied_with_the_server_s_address(visit, served):
    visitor = visit(address=f"{served.url}/")
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.button("Copier").click()
    expect(visitor.page.locator("#copied")).to_have_text("C’est copié.")
    assert f'src="{served.url}/widget/widget.js"' in visitor.page.evaluate("navigator.clipboard.readText()")


def test_both_demonstration_pages_keep_the_conversation_from_one_to_the_other(visit, served):
    visitor = visit(address=f"{served.url}/")
    visitor.page.locator("[data-open-chat]").click()
    visitor.button("Commencer et garder ma conversation").click()
    visitor.ask(QUESTION)
    visitor.page.get_by_role("link", name="Voir le même clavardage sur un autre site").click()
    expect(visitor.said).to_have_text([QUESTION])
    expect(visitor.panel).to_be_visible()
