"""Attacks on the widget's channel from elsewhere and in number: foreign origins, floods, addresses, messages sent again."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from gates import Gate

SITE, OTHER_SITE = "https://site.example", "https://autre.example:8443"
ROUTES = (
    ("POST", "/widget/v1/conversations"),
    ("DELETE", "/widget/v1/conversation"),
    ("GET", "/widget/v1/messages"),
    ("POST", "/widget/v1/messages"),
    ("POST", "/widget/v1/feedback"),
    ("POST", "/widget/v1/shares"),
)
BODY = {"keep": True, "notice": "test", "id": "from-elsewhere", "text": "merci", "message": None, "rating": "up"}
FOREIGN = (
    "null",
    "",
    "*",
    "https://evil.example",
    "https://www.site.example",
    "https://site.example.evil.example",
    "https://evilsite.example",
    "https://site.exampl",
    "https://site.example:444",
    "https://site.example:443",
    "https://site.example:",
    "http://site.example",
    "HTTPS://SITE.EXAMPLE",
    "https://Site.example",
    "https://site.example.",
    "https://site.example/",
    "https://site.example/page",
    "https://site.example?x",
    "https://site.example#x",
    "https://user@site.example",
    "https://site.example@evil.example",
    "https://site.example:pass@evil.example",
    "https://site.example\\@evil.example",
    "https://evil.example#https://site.example",
    "https://evil.example, https://site.example",
    "https://site.example, https://evil.example",
    "https://site.example https://evil.example",
    "site.example",
    "//site.example",
    "file://site.example",
    "chrome-extension://site.example",
    "https://autre.example",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "http://localhost",
    "http://[::1]",
    "https://site.example\u00e9".encode(),
    "https://s\u0456te.example".encode(),
    b"\xff\xfe",
)
# What looks like the server's own address, and is none that a browser would send from its pages.
LIKE_OWN = (
    "//{own}",
    "{own}",
    "ftp://{own}",
    "file://{own}",
    "javascript://{own}",
    "http://{own}.",
    "http://{own}/",
    "http://{own}/page",
    "http://{own}?x",
    "http://user@{own}",
    "http://{own}@evil.example",
    "http://evil.example@{own}",
    "http://{own}0",
    "http://{own}, http://evil.example",
)
# What the library that splits addresses raises at.
BROKEN = ("http://[", "http://[::1", "http://]", "http://[evil]", "http://exa\u2100mple".encode())


def _crossing(answer: Any) -> set[str]:
    """Return the headers that let a page of another site read an answer."""
    return {name for name in answer.headers if name.startswith("access-control-")}


# --- Origins ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def listed(serve_app: Callable[..., Any]) -> Iterator[Any]:
    """A server on which two sites may show the widget."""
    from bot.channels.limits import Rates

    with serve_app(origins=(SITE, OTHER_SITE), rates=Rates(write=10_000, fetch=10_000, begin=10_000, address=100_000)) as serving:
        yield serving


def _own(web: Any, origin: Any) -> Any:
    return origin.replace("{own}", web.url.removeprefix("http://")) if isinstance(origin, str) else origin


@pytest.mark.parametrize("origin", [*FOREIGN, *LIKE_OWN, *BROKEN], ids=ascii)
def test_a_site_that_is_not_listed_is_refused_by_every_route_and_told_nothing(listed, origin):
    token = listed.begin()
    for method, path in (*ROUTES, *{("OPTIONS", path) for _, path in ROUTES}):
        headers = {"Origin": _own(listed, origin), "Authorization": f"Bearer {token}"}
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"} if method == "OPTIONS" else {}
        answer = listed.client.request(method, path, headers={**headers, **asked}, json=BODY if method == "POST" else None)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin"), (method, path)
        assert not _crossing(answer)
        assert answer.headers["vary"] == "Origin"
    assert len(listed.fetch(token).json()["messages"]) == 1


@pytest.mark.parametrize("site", [SITE, OTHER_SITE])
def test_a_listed_site_may_ask_and_read_every_route(listed, site):
    token = listed.begin()
    for method, path in (*((m, p) for m, p in ROUTES if m != "DELETE"), *{("OPTIONS", path) for _, path in ROUTES}):
        answer = listed.client.request(
            method, path, headers={"Origin": site, "Authorization": f"Bearer {token}"}, json=BODY if method == "POST" else None
        )
        assert answer.status_code in ((400,) if path.endswith("shares") and method == "POST" else (200, 201, 202, 204)), (method, path)
        assert answer.headers["access-control-allow-origin"] == site
        assert answer.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in answer.headers
        assert {each.strip() for each in answer.headers["access-control-allow-methods"].split(",")} == {"GET", "POST", "DELETE"}
        assert {each.strip() for each in answer.headers["access-control-allow-headers"].split(",")} == {"Authorization", "Content-Type"}
        assert "*" not in "".join(value for name, value in answer.headers.items() if name.startswith("access-control"))


@pytest.mark.parametrize(
    ("status", "method", "path", "options"),
    [
        (400, "POST", "conversations", {"content": b"{"}),
        (401, "GET", "messages", {}),
        (413, "POST", "messages", {"content": b"a" * 20_000}),
        (413, "POST", "messages", {"content": b"a" * 100_000}),
        (404, "GET", "nothing", {}),
        (405, "PUT", "messages", {}),
    ],
    ids=["bad", "no-token", "20-kB", "100-kB", "no-address", "method"],
)
def test_a_listed_site_may_read_a_refusal(listed, status, method, path, options):
    token = listed.begin() if status == 413 else None
    answer = listed.ask(method, path, token, headers={"Origin": SITE}, **options)
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.headers["cache-control"] == "no-store"


def test_the_own_pages_of_the_server_may_ask_without_crossing(listed):
    answer = listed.ask("GET", "messages", listed.begin(), headers={"Origin": listed.url})
    assert answer.status_code == 200
    assert not _crossing(answer)


def test_no_site_is_allowed_when_none_is_listed(serve_app):
    with serve_app() as web:
        for origin in (SITE, "null", "*", ""):
            assert web.client.post("/widget/v1/conversations", json=BODY, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/health", "/demo/demo.js", "/partage/AAAAAAAAAAAAAAAAAAAAAA", "/partage/partage.css"])
def test_what_is_no_file_of_the_widget_is_read_by_no_other_site(listed, path):
    assert not _crossing(listed.client.get(path, headers={"Origin": SITE}))


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "javascript"},
        {"Forwarded": "host=evil.example;proto=evil"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_a_shared_address_is_the_servers_whatever_its_visitor_claims(listed, headers):
    token = listed.begin()
    listed.say(token, text="on est un obnl en démarrage à Rimouski, on cherche du financement")
    seq = next(each["seq"] for each in listed.say(token, text="50 000") if each["cards"])
    url = listed.ask("POST", "shares", token, json={"message": seq}, headers=headers).json()["url"]
    # A name is asked in vain of a server that does not know its own: the scheme at least is one of the web.
    assert re.match(r"https?://", url)
    assert "evil" not in url or "Host" in headers


# --- Limits -----------------------------------------------------------------------------------------------------------------------


def _is_too_many(answer: Any, code: str = "too_many") -> None:
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, code)
    assert re.search(r"attendez", answer.json()["error"]["message"], re.IGNORECASE)
    assert 1 <= int(answer.headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "messages", {"id": "the-same-message", "text": "merci"}),
        ("POST", "messages", {"id": "no"}),
        ("POST", "feedback", {"message": None, "rating": "up"}),
        ("POST", "shares", {"message": 1}),
        ("GET", "messages", None),
    ],
    ids=["messages", "refused messages", "feedback", "shares", "fetches"],
)
def test_a_flood_of_one_conversation_is_stopped_and_another_is_served(serve_app, method, path, body):
    from bot.channels.limits import Rates

    with serve_app(rates=Rates(write=3, fetch=3)) as web:
        flooded, other = web.begin(), web.begin()
        statuses = [web.ask(method, path, flooded, json=body).status_code for _ in range(10)]
        assert [status == 429 for status in statuses] == [False] * 3 + [True] * 7
        _is_too_many(web.ask(method, path, flooded, json=body))
        assert web.post(other, text="merci").status_code == 202
        assert web.fetch(other).status_code == 200


def test_a_flood_from_many_threads_passes_no_more_than_the_limit(serve_app):
    from bot.channels.limits import Rates

    with serve_app(rates=Rates(write=5)) as web, ThreadPoolExecutor(8) as threads:
        token = web.begin()
        statuses = list(threads.map(lambda number: web.post(token, id=f"flood-{number:04}", text="merci").status_code, range(60)))
        assert sorted(set(statuses)) == [202, 429]
        assert statuses.count(202) == 5


ADDRESSES = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP")


@pytest.mark.parametrize("asked", ["/widget/v1/messages", "/widget/v1/conversations"])
def test_an_address_that_asks_too_much_is_stopped_whatever_it_claims_to_be(serve_app, asked):
    from bot.channels.limits import Rates

    with serve_app(rates=Rates(address=8)) as web:
        methods = ["GET", "POST", "OPTIONS"] if asked.endswith("messages") else ["POST", "OPTIONS"]
        answers = []
        for number in range(20):
            claimed = {name: f"for=10.0.0.{number}" if name == "Forwarded" else f"10.0.0.{number}" for name in ADDRESSES}
            answers.append(web.client.request(methods[number % len(methods)], asked, headers=claimed))
        assert [each.status_code == 429 for each in answers] == [False] * 8 + [True] * 12
        _is_too_many(answers[-1])
        assert web.client.get("/health").status_code == 200


def test_an_address_begins_so_many_conversations_and_those_begun_go_on(serve_app):
    from bot.channels.limits import Rates

    with serve_app(rates=Rates(begin=3)) as web:
        tokens = [web.begin() for _ in range(3)]
        for number in range(5):
            claimed = {"X-Forwarded-For": f"10.0.0.{number}"}
            _is_too_many(web.ask("POST", "conversations", None, json={"keep": True, "notice": "test"}, headers=claimed))
        assert [web.fetch(token).status_code for token in tokens] == [200] * 3


def test_behind_a_proxy_addresses_are_apart_and_what_they_claim_before_it_counts_for_nothing(serve_app):
    from bot.channels.limits import Rates

    def ask(web: Any, forwarded: str) -> int:
        return web.client.get("/widget/v1/messages", headers={"X-Forwarded-For": forwarded}).status_code

    with serve_app(rates=Rates(address=3), proxies=1) as web:
        # The last address is the one that our proxy saw; those before it are claims.
        assert [ask(web, f"10.0.0.{number}, 203.0.113.7") for number in range(5)] == [401] * 3 + [429] * 2
        assert ask(web, "203.0.113.8") == 401


# --- Messages that wait, messages sent again --------------------------------------------------------------------------------------


class Slow:
    """An assistant that answers the conversations of a flood only once it is let."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.gate.shut()

    async def warm_up(self) -> None:
        """Nothing is to be loaded."""

    async def parse(self, _text: str) -> dict[str, Any]:
        return {"entities": [], "intent": {"name": None, "confidence": 0.0}}

    async def turn(self, _conversation: str, state: Any, entered: Any, _payload: str | None, _channel: str) -> tuple[Any, Any]:
        from bot.assistant import Turned, bubble

        if "slow" in entered.text:
            await self.gate.passed()
        return Turned([bubble(f"answer to {entered.text}")]), state

    async def start_over(self, conversation: str, state: Any, channel: str) -> tuple[Any, Any]:
        raise AssertionError("nobody starts over here")

    async def close(self) -> None:
        self.gate.open()


def test_a_sixth_message_without_answer_is_busy_another_conversation_is_served_and_none_is_lost(serve_app):
    slow = Slow()
    with serve_app(assistant=slow) as web:
        hasty, other = web.begin(), web.begin()
        seqs = [web.post(hasty, id=f"hasty-message-{number}", text=f"slow {number}").json()["message"]["seq"] for number in range(5)]
        for extra in ({"text": "slow 5"}, {"restart": True}, {"choice": web.fetch(hasty).json()["messages"][0]["buttons"][0]["id"]}):
            _is_too_many(web.post(hasty, id="hasty-message-5", **extra), "busy")
        # Again is no sixth one.
        assert web.post(hasty, id="hasty-message-4", text="slow 4").status_code == 200
        assert web.fetch(hasty).json()["pending"] == 5
        assert [each["text"] for each in web.say(other, text="quick")] == ["answer to quick"]

        slow.gate.open()
        answers = [message for seq in seqs for message in _answers(web, hasty, seq)]
        assert [each["text"] for each in answers] == [f"answer to slow {number}" for number in range(5)]
        assert web.post(hasty, id="hasty-message-5", text="slow 5").status_code == 202


def _answers(web: Any, token: str, seq: int) -> list[dict[str, Any]]:
    """Return the answers to a message, as many fetches as it takes."""
    after, found = seq, []
    while not (found and found[-1]["last"]):
        told = web.fetch(token, after, 25).json()["messages"]
        assert told, f"no answer to the message {seq}"
        after = told[-1]["seq"]
        found += [each for each in told if each.get("answers") == seq]
    return found


@pytest.mark.parametrize(
    "sent", [{"text": "le RISQ prête combien?"}, {"restart": True}, {"choice": None}], ids=["text", "restart", "button"]
)
def test_a_message_sent_twenty_times_at_once_is_one_message_with_one_answer(web, sent):
    token = web.begin()
    message = {"choice": web.fetch(token).json()["messages"][0]["buttons"][0]["id"]} if "choice" in sent else sent
    with ThreadPoolExecutor(8) as threads:
        acknowledged = list(threads.map(lambda _: web.post(token, id="twenty-times", **message), range(20)))
    assert sorted(each.status_code for each in acknowledged) == [200] * 19 + [202]
    assert len({str(each.json()["message"]) for each in acknowledged}) == 1
    _answers(web, token, acknowledged[0].json()["message"]["seq"])
    messages = web.fetch(token).json()["messages"]
    assert [each["id"] for each in messages if each["from"] == "user"] == ["twenty-times"]
    assert sum(each["last"] for each in messages if each["from"] == "bot") == 2


def test_an_id_sent_again_with_another_text_is_still_the_first_message(web):
    token = web.begin()
    first = web.post(token, id="the-same-id", text="merci").json()["message"]
    for other in ({"text": "un autre texte"}, {"restart": True}, {"choice": "AAAAAAAAAAAA"}):
        again = web.post(token, id="the-same-id", **other)
        assert (again.status_code, again.json()["message"]) == (200, first)
    _answers(web, token, first["seq"])
    assert "un autre texte" not in web.fetch(token).text


def test_the_same_id_in_two_conversations_is_two_messages(web):
    tokens = [web.begin(), web.begin()]
    texts = ["zibeline", "pangolin"]
    said = [web.post(token, id="shared-by-two", text=text) for token, text in zip(tokens, texts, strict=True)]
    assert [(each.status_code, each.json()["message"]["text"]) for each in said] == [(202, "zibeline"), (202, "pangolin")]
    assert "pangolin" not in web.fetch(tokens[0]).text
    assert "zibeline" not in web.fetch(tokens[1]).text
