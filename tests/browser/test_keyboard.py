"""The whole dialogue without a mouse, and what a screen reader is told of it."""

import re

import pytest
from browser.visitor import QUESTION, SEARCH
from playwright.sync_api import expect

# What has the focus: its name, the outline that shows it, and its place on the screen.
STOP = """() => {
  const outside = document.activeElement, node = outside?.shadowRoot?.activeElement ?? outside;
  const { outlineStyle, outlineWidth } = getComputedStyle(node), { x, y, width, height } = node.getBoundingClientRect();
  const name = node.ariaLabel || node.labels?.[0]?.textContent || node.textContent;
  const outline = outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
  return { name, outline, tag: node.localName, inside: Boolean(outside.shadowRoot), box: [x, y, width, height] };
}"""
# Each node added to the log, each text of the spoken line, each move of the focus.
WATCH = """() => {
  const root = document.querySelector("aiguilleur-widget").shadowRoot, log = root.querySelector("[role=log]");
  const spoken = root.querySelector(".hidden[role=status]");
  window.watched = { added: [], spoken: [], focus: [] };
  new MutationObserver((changes) => changes.forEach(({ addedNodes, target }) => {
    if (target === log) watched.added.push(...[...addedNodes].map((node) => node.className));
  })).observe(log, { childList: true });
  new MutationObserver(() => watched.spoken.push(spoken.textContent)).observe(spoken, { childList: true });
  root.addEventListener("focusin", ({ target }) => watched.focus.push(target.id || target.textContent));
}"""


def _stop(visitor):
    return visitor.page.evaluate(STOP)


def _walk_to(visitor, name, key="Tab"):
    """Press a key until the focus is on what has this name."""
    names = []
    for _ in range(60):
        stop = _stop(visitor)
        names.append(stop["name"].strip()[:40])
        if re.search(name, stop["name"]):
            return stop
        visitor.page.keyboard.press(key)
    raise AssertionError(f"{name} is never reached: {names}")


def _press(visitor, name, key="Tab"):
    _walk_to(visitor, name, key)
    visitor.page.keyboard.press("Enter")


def _start(visitor):
    visitor.page.keyboard.press("Tab")
    _press(visitor, "Des questions")
    expect(visitor.button("Commencer et garder ma conversation")).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(visitor.field).to_be_focused()


def _ask(visitor, text):
    before = visitor.judged.count()
    visitor.page.keyboard.type(text)
    visitor.page.keyboard.press("Enter")
    visitor.answered(before + 1)


def test_a_visitor_without_a_mouse_asks_chooses_and_closes(visitor):
    _start(visitor)
    _ask(visitor, QUESTION)
    expect(visitor.field).to_be_focused()
    _press(visitor, "^Le taux d’intérêt du RISQ", "Shift+Tab")
    visitor.answered(2)
    expect(visitor.said.last).to_have_text("Le taux d’intérêt du RISQ")
    # The pressed button keeps the focus: the answer does not take it.
    assert _stop(visitor)["name"] == "Le taux d’intérêt du RISQ"
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(visitor.field).to_be_focused()
    _press(visitor, "^Fermer", "Shift+Tab")
    expect(visitor.launcher).to_be_focused()


def test_a_visitor_without_a_mouse_judges_shares_and_rates(visitor):
    _start(visitor)
    _ask(visitor, SEARCH)
    _press(visitor, "^Pas utile", "Shift+Tab")
    expect(visitor.button("Ce n’est plus à jour")).to_be_visible()
    _press(visitor, "^Ce n’est plus à jour")
    expect(visitor.button("Ce n’est plus à jour")).to_have_attribute("aria-pressed", "true")
    _walk_to(visitor, "^Un mot de plus")
    visitor.page.keyboard.type("à revoir")
    _press(visitor, "^Envoyer le commentaire")
    expect(visitor.page.get_by_label("Un mot de plus")).to_be_hidden()
    expect(visitor.button("Pas utile")).to_be_focused()
    _press(visitor, "^Partager", "Shift+Tab")
    expect(visitor.page.locator(".shared input")).to_be_focused()
    _press(visitor, "^Évaluer", "Shift+Tab")
    visitor.page.keyboard.press("Enter")
    expect(visitor.status).to_have_text("Merci, c’est noté.")
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator(".sheet")).to_be_hidden()
    expect(visitor.button("Évaluer la conversation")).to_be_focused()


def test_a_visitor_without_a_mouse_erases_and_begins_again(visitor):
    _start(visitor)
    _ask(visitor, QUESTION)
    _press(visitor, "^Effacer ma conversation", "Shift+Tab")
    expect(visitor.button("Oui, effacer")).to_be_focused()
    # Escape answers no to the question, and closes nothing else.
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_visible()
    expect(visitor.button("Effacer ma conversation")).to_be_focused()
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".ended")).to_be_focused()
    _press(visitor, "^Commencer sans la garder")
    expect(visitor.field).to_be_focused()


def test_a_search_is_led_to_its_cards_and_their_links_without_a_mouse(visitor):
    _start(visitor)
    _ask(visitor, SEARCH)
    name = visitor.cards.first.get_by_role("link").first.inner_text()
    assert _walk_to(visitor, re.escape(name), "Shift+Tab")["tag"] == "a"
    before = visitor.cards.count()
    _press(visitor, "^Voir d’autres")
    visitor.answered(2)
    assert visitor.cards.count() > before


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_on_a_desktop_the_focus_leaves_the_widget_by_either_end(visitor, key):
    visitor.begin().ask(QUESTION)
    for _ in range(60):
        visitor.page.keyboard.press(key)
        if not _stop(visitor)["inside"]:
            return
    raise AssertionError("the focus stays in the widget")


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_over_the_whole_screen_of_a_phone_the_focus_goes_round_inside(visit, key):
    visitor = visit(viewport={"width": 360, "height": 640}).begin()
    visitor.ask(QUESTION)
    expect(visitor.panel).to_have_attribute("aria-modal", "true")
    stops = []
    for _ in range(40):
        visitor.page.keyboard.press(key)
        stops.append(_stop(visitor))
    assert all(stop["inside"] for stop in stops)
    # Round: the field is met twice.
    assert sum(stop["name"].startswith("Votre message") for stop in stops) >= 2
    visitor.page.keyboard.press("Escape")
    expect(visitor.launcher).to_be_focused()


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, {"forced_colors": "active"}], ids=["dark", "forced colours"])
def test_the_focus_is_seen_on_everything_that_takes_it_and_within_the_window(visit, options):
    visitor = visit(**options)
    seen = []

    def walk(stops):
        for _ in range(stops):
            visitor.page.keyboard.press("Tab")
            seen.append(_stop(visitor))

    visitor.page.keyboard.press("Tab")
    _walk_to(visitor, "Des questions")
    seen.append(_stop(visitor))
    visitor.page.keyboard.press("Enter")
    expect(visitor.button("Commencer et garder ma conversation")).to_be_focused()
    walk(4)
    visitor.button("Commencer et garder ma conversation").click()
    visitor.ask(SEARCH)
    visitor.button("Pas utile").click()
    visitor.button("Partager").click()
    visitor.button("Effacer ma conversation").click()
    walk(50)
    inside = [stop for stop in seen if stop["inside"]]
    assert {"button", "a", "textarea", "input", "div"} <= {stop["tag"] for stop in inside}
    assert [stop["name"] for stop in inside if stop["outline"] < 2] == []
    hidden = [stop["name"] for stop in inside if not (0 <= stop["box"][1] + stop["box"][3] / 2 <= 800 and 0 <= stop["box"][0] <= 1280)]
    assert hidden == []


def test_an_answer_is_added_to_the_log_once_and_never_takes_the_focus(visit, slow, held):
    visitor = visit(slow).begin()
    log = visitor.log
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_attribute("aria-relevant", "additions")
    visitor.page.evaluate(WATCH)
    for text in (QUESTION, "merci"):
        visitor.write(text)
    expect(visitor.waiting).to_have_count(0)
    held.release()
    visitor.answered(2)
    watched = visitor.page.evaluate("watched")
    assert sorted(watched["added"]) == ["message bot"] * 2 + ["message user"] * 2
    # Two messages were due: that the robot writes is said once.
    assert [text for text in watched["spoken"] if text] == ["Aiguilleur écrit."]
    assert set(watched["focus"]) <= {"field"}
    assert visitor.focused() == "field"


def test_the_history_is_not_read_aloud_again_and_what_follows_it_is(visitor):
    visitor.begin().ask(QUESTION)
    visitor.page.add_init_script("""
      const observe = () => {
        const log = document.querySelector("aiguilleur-widget")?.shadowRoot?.querySelector("[role=log]");
        if (!log) return requestAnimationFrame(observe);
        window.live = log.children.length ? ["late"] : [];
        new MutationObserver(() => live.push(log.ariaLive)).observe(log, { childList: true });
      };
      requestAnimationFrame(observe);""")
    visitor.page.reload()
    expect(visitor.said).to_have_text([QUESTION])
    expect(visitor.log).to_have_attribute("aria-live", "polite")
    history = visitor.page.evaluate("live")
    assert history
    assert set(history) == {"off"}
    visitor.ask("merci")
    assert "polite" in visitor.page.evaluate("live")


def test_the_language_and_the_names_are_those_of_quebec_french(visitor):
    visitor.begin().ask(SEARCH)
    expect(visitor.panel).to_have_attribute("lang", "fr-CA")
    assert visitor.page.locator(".root").get_attribute("lang") == "fr-CA"
    expect(visitor.panel).to_have_role("dialog")
    expect(visitor.panel).to_have_accessible_name(re.compile("Aiguilleur"))
    expect(visitor.log).to_have_accessible_name("Conversation")
    expect(visitor.field).to_have_accessible_name("Votre message")
    expect(visitor.field).to_have_accessible_description(re.compile("Entrée pour envoyer"))
    # A name begins with what is seen on the button (2.5.3).
    buttons = visitor.panel.get_by_role("button").evaluate_all("all => all.map((one) => [one.innerText.trim(), one.ariaLabel])")
    assert [pair for pair in buttons if pair[1] and pair[0] not in ("×", "") and not pair[1].startswith(pair[0])] == []
