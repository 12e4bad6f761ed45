"""Somebody in front of the widget, in a real browser, and what went through that browser."""

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, TimeoutError, expect

SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
# What a browser says of a request that a test made fail.
CUT_OFF = r"net::ERR_"
QUESTION = "le RISQ prend combien de frais?"
SEARCH = "on est un obnl en démarrage à Rimouski et on cherche 60 000 $"
# The widget's events, what a policy refuses, and whether a script of somebody else ran.
LISTEN = """
window.heard = [];
for (const name of ["opened", "closed", "begun", "sent", "answered", "unread", "shared", "erased", "failed"])
  document.addEventListener("aiguilleur:" + name, (event) => heard.push([name, event.detail]));
document.addEventListener("securitypolicyviolation", (event) => console.error("refused by the policy: " + event.blockedURI));
"""
ANSWERED = """(count) => {
  const root = document.querySelector("aiguilleur-widget")?.shadowRoot;
  return root?.querySelectorAll(".log .judging").length === count && root.querySelector(".typing").hidden;
}"""
# The element that has the focus, within the widget if it is there.
FOCUSED = """() => {
  const inside = document.activeElement?.shadowRoot?.activeElement;
  return inside ? inside.id || inside.className || inside.textContent : document.activeElement?.localName;
}"""


class Records:
    """What a browser asked and complained of while somebody visited."""

    def __init__(self, context: BrowserContext, origins: set[str]) -> None:
        self.requests: list[tuple[str, str]] = []
        self.complaints: list[str] = []
        self.expected: list[str] = []
        self._context, self._origins = context, origins
        context.on("request", lambda request: self.requests.append((request.method, request.url)))
        context.on("console", lambda message: self._hear(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"{kind}: {text}")

    def check(self) -> None:
        """Fail on a complaint that no test announced, a request to somebody else, a cookie."""
        unexpected = [each for each in self.complaints if not any(re.search(one, each) for one in self.expected)]
        assert unexpected == [], unexpected
        strangers = [url for _, url in self.requests if _origin(url) not in self._origins and not url.startswith("data:")]
        assert strangers == [], strangers
        assert self._context.cookies() == []


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Visitor:
    """One tab of a browser, at a page that shows the widget of `server`."""

    def __init__(self, page: Page, records: Records, server: Any, address: str) -> None:
        self.page, self.records, self.server, self.address = page, records, server, address
        self.widget = page.locator("aiguilleur-widget")
        self.launcher = page.locator(".launcher")
        self.panel = page.locator(".panel")
        self.field = page.locator("#field")
        self.log = page.locator("[role=log]")
        self.said = page.locator(".user .said")
        self.answers = page.locator(".message.bot")
        self.cards = page.locator(".log .card")
        self.status = page.locator(".status")
        self.alert = page.locator("[role=alert]")
        self.typing = page.locator(".typing")
        self.waiting = page.locator(".state", has_text="en attente")
        # One under each answer that is whole.
        self.judged = page.locator(".log .judging")

    # What a visitor does.

    def go(self, address: str | None = None) -> "Visitor":
        """Go to a page; the one of this test unless another is given."""
        self.page.goto(address or self.address)
        return self

    def tab(self, address: str | None = None) -> "Visitor":
        """Return the same person at another tab of the same browser."""
        return Visitor(self.page.context.new_page(), self.records, self.server, self.address).go(address)

    def open(self) -> "Visitor":
        """Open the window."""
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def begin(self, keep: bool = True) -> "Visitor":
        """Open the window and accept the notice."""
        self.open()
        self.button("Commencer et garder ma conversation" if keep else "Commencer sans la garder").click()
        expect(self.field).to_be_visible()
        return self

    def write(self, text: str) -> None:
        """Send a message, and wait for nothing."""
        self.field.fill(text)
        self.field.press("Enter")

    def ask(self, text: str) -> Locator:
        """Send a message, and return the last part of its answer once it is whole."""
        before = self.judged.count()
        self.write(text)
        return self.answered(before + 1)

    def press(self, title: str) -> Locator:
        """Press the last button of this title, and return the last part of the answer once it is whole."""
        before = self.judged.count()
        self.button(title).last.click()
        return self.answered(before + 1)

    def answered(self, count: int) -> Locator:
        """Return the last of our messages once that many of the visitor's are answered."""
        # Asked at each frame, where `expect` would wait longer and longer.
        try:
            self.page.wait_for_function(ANSWERED, arg=count)
        except TimeoutError:
            expect(self.judged).to_have_count(count)
            expect(self.typing).to_be_hidden()
        return self.answers.last

    # What is there.

    def button(self, title: str) -> Locator:
        """Return the buttons of exactly this name."""
        return self.page.get_by_role("button", name=title, exact=True)

    def focused(self) -> str:
        """Return what has the focus: an id, a class or a text within the widget, a tag outside."""
        return self.page.evaluate(FOCUSED)

    def stored(self) -> dict[str, str]:
        """Return what the page's origin keeps, in both storages."""
        return self.page.evaluate("() => ({ ...localStorage, ...sessionStorage })")

    def heard(self) -> list[list[Any]]:
        """Return the widget's events on this page, with their details."""
        return self.page.evaluate("heard")

    def asked(self, path: str = "/widget/") -> list[tuple[str, str]]:
        """Return the requests to the widget's server below a path, without the query."""
        found = [(method, urlsplit(url)) for method, url in self.records.requests if url.startswith(self.server.url)]
        return [(method, url.path) for method, url in found if url.path.startswith(path)]

    def expects(self, *complaints: str) -> None:
        """Announce what the browser will complain of, as regular expressions."""
        self.records.expected += complaints

    def shot(self, name: str) -> None:
        """Keep an image of what is seen, for whoever reads the run."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name.replace(' ', '-')}.png", animations="disabled")

    def conversation(self) -> str:
        """Return the name of the conversation that this browser holds, as the server knows it."""
        from bot.channels.tokens import Tokens

        token = json.loads(self.stored()["aiguilleur"])["token"]
        return Tokens(self.server.secret, "web", timedelta(days=90)).read(token, datetime.now(timezone.utc)).conversation

    def tell(self, *texts: str, cards: Sequence[dict[str, Any]] = (), buttons: Sequence[dict[str, str]] = ()) -> None:
        """Put messages of ours in the conversation, as if the assistant had said them, and reload the page."""
        from bot.conversations.inbox import held
        from bot.conversations.models import Outbound

        name, now = self.conversation(), datetime.now(timezone.utc)

        def write(session: Any) -> None:
            row = held(session, name)
            for text in texts:
                row.last_seq += 1
                content = {"text": text, "cards": list(cards), "buttons": list(buttons)}
                session.add(Outbound(conversation_id=name, seq=row.last_seq, answers=None, last=True, content=content, sent_at=now))

        self.server.store.run_here(write)
        before = self.answers.count()
        self.page.reload()
        expect(self.answers).to_have_count(before + len(texts))
