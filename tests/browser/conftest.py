"""A real browser on the real server: pages of other sites, visitors, and an answer that can be held back."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser.hosts import Site, Wire, website, wire
from browser.visitor import LISTEN, Records, Visitor
from gates import Gate
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import Web

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_GET_CHROMIUM = (
    "no browser was found: « apt-get install chromium » (Debian), « brew install --cask chromium » (macOS), "
    "or set AIGUILLEUR_TEST_CHROMIUM to the path of Chromium or Chrome"
)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """A website of another origin than the server's, on its list."""
    with website() as served:
        yield served


@pytest.fixture(scope="session")
def foreign_site() -> Iterator[Site]:
    """A website that is not on the server's list."""
    with website() as served:
        yield served


@pytest.fixture(scope="session")
def many() -> Any:
    """Limits that no test reaches."""
    from bot.channels.limits import Rates

    return Rates(write=10_000, fetch=10_000, begin=10_000, address=100_000)


@pytest.fixture(scope="session")
def served(serve_app: Callable[..., Any], site: Site, many: Any) -> Iterator[Web]:
    """The server of most tests."""
    with serve_app(origins=(site.origin,), rates=many) as web:
        yield web


class Held:
    """The shared assistant, whose turns wait while they are held back."""

    def __init__(self, assistant: Any) -> None:
        self._assistant, self._gate = assistant, Gate()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    async def turn(self, *arguments: Any) -> Any:
        """Answer, once nothing holds the answers back."""
        await self._gate.passed()
        return await self._assistant.turn(*arguments)

    def hold(self) -> None:
        """Answer nobody from now on."""
        self._gate.shut()

    def release(self) -> None:
        """Answer what waits, and what comes."""
        self._gate.open()


@pytest.fixture(scope="session")
def slow_service(serve_app: Callable[..., Any], site: Site, many: Any, assistant: Any) -> Iterator[tuple[Web, Held]]:
    """A server whose answers can be held back, and what holds them."""
    held = Held(assistant)
    with serve_app(origins=(site.origin,), rates=many, assistant=held) as web:
        yield web, held
        held.release()


@pytest.fixture(scope="module")
def chromium(served: Web, slow_service: tuple[Web, Any]) -> Iterator[Browser]:
    """The browser of a file of tests: while Playwright lives, no other test of its process may run an event loop."""
    path = os.environ.get("AIGUILLEUR_TEST_CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if path is None:
        pytest.skip(HOW_TO_GET_CHROMIUM)
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        # The sandbox of Chromium asks for rights that a container does not have.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def slow(slow_service: tuple[Web, Held]) -> Iterator[Web]:
    """A server that answers nobody until `held.release()`."""
    web, held = slow_service
    held.hold()
    yield web
    held.release()


@pytest.fixture
def held(slow_service: tuple[Web, Held]) -> Held:
    """What holds the answers of `slow` back."""
    return slow_service[1]


@pytest.fixture
def line() -> Iterator[Wire]:
    """An address that can be cut off from the server behind it."""
    with wire() as made:
        yield made


@pytest.fixture
def visit(chromium: Browser, site: Site, foreign_site: Site, served: Web) -> Iterator[Callable[..., Visitor]]:
    """Brings a visitor, in a browser of their own, to a page of another site that shows the widget.

    `server` and `address` say otherwise; `page` holds keywords of `Site.page`; other keywords are those of the browser's context.
    When the test ends, the browser must have nothing to complain of.
    """
    contexts, all_records = [], []

    def bring(server: Any = served, address: str | None = None, page: dict[str, str] | None = None, **options: Any) -> Visitor:
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "fr-CA", "timezone_id": "America/Montreal", **options}
        context = chromium.new_context(**options)
        context.set_default_timeout(15_000)
        context.add_init_script(LISTEN)
        records = Records(context, {site.origin, foreign_site.origin, server.url})
        contexts.append(context)
        all_records.append(records)
        return Visitor(context.new_page(), records, server, address or site.page(server.url, **(page or {}))).go()

    yield bring
    for records in all_records:
        records.check()
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    """Somebody at a page of another site, before the window is opened."""
    return visit()


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """The page of `visitor`."""
    return visitor.page
