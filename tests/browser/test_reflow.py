"""Small screens, large texts, a phone's keyboard: nothing is cut, covered, or scrolled sideways."""

import pytest
from browser.visitor import QUESTION, SEARCH
from playwright.sync_api import expect

# The spacings of WCAG 1.4.12.
SPACE = """(spaced) => {
  window.spacing ??= new CSSStyleSheet();
  spacing.replaceSync(spaced ? `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }` : "");
  const root = document.querySelector("aiguilleur-widget").shadowRoot;
  if (!root.adoptedStyleSheets.includes(spacing)) root.adoptedStyleSheets.push(spacing);
}"""
# What is wider than its box, beyond the screen, or cut by it; what can be scrolled downwards is not cut.
CUT = """() => {
  const root = document.querySelector("aiguilleur-widget").shadowRoot, bad = [];
  if (document.documentElement.scrollWidth > innerWidth) bad.push(`the page scrolls sideways: ${document.documentElement.scrollWidth}`);
  for (const node of root.querySelectorAll(".panel:not([hidden]) *, .launcher, .launcher *")) {
    const { width, left, right } = node.getBoundingClientRect(), style = getComputedStyle(node);
    if (!node.getClientRects().length || node.closest(".hidden, svg, .badge") || width < 2) continue;
    const what = `${node.localName}.${node.className} ${node.textContent.slice(0, 30)}`;
    if (left < -1 || right > innerWidth + 1) bad.push(`beyond the screen: ${what} ${left} ${right}`);
    if (style.display === "inline" || node.localName === "input") continue;
    if (node.scrollWidth > node.clientWidth + 1) bad.push(`wider than its box: ${what}`);
    const cuts = ["hidden", "clip"].includes(style.overflowY);
    if (cuts && node.scrollHeight > node.clientHeight + 1) bad.push(`higher than its box: ${what}`);
  }
  return bad;
}"""
# Whether the middle of each of these is really what would be touched there.
COVERED = """(selectors) => {
  const root = document.querySelector("aiguilleur-widget").shadowRoot;
  return selectors.filter((selector) => {
    const node = root.querySelector(selector), { left, top, width, height } = node.getBoundingClientRect();
    const found = root.elementFromPoint(left + width / 2, top + height / 2);
    return !(found && node.contains(found));
  });
}"""
PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
CONTROLS = [".head .close", ".bar button", "#field", ".composer .main"]
SHOWN = ("notice", "cards")
SCREENS = {
    "320 wide": {"width": 320, "height": 568},
    "400 per cent": {"width": 320, "height": 256},
    "phone": {"width": 360, "height": 640},
    "phone on its side": {"width": 640, "height": 360},
    "tablet": {"width": 768, "height": 1024},
}


def _states(visitor):
    """Lead through the states of a talk; yield the name of each."""
    yield "closed"
    visitor.open()
    yield "notice"
    visitor.button("Commencer et garder ma conversation").click()
    visitor.ask(SEARCH)
    yield "cards"
    visitor.button("Pas utile").last.click()
    expect(visitor.button("Ce n’est plus à jour").last).to_be_visible()
    visitor.button("Partager").last.click()
    expect(visitor.page.locator(".shared input")).to_be_focused()
    yield "tools"
    visitor.button("Effacer ma conversation").click()
    yield "question"
    visitor.button("Non, la garder").click()


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_cut_or_scrolls_sideways_even_with_its_text_spaced(visit, screen):
    visitor = visit(viewport=SCREENS[screen])
    for state in _states(visitor):
        for spaced in (True, False):
            visitor.page.evaluate(SPACE, spaced)
            assert (state, spaced, visitor.page.evaluate(CUT)) == (state, spaced, [])
            if state in SHOWN:
                visitor.shot(f"{screen}{' spaced' if spaced else ''}-{state}")


def test_at_400_per_cent_half_of_the_screen_is_left_to_read_the_notice(visit):
    visitor = visit(viewport=SCREENS["400 per cent"]).open()
    visitor.page.locator(".notice dd").first.scroll_into_view_if_needed()
    ways = visitor.page.locator(".ways").bounding_box()
    assert ways["y"] >= 128


def test_the_page_s_own_text_size_does_not_change_that_of_the_visitor(visit, site):
    sizes = []
    for css in ("", "html { font-size: 10px }"):
        visitor = visit(page={"css": css}).begin()
        sizes.append(visitor.answers.first.evaluate("node => getComputedStyle(node).fontSize"))
    # The page's own size, which belongs to its author, changes nothing.
    assert sizes == ["16px", "16px"]


def test_on_a_phone_the_window_takes_the_whole_screen_and_nothing_covers_it(visit):
    visitor = visit(**PHONE).begin()
    visitor.ask(SEARCH)
    assert visitor.panel.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 640}
    expect(visitor.launcher).to_be_hidden()
    assert visitor.page.evaluate(COVERED, CONTROLS) == []
    visitor.shot("phone-cards")


def test_on_a_phone_the_field_stays_above_the_keyboard(visit):
    visitor = visit(**PHONE).begin()
    visitor.ask(QUESTION)
    # What iOS does: the page keeps its height, what is seen of it does not.
    visitor.page.evaluate("""() => {
      Object.defineProperty(visualViewport, "height", { get: () => 330, configurable: true });
      Object.defineProperty(visualViewport, "offsetTop", { get: () => 40, configurable: true });
      visualViewport.dispatchEvent(new Event("resize"));
    }""")
    expect(visitor.panel).to_have_css("height", "330px")
    box = visitor.panel.bounding_box()
    assert (box["y"], box["height"]) == (40, 330)
    field = visitor.field.bounding_box()
    assert field["y"] + field["height"] <= 370
    assert visitor.page.locator(".scroller").bounding_box()["height"] > 60
    assert visitor.page.evaluate(COVERED, CONTROLS) == []
    visitor.shot("phone-keyboard")


@pytest.fixture
def shortened(visit):
    """A visitor on a phone whose keyboard makes the page itself shorter, as Firefox does."""
    visitor = visit(**PHONE).begin()
    visitor.ask(QUESTION)
    visitor.field.tap()
    visitor.page.set_viewport_size({"width": 360, "height": 330})
    expect(visitor.field).to_be_in_viewport(ratio=1)
    visitor.shot("phone-short")
    return visitor


def test_on_a_phone_that_makes_the_page_shorter_the_field_stays_seen(shortened):
    assert shortened.page.evaluate(COVERED, ["#field", ".composer .main"]) == []
    shortened.ask("merci")
    expect(shortened.answers.last).to_be_in_viewport()


def test_on_a_phone_that_makes_the_page_shorter_what_was_read_stays_seen(shortened):
    expect(shortened.answers.last).to_be_in_viewport(timeout=2000)


def test_a_phone_that_is_turned_keeps_the_conversation_and_the_draft(visit):
    visitor = visit(**PHONE).begin()
    visitor.ask(QUESTION)
    visitor.field.fill("mon brouillon")
    visitor.page.set_viewport_size({"width": 640, "height": 360})
    expect(visitor.field).to_have_value("mon brouillon")
    expect(visitor.field).to_be_in_viewport(ratio=1)
    visitor.page.set_viewport_size({"width": 1280, "height": 800})
    expect(visitor.panel).not_to_have_attribute("aria-modal", "true")
    assert visitor.panel.bounding_box()["width"] < 450


def test_without_a_choice_of_the_visitor_the_window_follows_their_dark_scheme(visit):
    visitor = visit(color_scheme="dark").begin()
    dark = visitor.panel.evaluate("node => getComputedStyle(node).backgroundColor")
    visitor.page.emulate_media(color_scheme="light")
    assert visitor.panel.evaluate("node => getComputedStyle(node).backgroundColor") != dark
