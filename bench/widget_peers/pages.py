"""What Chromium fetches for a page with a widget, and what axe-core says of it, closed and opened.

Each widget stands in the same page, which has a language, a title, a main landmark and a heading, and in which axe-core finds nothing; ours
is judged in our demonstration site besides, where a server answers it.
"""

import mimetypes
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from bench.processes import say
from bench.widget_peers.packages import Peer
from bench.widget_peers.sizes import WIDGET, packed

VIEWPORT = {"width": 1280, "height": 800}
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SHOWN_MS = 8000
# Until what moves has come to rest.
REST_MS = 2000
BARE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A page</title>
HEAD</head><body><main><h1>A page</h1><p>Nothing but a chat widget.</p>MAIN</main>BODY</body></html>"""
OURS = Peer(
    "ours",
    "",
    "",
    ("widget.js",),
    body='<script type="module" src="FILES/widget.js" data-place="Rimouski" data-color="#0b6b57"></script>',
    panel="aiguilleur-widget .panel .notice",
    launcher="aiguilleur-widget .launcher",
)
QUESTION = "Qui peut financer une coopérative à Rimouski?"


class NoBrowser(Exception):
    """There is no Chromium here."""


@contextmanager
def browser() -> Iterator[Browser]:
    """Run Chromium until the block ends.

    Raises:
        NoBrowser: it is not installed.
    """
    path = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if path is None:
        raise NoBrowser("no Chromium here")
    with sync_playwright() as playwright:
        # The sandbox of Chromium asks for rights that a container does not have.
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@contextmanager
def _site(folder: Path, html: str) -> Iterator[str]:
    """Serve `html` and the files of a folder under /files; give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            file = (folder / path.removeprefix("/files/")).resolve()
            if path == "/":
                self._send(html.encode(), "text/html; charset=utf-8")
            elif path.startswith("/files/") and file.is_relative_to(folder.resolve()) and file.is_file():
                self._send(file.read_bytes(), mimetypes.guess_type(file.name)[0] or "application/octet-stream")
            else:
                self.send_error(404)

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _rule(said: dict[str, Any]) -> dict[str, Any]:
    where = [node["target"] for node in said["nodes"]]
    return {"impact": said["impact"], "nodes": len(where), "where": where}


def _bare(peer: Peer | None) -> str:
    parts = {"HEAD": peer.head, "MAIN": peer.main, "BODY": peer.body} if peer else {"HEAD": "", "MAIN": "", "BODY": ""}
    html = BARE
    for place, text in parts.items():
        html = html.replace(place, text)
    return html.replace("FILES", "/files")


def judged(page: Page) -> dict[str, Any]:
    """Return what axe-core finds in a page, with all its default rules: of each broken rule, its weight and how many nodes break it."""
    said = Axe().run(page, options={}).response
    found, unsure = ({each["id"]: _rule(each) for each in said[kind]} for kind in ("violations", "incomplete"))
    return {"violations": found, "unsure": unsure, "axe": said["testEngine"]["version"]}


def measure_peer(chromium: Browser, peer: Peer, folder: Path) -> dict[str, Any]:
    """Return what the page of a widget fetches (bytes packed, by file; hosts of others) and what axe-core finds in it, by state.

    A state that does not show is None.
    """
    html = _bare(peer)
    with _site(folder, html) as address:
        page = chromium.new_page(viewport=VIEWPORT)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        states, before = _states(page, peer, lambda: _fetched(asked, address, folder))
        fetched = _fetched(asked, address, folder)
        page.close()
    hosts = sorted({urlsplit(url).hostname or "" for url in asked if url.startswith("http")} - {"127.0.0.1"})
    say(f"{peer.name}: {', '.join(f'{name} {_told(state)}' for name, state in states.items())}")
    return {"before": before, "fetched": fetched, "hosts": hosts, "states": states}


def _states(page: Page, peer: Peer, fetched: Callable[[], dict[str, int]]) -> tuple[dict[str, Any], dict[str, int]]:
    """Return what axe-core finds in each state, and what was fetched before the widget was opened."""
    if peer.launcher is None:
        shown = _shows(page, peer.panel)
        return {"always open": judged(page) if shown else None}, fetched()
    if not _shows(page, peer.launcher):
        return {"closed": None, "opened": None}, fetched()
    closed, before = judged(page), fetched()
    page.locator(peer.launcher).first.click()
    return {"closed": closed, "opened": judged(page) if _shows(page, peer.panel) else None}, before


def _told(state: dict[str, Any] | None) -> str:
    return "not shown" if state is None else f"{len(state['violations'])} violations"


def _shows(page: Page, selector: str) -> bool:
    try:
        page.locator(selector).first.wait_for(state="visible", timeout=SHOWN_MS)
    except TimeoutError:
        return False
    page.wait_for_timeout(REST_MS)
    return True


def _fetched(asked: list[str], address: str, folder: Path) -> dict[str, int]:
    start = f"{address}/files/"
    names = dict.fromkeys(urlsplit(url).path.removeprefix("/files/") for url in asked if url.startswith(start))
    return {name: packed(folder / name) for name in names if (folder / name).is_file()}


def measure_bare(chromium: Browser) -> dict[str, Any]:
    """Return what axe-core finds in the page without any widget."""
    with _site(WIDGET, _bare(None)) as address:
        page = chromium.new_page(viewport=VIEWPORT)
        page.goto(address)
        found = judged(page)
        page.close()
    return found


def measure_demo(chromium: Browser, address: str) -> dict[str, Any]:
    """Return what axe-core finds in our demonstration site, by state: closed, at the notice, in a talk with cards in it."""
    page = chromium.new_page(viewport=VIEWPORT)
    page.goto(address)
    states = {"closed": judged(page)} if _shows(page, OURS.launcher or "") else {}
    page.locator("aiguilleur-widget .launcher").click()
    states["at the notice"] = judged(page) if _shows(page, OURS.panel) else None
    page.locator("aiguilleur-widget .notice button.main").first.click()
    field = page.locator("aiguilleur-widget #field")
    field.fill(QUESTION)
    field.press("Enter")
    shown = _shows(page, "aiguilleur-widget .card")
    states["in a talk"] = judged(page) if shown else None
    page.close()
    say(f"ours, demonstration: {', '.join(f'{name} {_told(state)}' for name, state in states.items())}")
    return states
