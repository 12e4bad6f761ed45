"""WCAG 2.2 AA as far as a program can tell: axe-core in every state, contrasts and sizes that it does not measure."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browser.visitor import CUT_OFF, QUESTION, SEARCH
from playwright.sync_api import expect

# Without preloading: axe would fetch the style sheets again, which the page's policy refuses.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
    "dark phone": {"color_scheme": "dark", **PHONE},
}
DEMONSTRATIONS = [("light", "/"), ("dark phone", "/"), ("light", "/demo/autre.html"), ("dark phone", "/demo/autre.html")]
# The contrast of each node's text, or of its border, with what is behind it.
CONTRAST = """(nodes, property) => {
  const parse = (colour) => { const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number); return { rgb: [r, g, b], a }; };
  const behind = (node) => {
    for (let one = node; one; one = one.parentNode ?? one.host) {
      if (one.nodeType !== 1) continue;
      const { rgb, a } = parse(getComputedStyle(one).backgroundColor);
      if (a > 0.99) return rgb;
    }
    return [255, 255, 255];
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  return nodes.filter((node) => node.getClientRects().length).map((node) => {
    const one = luminance(parse(getComputedStyle(node)[property]).rgb);
    const other = luminance(behind(property === "color" ? node : node.parentElement));
    return [node.innerText || node.placeholder || node.localName, Math.max(one / other, other / one)];
  });
}"""
SMALL = """(links) => [...document.querySelector("aiguilleur-widget").shadowRoot.querySelectorAll("button, input, textarea" + links)]
  .filter((node) => node.getClientRects().length).map((node) => [node.textContent || node.localName, node.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 24 || height < 24).map(([text, { width, height }]) => `${text} ${width} × ${height}`)"""


def _violations(visitor):
    if not visitor.page.evaluate("'axe' in window"):
        visitor.page.evaluate(AXE_SCRIPT)
    found = visitor.page.evaluate("options => axe.run(options)", OPTIONS)["violations"]
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


def _check(visitor, state):
    assert (state, _violations(visitor)) == (state, [])


def _low(visitor, selector, least, property="color"):
    found = visitor.page.locator(selector).evaluate_all(CONTRAST, property)
    assert found
    return [each for each in found if each[1] < least]


@pytest.mark.parametrize("look", LOOKS)
def test_no_state_of_a_talk_has_a_fault_that_axe_sees(visit, look):
    visitor = visit(**LOOKS[look])
    visitor.expects("status of 410")
    _check(visitor, "closed")
    visitor.open()
    _check(visitor, "notice")
    visitor.button("Commencer et garder ma conversation").click()
    visitor.press("Trouver un mentor")
    _check(visitor, "choices")
    visitor.ask(SEARCH.replace("60 000", "70 000"))
    visitor.button("Pas utile").last.click()
    expect(visitor.button("Ce n’est plus à jour").last).to_be_visible()
    visitor.button("Partager").last.click()
    expect(visitor.page.locator(".shared input")).to_be_focused()
    visitor.shot(f"{look}-result")
    _check(visitor, "cards, reasons, share")
    visitor.button("Évaluer la conversation").click()
    _check(visitor, "rating")
    visitor.page.keyboard.press("Escape")
    visitor.button("Effacer ma conversation").click()
    _check(visitor, "confirmation")
    visitor.shot(f"{look}-confirm")
    visitor.button("Oui, effacer").click()
    expect(visitor.page.locator(".ended")).to_be_visible()
    _check(visitor, "erased")


@pytest.mark.parametrize("look", ["light", "dark phone"])
def test_no_state_of_a_talk_that_fails_has_a_fault_that_axe_sees(visit, look):
    visitor = visit(**LOOKS[look])
    visitor.expects(CUT_OFF, "status of 4")
    visitor.begin().ask(QUESTION)
    visitor.page.route("**/v1/messages**", lambda route: route.abort())
    visitor.write("merci")
    expect(visitor.status).to_be_visible()
    _check(visitor, "offline")
    visitor.shot(f"{look}-offline")
    visitor.button("Utile").click()
    visitor.page.unroute("**/v1/messages**")
    visitor.page.evaluate("localStorage.aiguilleur = JSON.stringify({ ...JSON.parse(localStorage.aiguilleur), token: 'forged' })")
    visitor.field.fill("mon brouillon")
    visitor.page.reload()
    expect(visitor.page.locator(".ended")).to_be_visible()
    _check(visitor, "expired")


@pytest.mark.parametrize(("look", "path"), DEMONSTRATIONS)
def test_the_demonstration_pages_have_no_fault_that_axe_sees(visit, served, look, path):
    visitor = visit(address=served.url + path, **LOOKS[look])
    expect(visitor.launcher).to_be_visible()
    name = "home" if path == "/" else "autre"
    visitor.shot(f"{look}-demo-{name}")
    _check(visitor, "closed")


@pytest.mark.parametrize(("look", "path"), DEMONSTRATIONS)
def test_the_demonstration_pages_have_no_fault_that_axe_sees_with_the_window_open(visit, served, look, path):
    visitor = visit(address=served.url + path, **LOOKS[look])
    visitor.page.locator("[data-open-chat]").click()
    expect(visitor.button("Commencer sans la garder")).to_be_visible()
    visitor.shot(f"{look}-demo-{'home' if path == '/' else 'autre'}-open")
    _check(visitor, "open")


@pytest.mark.parametrize("look", ["light", "dark phone"])
def test_a_shared_page_has_no_fault_that_axe_sees(visit, served, look):
    token = served.begin()
    seq = next(each["seq"] for each in served.say(token, text=SEARCH) if each["cards"])
    url = served.ask("POST", "shares", token, json={"message": seq}).json()["url"]
    visitor = visit(address=url, **LOOKS[look])
    visitor.shot(f"{look}-shared-page")
    _check(visitor, "shared")
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("color", ["#ffff00", "#888888", "#000080", "white"])
def test_whatever_the_colour_of_the_site_its_texts_and_controls_are_read(visit, color):
    visitor = visit(page={"color": color}).begin()
    visitor.press("Trouver un mentor")
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)
        _check(visitor, f"{color} {scheme}")
        # What axe leaves out: choices that are unavailable, the placeholder, the limits of controls.
        assert _low(visitor, ".choices [aria-disabled=true]", 4.5) == []
        assert _low(visitor, ".choices button, .quiet, #field, .composer .main, .head", 4.5) == []
        assert _low(visitor, ".choices button:not([aria-disabled]), .quiet, #field", 3, "borderTopColor") == []


@pytest.mark.parametrize("look", ["light", "phone"])
def test_every_target_has_24_pixels_each_way(visit, look):
    visitor = visit(**LOOKS[look])
    visitor.open()
    assert visitor.page.evaluate(SMALL, "") == []
    visitor.button("Commencer et garder ma conversation").click()
    visitor.ask(SEARCH)
    visitor.button("Pas utile").last.click()
    visitor.button("Partager").last.click()
    visitor.button("Effacer ma conversation").click()
    expect(visitor.button("Oui, effacer")).to_be_visible()
    assert visitor.page.evaluate(SMALL, ", .card p:not(.source) > a") == []


def test_every_link_of_a_card_has_24_pixels_each_way(visitor):
    visitor.begin().ask(SEARCH)
    assert visitor.page.evaluate(SMALL, ", .card p > a") == []


def test_nothing_moves_for_who_asked_for_less_motion(visit, slow, held):
    visitor = visit(slow, reduced_motion="reduce").begin()
    visitor.write(QUESTION)
    expect(visitor.typing).to_be_visible()
    moving = "() => document.querySelector('aiguilleur-widget').shadowRoot.getAnimations().length"
    assert visitor.page.evaluate(moving) == 0
    visitor.page.emulate_media(reduced_motion="no-preference")
    assert visitor.page.evaluate(moving) > 0


def test_with_forced_colours_what_is_chosen_unavailable_or_a_control_is_still_told_apart(visit):
    visitor = visit(forced_colors="active")
    visitor.shot("forced-closed")
    visitor.begin().press("Trouver un mentor")
    _check(visitor, "forced colours")
    style = "(node) => { const s = getComputedStyle(node); return [s.borderTopWidth, s.borderTopStyle]; }"
    chosen = visitor.page.locator("[aria-pressed=true]").first.evaluate(style)
    other = visitor.page.locator(".choices [aria-disabled=true]:not([aria-pressed=true])").first.evaluate(style)
    assert chosen != other
    assert visitor.launcher.evaluate(style) == ["2px", "solid"]
    visitor.shot("forced-talk")
    visitor.ask(SEARCH)
    visitor.shot("forced-cards")
    assert re.search("✓", visitor.page.locator("[aria-pressed=true]").first.evaluate("(n) => getComputedStyle(n, '::before').content"))
