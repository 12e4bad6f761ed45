"""The headers of every answer: pages, files, refusals, errors, sendings elsewhere."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from clocks import Clock
from examples import VALUES
from flask import Flask
from staff import CHEAP, Staff

from console.app import Config, make_app
from console.permissions import ROLES

CONSOLE = Path(__file__).resolve().parents[2] / "console"
TYPED = "le secret de quelqu’un"
EVERYWHERE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def _addresses(console: Flask) -> list[str]:
    adapter = console.url_map.bind("localhost")
    rules = [rule for rule in console.url_map.iter_rules() if "GET" in rule.methods]
    return [adapter.build(rule.endpoint, VALUES.get(rule.endpoint, {}), method="GET") for rule in rules] + [
        "/nulle-part",
        "/static/rien.css",
    ]


def test_every_answer_has_them(console: Flask, login: Callable[..., Staff]) -> None:
    @console.get("/en-panne")
    def fail() -> str:
        raise RuntimeError("un texte d’une personne")

    wrong = []
    for staff in (login(*ROLES), console.test_client()):
        for path in [*_addresses(console), "/en-panne"]:
            for answer in (staff.get(path), staff.post(path)):
                wrong += [f"{path}: {name}" for name, value in EVERYWHERE.items() if answer.headers.get(name) != value]
                kept = path.startswith("/static/console") and answer.status_code == 200
                if answer.headers["Cache-Control"] != ("public, max-age=31536000, immutable" if kept else "no-store"):
                    wrong.append(f"{path}: Cache-Control")
    assert wrong == []


def test_a_fault_shows_a_page_and_logs_no_text_of_people(
    console: Flask, login: Callable[..., Staff], caplog: pytest.LogCaptureFixture
) -> None:
    console.view_functions["home.home"] = _fail
    answer = login("reader").get("/")
    assert answer.status_code == 500
    shown = answer.get_data(as_text=True)
    assert "Erreur imprévue" in shown
    assert "Traceback" not in shown
    assert "RuntimeError" in caplog.text
    assert "test_console_headers.py" in caplog.text
    assert TYPED not in shown + caplog.text


def _fail() -> str:
    raise RuntimeError(TYPED)


def test_what_sends_elsewhere_says_nothing_in_english(visitor: Staff) -> None:
    answer = visitor.get("/")
    assert answer.status_code == 303
    assert answer.get_data() == b""


@pytest.mark.parametrize("https", [True, False])
def test_browsers_are_held_to_https_where_there_is_one(journal_url: str, directory_url: str, clock: Clock, https: bool) -> None:
    console = make_app(Config(journal_url, directory_url, "s" * 40, https=https, hash_cost=CHEAP, testing=True), clock)
    answer = console.test_client().get("/connexion")
    assert ("Strict-Transport-Security" in answer.headers) is https
    console.extensions["console_databases"].close()


def test_the_files_that_browsers_keep_change_address_with_their_content(visitor: Staff) -> None:
    shown = visitor.get("/connexion").get_data(as_text=True)
    for name in ("console.css", "parts.css", "htmx.min.js", "keys.js"):
        assert re.search(rf"/static/{re.escape(name)}\?v=[0-9a-f]{{12}}", shown)


class _Inline(HTMLParser):
    """Gathers what the policy of the pages refuses: scripts and styles that are in the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note each tag or attribute that runs or paints."""
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in names if name.startswith("on") or name == "style"]


def test_no_template_holds_a_script_or_a_style() -> None:
    wrong = []
    for template in sorted(CONSOLE.rglob("*.html")):
        parser = _Inline()
        parser.feed(re.sub(r"\{[%#].*?[%#]\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL))
        wrong += [f"{template.relative_to(CONSOLE)}: {each}" for each in parser.found]
    assert wrong == []


def test_the_library_in_the_pages_comes_with_its_licence() -> None:
    assert "Zero-Clause BSD" in (CONSOLE / "static" / "htmx.LICENSE.txt").read_text(encoding="utf-8")
    assert 'version:"2.' in (CONSOLE / "static" / "htmx.min.js").read_text(encoding="utf-8")
