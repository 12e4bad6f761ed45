"""The action server over HTTP: who may call it, what it never tells, what it says when the directory is gone."""

import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

CANARY = "canari-7c1f"


def _call(slots: dict[str, Any] | None = None, action: str = "validate_find_support_form", **tracker: Any) -> dict[str, Any]:
    """Return what Rasa sends for a turn."""
    message = {"text": "Rimouski", "intent": {"name": "inform", "confidence": 1.0}, "entities": [], "ranking": [], "parts": []}
    known = {
        "sender_id": "integration",
        "slots": {"requested_slot": "stage", **(slots or {})},
        "latest_message": message,
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {"name": "find_support_form"},
        "latest_action_name": "action_listen",
    }
    return {"next_action": action, "sender_id": "integration", "tracker": {**known, **tracker}, "domain": {}}


def _post(server: Any, **request: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {server.secret}", **request.pop("headers", {})}
    return httpx.post(server.url, headers=headers, timeout=60, **request)


def test_an_action_is_run_for_who_knows_the_secret(action_server):
    answer = _post(action_server, json=_call({"need": "financement", "place": ["10043"], "legal_form": "obnl"}))
    assert answer.status_code == 200
    assert {"events", "responses"} <= set(answer.json())


@pytest.mark.parametrize(
    "header", [b"", b"Bearer", b"Bearer wrong", b"a secret", "Bearer é".encode()], ids=["none", "empty", "wrong", "no-scheme", "not-ascii"]
)
def test_a_call_without_the_secret_is_refused(action_server, header):
    answer = _post(action_server, json=_call(), headers={"Authorization": header})
    assert answer.status_code == 401
    assert "responses" not in answer.text


def test_an_unknown_action_is_not_found(action_server):
    answer = _post(action_server, json=_call(action="action_that_nobody_wrote"))
    assert answer.status_code == 404
    assert set(answer.json()) == {"error", "action_name"}


@pytest.mark.parametrize(
    "body",
    [f'{{"{CANARY}"'.encode(), f'["{CANARY}"]'.encode(), b"null", b"\xff\xfe", b'{"next_action": 3, "tracker": []}'],
    ids=["cut", "list", "null", "not-utf-8", "wrong-types"],
)
def test_a_body_that_is_not_a_turn_gets_an_error_without_detail(action_server, body):
    answer = _post(action_server, content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 600
    assert CANARY not in answer.text
    assert "Traceback" not in answer.text


def test_what_a_failing_action_was_told_is_in_no_response_and_no_log(actions_on, directory_url):
    # A question that does not exist makes the handler fail, with its name in the text of the error.
    broken = _call({"requested_slot": CANARY, "subject": CANARY})
    broken["tracker"]["latest_message"]["text"] = f"{CANARY} pantoute"
    with actions_on(directory_url) as server:
        told = _post(server, json=broken)
        refused = _post(server, json=_call(slots={}, latest_message=CANARY, events=CANARY))
    assert "utter_out_of_order" in told.text
    assert CANARY not in told.text + refused.text
    log = server.log.read_text(encoding="utf-8")
    assert "actions.search failed" in log
    assert CANARY not in log


@pytest.fixture(scope="module")
def without_directory(
    actions_on: Callable[[str], Any],
    model: Path,
    person: Any,
    wait: Callable[[Awaitable], Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Any]:
    """Someone who talks to an assistant whose database does not open: its file is a folder."""
    from bot.engine import load_agent

    from bot.assistant import Assistant

    url = f"sqlite:///{tmp_path_factory.mktemp('gone')}"

    async def load(server: Any) -> Assistant:
        return Assistant(load_agent(model, server.url, server.secret))

    with actions_on(url) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGUILLEUR_DATABASE_URL", url)
        loaded = wait(load(server))
        yield type(person)(loaded, wait)
        wait(loaded.close())


@pytest.mark.parametrize(
    "text",
    [
        "on cherche du financement à Rimouski pour notre obnl",
        "le RISQ prête combien",
        "c'est qui le pôle à Matane",
        "ça coûte quoi un mentor",
    ],
)
def test_a_directory_that_does_not_answer_is_said_and_never_called_nothing_found(without_directory, text):
    shown = without_directory.say(f"down {text}", text)
    assert re.search(r"annuaire ne repond pas", shown.folded), shown.raw
    assert re.search(r"mrc|pole", shown.folded), shown.raw
    assert not re.search(r"rien trouve|n'ai trouve|pas trouve|connais pas|ennui technique|j'hesite", shown.folded), shown.raw


def test_a_directory_that_does_not_answer_is_said_once_a_turn(without_directory):
    shown = without_directory.say("down once", "on cherche du financement à Rimouski pour notre obnl")
    assert shown.folded.count("ne repond pas") == 1, shown.raw


@pytest.mark.parametrize(("text", "pattern"), [("allo", "robot"), ("je veux mourir", r"\b988\b"), ("merci", "plaisir|de rien")])
def test_manners_and_help_lines_need_no_directory(without_directory, text, pattern):
    assert re.search(pattern, without_directory.say(f"down {text}", text).folded)
