"""Meta verifies the webhook (F1): its challenge comes back bare to whoever gives the token, and nothing to anybody else."""

from urllib.parse import quote

import pytest
from stand_in import StandIn

CHALLENGE = "1158201444"


@pytest.fixture(scope="module")
def ask(serve_messenger):
    """Asks the webhook with a query, in which TOKEN is the token."""
    with serve_messenger(assistant=StandIn()) as serving:

        def get(query: str):
            return serving.web.client.get(f"/messenger/webhook?{query.replace('TOKEN', quote(serving.graph.page.verify_token))}")

        get.serving = serving
        yield get


def _query(mode: str | None = "subscribe", token: str | None = "TOKEN", challenge: str | None = CHALLENGE) -> str:
    given = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge}
    return "&".join(f"{name}={value}" for name, value in given.items() if value is not None)


def test_the_right_token_gets_the_bare_challenge(ask):
    answer = ask(_query())
    assert (answer.status_code, answer.text) == (200, CHALLENGE)


def test_meta_itself_is_satisfied(ask):
    assert ask.serving.graph.verify()
    assert not ask.serving.graph.verify(token="un autre jeton, aussi long que le bon")


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
    answer = ask(query[1])
    assert answer.status_code == 403
    assert CHALLENGE not in answer.text


def test_a_challenge_that_is_html_comes_back_as_text_that_no_browser_runs(ask):
    page = "<script>alert(document.domain)</script>"
    answer = ask(_query(challenge=quote(page)))
    assert (answer.status_code, answer.text) == (200, page)
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_no_other_method_is_known(ask, method):
    answer = ask.serving.web.client.request(method, f"/messenger/webhook?hub.mode=subscribe&hub.challenge={CHALLENGE}")
    assert answer.status_code == 405
    assert CHALLENGE not in answer.text


def test_a_server_without_a_page_has_no_webhook(serve_app):
    with serve_app(assistant=StandIn()) as web:
        assert web.client.get(f"/messenger/webhook?{_query()}").status_code == 404
        assert web.client.post("/messenger/webhook", content=b"{}").status_code == 404
