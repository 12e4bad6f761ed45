"""F24: `aiguilleur serve` does not start on a version of the Graph API that has ended, and says which one ends soon."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from directory.text import day

PAGE = {
    "AIGUILLEUR_MESSENGER_PAGE_ID": "104027518999001",
    "AIGUILLEUR_MESSENGER_APP_ID": "770011223344556",
    "AIGUILLEUR_MESSENGER_APP_SECRET": "canari-secret-0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "AIGUILLEUR_MESSENGER_PAGE_TOKEN": "EAAcanarijeton0000000000000000000000000000000000000001",
    "AIGUILLEUR_MESSENGER_VERIFY_TOKEN": "canari-verification-6f2b-0123456789abcdef",
    # What is looked for after the version: with a good one, this is what stops the command.
    "AIGUILLEUR_CONVERSATIONS_DATABASE_URL": "sqlite:////proc/none/conversations.db",
}
NEXT = "AIGUILLEUR_CONVERSATIONS_DATABASE_URL"


@pytest.fixture
def serve(verb: Callable, model: Any) -> Callable[[str], Any]:
    """How `aiguilleur serve` ends under a version, on a page that is complete."""
    from cli.stack import free_port

    def run(version: str) -> Any:
        return verb("serve", "--port", str(free_port()), "--model", str(model), **{**PAGE, "AIGUILLEUR_MESSENGER_GRAPH_VERSION": version})

    return run


def _lines(ended: Any) -> list[str]:
    assert ended.code != 0
    return [line for line in ended.err.splitlines() if line.strip()]


@pytest.mark.parametrize(("version", "told"), [("v20.0", "a pris fin le 24 septembre 2026"), ("v3.0", "n’est pas connue")])
def test_serve_refuses_a_version_that_is_dead_or_unknown(serve, version, told):
    (line,) = _lines(serve(version))
    assert f"La version {version} de l’API Graph {told}" in line
    assert "AIGUILLEUR_MESSENGER_GRAPH_VERSION" in line


@pytest.mark.parametrize("days", [0, 1, 89])
def test_serve_warns_of_a_version_in_its_last_days_and_goes_on(serve, monkeypatch, days):
    from bot.messenger import versions

    # The table, as it will be on some day: no version of today's ends so soon for as long as this test is kept.
    end = _today() + timedelta(days=days + 1)
    monkeypatch.setitem(versions.ENDS, "v24.0", end)
    warned, stopped = _lines(serve("v24.0"))
    assert f"La version v24.0 de l’API Graph prend fin le {day(end.isoformat())}" in warned
    assert NEXT in stopped


def test_serve_says_nothing_of_a_version_that_lasts(serve, monkeypatch):
    from bot.messenger import versions

    monkeypatch.setitem(versions.ENDS, "v24.0", _today() + timedelta(days=92))
    (stopped,) = _lines(serve("v24.0"))
    assert NEXT in stopped


def _today() -> date:
    return datetime.now(timezone.utc).date()
