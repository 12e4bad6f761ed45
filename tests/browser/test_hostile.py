"""Hostile texts and hostile pages: what is not ours is shown as text, runs nothing, and breaks nothing."""

import pytest
from browser.visitor import CUT_OFF, QUESTION
from playwright.sync_api import expect

RUN = "window.__hacked=1"
PAYLOADS = [
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror="{RUN}">',
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<math><mtext><img src=x onerror={RUN}></mtext></math>",
    f"<body onload={RUN}>",
    f'<iframe src="javascript:{RUN}"></iframe>',
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f'<a href="javascript:{RUN}">cliquez</a>',
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"java\tscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"vbscript:{RUN}",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<style>*{{background:url(javascript:{RUN})}}</style>",
    f'<link rel=stylesheet href="javascript:{RUN}">',
    f"<template><script>{RUN}</script></template>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    f"</textarea><script>{RUN}</script>",
    f"${{{RUN}}} {{{{{RUN}}}}} `{RUN}`",
    f"&lt;script&gt;{RUN}&lt;/script&gt; &#60;b&#62;",
    f'https://exemple.ca/"onmouseover="{RUN}',
    f"https://exemple.ca/'><script>{RUN}</script>",
    f'mailto:a@b.ca?subject="onclick={RUN}',
    "\u202e<b>à l’envers</b>\u202c \u0000\ufeff\ud83d\udc4d\u200d\ud83d\udc69",
]
# Elements that no text of the conversation may become, attributes that run, addresses that are not safe.
FOUND = """() => {
  const root = document.querySelector("aiguilleur-widget").shadowRoot, bad = [];
  const made = "script, img, iframe, object, embed, video, style, template, noscript, math, body, details, b";
  for (const node of root.querySelectorAll("*")) {
    if (node.matches(made) && node.closest(".log") && !node.matches(".card p > b")) bad.push(node.localName);
    for (const { name } of node.attributes) if (/^on|^srcdoc$|^formaction$/i.test(name)) bad.push(`${node.localName}[${name}]`);
    if (node.localName === "a" && !/^(https:|tel:|mailto:)/.test(node.href)) bad.push(node.href);
  }
  if (window.__hacked) bad.push("a script ran");
  return bad;
}"""
UGLY = {
    "nothing is displayed": "body *:not(aiguilleur-widget), button, section, span, svg { display: none !important }",
    "everything is reverted": "* { all: revert !important }",
    "everything is unset": "* { all: unset !important }",
    "huge and crooked": """html { font-size: 62.5% } body { transform: scale(1); filter: none; direction: rtl; letter-spacing: 1em }
      * { box-sizing: content-box !important; font: bold 60px/3 fantasy !important; text-transform: uppercase !important }
      * { color: red !important; float: left !important; background: pink !important; padding: 40px !important }
      * { visibility: hidden !important }""",
    "over everything": """main { position: fixed; inset: 0; z-index: 2147483647; background: #fee }
      aiguilleur-widget { z-index: -1 !important; pointer-events: none !important; transform: scale(.1) !important }""",
    "button and label of the page": """button, textarea, section, p, a { position: absolute !important; width: 1px !important }
      ::placeholder { color: transparent !important } [hidden] { display: block !important }""",
}


@pytest.fixture(scope="module")
def cards():
    """Cards whose every field is hostile."""
    names = ("does", "first_step", "phone", "email", "website", "source", "as_of", "caution")
    return [{"name": text, "why": [text], "actor": text, **dict.fromkeys(names, text)} for text in PAYLOADS]


def _shown(text):
    """Return a text as a page gives it back: blanks at its ends and unprintable signs apart."""
    return "".join(text.replace("\u0000", "").split())


def _assert_said(visitor):
    assert visitor.page.evaluate(FOUND) == []
    said = [_shown(text) for text in visitor.said.all_inner_texts()]
    # Addresses of people are masked by the server.
    assert [text for text in PAYLOADS[:-1] if _shown(text) not in said and "@" not in text] == []


def test_what_a_visitor_types_is_shown_as_it_is_and_runs_nothing(visitor):
    visitor.expects(CUT_OFF)
    visitor.begin().page.context.set_offline(True)
    for text in PAYLOADS[:-1]:
        visitor.write(text)
    expect(visitor.waiting).to_have_count(len(PAYLOADS) - 1)
    _assert_said(visitor)


def test_what_a_visitor_typed_comes_back_from_the_server_as_text(visitor):
    visitor.begin()
    token = visitor.page.evaluate("JSON.parse(localStorage.aiguilleur).token")
    for text in PAYLOADS[:-1]:
        visitor.server.say(token, text=text)
    visitor.page.reload()
    visitor.answered(len(PAYLOADS) - 1)
    _assert_said(visitor)
    visitor.shot("hostile-typed")


def test_what_the_assistant_would_say_is_shown_as_text_and_runs_nothing(visitor):
    visitor.begin()
    for number in range(0, len(PAYLOADS), 8):
        texts = PAYLOADS[number : number + 8]
        visitor.tell("\n\n".join(texts), buttons=[{"id": f"k{number}x{i}aaaaaaa", "title": text} for i, text in enumerate(texts)])
    assert visitor.page.evaluate(FOUND) == []
    shown = _shown(visitor.log.inner_text())
    assert [text for text in PAYLOADS[:-1] if _shown(text) not in shown] == []
    visitor.shot("hostile-texts")


def test_hostile_cards_are_shown_copied_printed_and_shared_without_running_anything(visitor, visit, cards):
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.begin()
    visitor.tell("Voici.", cards=cards)
    expect(visitor.cards).to_have_count(len(cards))
    assert visitor.page.evaluate(FOUND) == []
    for text, name in zip(PAYLOADS[:-1], visitor.cards.get_by_role("heading", level=3).all_inner_texts(), strict=False):
        assert _shown(name) == _shown(text)
    visitor.button("Copier").click()
    expect(visitor.status).to_have_text("C’est copié.")
    visitor.button("Partager").click()
    expect(visitor.page.locator(".shared input")).to_be_focused()
    assert visitor.page.evaluate(FOUND) == []
    visitor.shot("hostile-cards")
    shared = visit(address=visitor.page.locator(".shared input").input_value())
    expect(shared.page.get_by_role("article")).to_have_count(len(cards))
    assert shared.page.evaluate("Boolean(window.__hacked)") is False
    assert shared.page.evaluate("document.querySelectorAll('article img, article script, article iframe, article svg').length") == 0
    hrefs = shared.page.get_by_role("link").evaluate_all("all => all.map((one) => one.href)")
    assert [href for href in hrefs if not href.startswith(("https://", "http://", "tel:", "mailto:"))] == []


def test_no_link_of_a_hostile_card_runs_when_it_is_followed(visitor, cards):
    visitor.begin()
    visitor.tell(
        "Voici.",
        cards=[{"name": "Piège", "does": "Rien.", "website": "javascript:window.__hacked=1", "source": "javascript:window.__hacked=1"}],
    )
    card = visitor.cards.first
    expect(card).to_contain_text("javascript:window.__hacked=1")
    assert card.get_by_role("link").count() == 0
    assert visitor.page.evaluate(FOUND) == []


@pytest.mark.parametrize("greeting", [PAYLOADS[1], PAYLOADS[9]])
def test_what_the_page_s_own_attributes_hold_is_text_as_well(visit, greeting):
    visitor = visit(
        page={
            "greeting": greeting,
            "label": greeting,
            "contact": f"javascript:{RUN}",
            "host_name": greeting,
            "color": "red;} * { display: none",
        }
    )
    expect(visitor.launcher).to_have_text(greeting)
    visitor.launcher.click()
    expect(visitor.panel.locator(".greeting")).to_have_text(greeting)
    assert visitor.page.evaluate(FOUND) == []


@pytest.mark.parametrize("css", UGLY)
def test_no_style_of_the_page_breaks_the_widget(visit, css):
    visitor = visit(page={"css": UGLY[css]})
    expect(visitor.launcher).to_be_in_viewport(ratio=1)
    box = visitor.launcher.bounding_box()
    assert box["height"] < 70
    assert box["x"] > 900
    visitor.begin()
    expect(visitor.ask(QUESTION)).to_contain_text("1,5\u00a0%")
    visitor.shot(f"page-where-{css}")
    panel = visitor.panel.bounding_box()
    assert 380 < panel["width"] < 430
    assert 500 < panel["height"] < 720
    style = (
        "node => { const s = getComputedStyle(node); return [s.fontSize, s.textTransform, s.direction, s.letterSpacing, s.visibility]; }"
    )
    assert visitor.answers.last.evaluate(style) == ["16px", "none", "ltr", "normal", "visible"]
