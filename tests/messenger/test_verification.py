"""Meta verifies the webhook (F1): its challenge comes back bare to whoever gives the token, and nothing to anybody else."""

from collections.abc import Mapping
from urllib.parse import quote

import pytest
from stand_in import StandIn, verification

CHALLENGE = "1158201444"


@pytest.fixture(scope="module")
def ask(serve_messenger):
    """Asks the webhook with a query, in which TOKEN is the token."""
    with serve_messenger(assistant=StandIn()) as serving:

        def get(query: str, method: str = "GET") -> tuple[int, str, Mapping[str, str]]:
            return verification(serving.web, query.replace("TOKEN", quote(serving.graph.page.verify_token)), method)

        yield get


def _query(mode: str | None = "subscribe", token: str | None = "TOKEN", challenge: str | None = CHALLENGE) -> str:
    given = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge}
    return "&".join(f"{name}={value}" for name, value in given.items() if value is not None)


def test_the_right_token_gets_the_bare_challenge(ask):
    assert ask(_query())[:2] == (200, CHALLENGE)


def test_the_parameters_may_come_in_any_order_among_others(ask):
    assert ask(f"hub.challenge={CHALLENGE}&other=1&hub.verify_token=TOKEN&hub.mode=subscribe")[:2] == (200, CHALLENGE)


@pytest.mark.parametrize(
    "query",
    {
        "a wrong token": _query(token="canari-verification-6f2c"),
        "the beginning of the token": _query(token="canari-verification"),
        "the token and more": _query(token="TOKENx"),
        "the token in capitals": _query(token="CANARI-VERIFICATION-6F2B"),
        "a token that is not ASCII": _query(token="jeton-%C3%A9t%C3%A9"),
        "a token that is not UTF-8": _query(token="%FF%FE"),
        "an empty token": _query(token=""),
        "no token": _query(token=None),
        "no mode": _query(mode=None),
        "an empty mode": _query(mode=""),
        "another mode": _query(mode="unsubscribe"),
        "the mode in capitals": _query(mode="SUBSCRIBE"),
        "no challenge": _query(challenge=None),
        "an empty challenge": _query(challenge=""),
        "the token twice": _query() + "&hub.verify_token=TOKEN",
        "the token and a wrong one": _query() + "&hub.verify_token=faux",
        "a wrong token and the right one": _query(token="faux") + "&hub.verify_token=TOKEN",
        "the token in two parts": _query(token="canari-") + "&hub.verify_token=verification-6f2b",
        "the mode twice": _query() + "&hub.mode=subscribe",
        "the challenge twice": _query() + "&hub.challenge=2",
        "names without their prefix": f"mode=subscribe&verify_token=TOKEN&challenge={CHALLENGE}",
        "nothing": "",
    }.items(),
    ids=lambda case: case[0],
)
def test_anything_else_is_refused_and_its_challenge_kept(ask, query):
    status, told, _ = ask(query[1])
    assert status == 403
    assert CHALLENGE not in told


def test_a_challenge_that_is_html_comes_back_as_text_that_no_browser_runs(ask):
    page = "<script>alert(document.domain)</script>"
    status, told, headers = ask(_query(challenge=quote(page)))
    assert (status, told) == (200, page)
    assert headers["content-type"].startswith("text/plain")
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_no_other_method_is_known(ask, method):
    status, told, _ = ask(_query(), method)
    assert status == 405
    assert CHALLENGE not in told


def test_a_server_without_a_page_has_no_webhook(serve_app):
    with serve_app(assistant=StandIn()) as web:
        assert verification(web, _query())[0] == 404
        assert web.client.post("/messenger/webhook", content=b"{}").status_code == 404
