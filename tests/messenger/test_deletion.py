"""Requests to delete someone's data that Meta passes on (F23)."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from messaging import Messenger
from stand_in import StandIn, received, rows


@pytest.fixture(scope="module")
def served(serve_messenger: Callable) -> Iterator[Messenger]:
    """The channel on a stand-in."""
    with serve_messenger(assistant=StandIn()) as serving:
        yield serving


def _ask(served: Messenger, request: str) -> httpx.Response:
    return served.web.client.post("/messenger/suppression", data={"signed_request": request})


def test_what_is_held_of_someone_meta_names_is_erased_and_the_page_says_so(served, folded):
    marie, luc = served.person(), served.person()
    for person in (marie, luc):
        served.told(person, lambda person=person: person.says("allo"))
    answer = _ask(served, served.graph.deletion_request(marie.psid))
    assert answer.status_code == 200
    assert received(served.web.store, marie.psid) == []
    assert received(served.web.store, luc.psid) == [("text", "allo")]
    url, code = answer.json()["url"], answer.json()["confirmation_code"]
    assert url.startswith(served.web.url)
    assert code in url
    assert len(code) >= 20
    told = httpx.get(url, trust_env=False)
    assert told.status_code == 200
    assert "ont ete effacees" in folded(told.text)
    assert "EF-" in told.text
    assert marie.psid not in told.text


def test_someone_who_cannot_be_matched_is_told_so_and_how_to_erase(served, folded):
    answer = _ask(served, served.graph.deletion_request("987654321"))
    told = folded(served.web.client.get(answer.json()["url"]).text)
    assert "ne correspond a aucune" in told
    assert "efface ma conversation" in told


def test_a_code_that_was_never_given_shows_nothing(served, folded):
    told = served.web.client.get("/messenger/suppression/aaaaaaaaaaaaaaaaaaaaaa")
    assert told.status_code == 404
    assert "aucune demande" in folded(told.text)


def test_a_request_that_comes_again_is_refused(served):
    request = served.graph.deletion_request("123456789")
    assert [_ask(served, request).status_code for _ in range(2)] == [200, 403]


BAD: dict[str, dict[str, Any]] = {
    "forged": {"secret": "the secret of somebody else"},
    "expired": {"expires": int(time.time()) - 10},
    "old": {"issued_at": int(time.time()) - 3 * 24 * 3600},
    "without a date": {"issued_at": 0},
    "of another algorithm": {"algorithm": "none"},
    "of nobody": {"user_id": ""},
    "of a number": {"user_id": 12},
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_request_is_refused_and_erases_nothing(served, name):
    marie = served.person()
    served.told(marie, lambda: marie.says("allo"))
    before = rows(served.web.store)
    overrides = {"user_id": marie.psid, **BAD[name]}
    assert _ask(served, served.graph.deletion_request(overrides.pop("user_id"), **overrides)).status_code == 403
    assert rows(served.web.store) == before


@pytest.mark.parametrize("request_", ["", ".", "a.b", "é.é", "x" * 15_000, "a.b.c", "==.=="])
def test_what_is_no_request_is_refused(served, request_):
    assert _ask(served, request_).status_code == 403
    assert served.web.client.post("/messenger/suppression", content=b"\xff\xfe").status_code == 403


def test_a_request_too_long_is_refused(served):
    assert _ask(served, "x" * 50_000).status_code == 413


def test_the_channel_answers_these_addresses_and_no_other(served):
    router = served.web.app.router
    found = {f"{method} /{route.path}" for route in router.routes for method in route.methods if "messenger" in route.path}
    assert found == {
        "GET /messenger/webhook",
        "POST /messenger/webhook",
        "POST /messenger/suppression",
        "GET /messenger/suppression/<code:[A-Za-z0-9_-]+>",
    }
