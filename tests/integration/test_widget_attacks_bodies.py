"""Attacks on the widget's channel through what is sent: odd bodies and queries, hostile texts, the shared page, what refusals tell."""

import json
import re
import uuid
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

POSTS = ("conversations", "messages", "feedback", "shares")


def _body(**more: Any) -> dict[str, Any]:
    """Return a body that each of the operations would take."""
    return {"keep": True, "notice": "test", "id": uuid.uuid4().hex, "text": "merci", "message": 1, "rating": "up", **more}


# --- Bodies -----------------------------------------------------------------------------------------------------------------------

NOT_JSON = {
    "nothing": b"",
    "a blank": b" ",
    "half an object": b'{"keep": tr',
    "no object": b"[]",
    "a text": b'"keep"',
    "a number": b"1",
    "null": b"null",
    "two objects": b'{"keep": true}{"keep": true}',
    "a form": b"keep=true&notice=test",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><keep>&b;</keep>',
    "single quotes": b"{'keep': true}",
    "a comment": b'{"keep": true} // yes',
    "UTF-16": '{"keep": true, "notice": "test"}'.encode("utf-16"),
    "Latin-1": '{"keep": true, "notice": "test", "id": "latin-1-id", "text": "é", "message": 1, "rating": "up"}'.encode("latin-1"),
    "bytes of no text": b"\xff\xfe\xfd\x00\x01",
    "an overlong slash": b'{"keep": true, "notice": "test", "id": "overlong-id", "text": "\xc0\xaf", "message": 1, "rating": "up"}',
    "a bare NUL": b'{"keep": true, "notice": "test\x00"}\x00',
    "five thousand lists": b'{"keep":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "a thousand objects": b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
}


@pytest.mark.parametrize("body", NOT_JSON)
def test_a_body_that_is_no_object_in_json_is_refused(web, body):
    token = web.begin()
    for path in POSTS:
        answer = web.ask("POST", path, token, content=NOT_JSON[body], headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request"), (path, answer.text)
    assert len(web.fetch(token).json()["messages"]) == 1


@pytest.mark.parametrize("size", [16_385, 40_000, 65_536, 65_537, 100_000, 3_000_000])
@pytest.mark.parametrize("path", POSTS)
def test_a_body_of_too_many_bytes_is_refused_and_the_server_goes_on(web, path, size):
    token = web.begin()
    head = json.dumps(_body(text="a"))[:-1] + ', "x": "'
    answer = web.ask("POST", path, token, content=(head + "a" * (size - len(head) - 2) + '"}').encode())
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_long")
    assert len(web.fetch(token).json()["messages"]) == 1


def test_a_body_of_just_as_many_bytes_as_allowed_is_taken(web):
    head = json.dumps(_body(text="merci"))[:-1] + ', "x": "'
    body = (head + "a" * (16_384 - len(head) - 2) + '"}').encode()
    assert len(body) == 16_384
    assert web.ask("POST", "messages", web.begin(), content=body).status_code == 202


def test_a_body_sent_in_pieces_is_counted_as_well(web):
    def pieces():
        yield json.dumps(_body(text="a"))[:-1].encode() + b', "x": "'
        for _ in range(40):
            yield b"a" * 1_000
        yield b'"}'

    token = web.begin()
    assert web.ask("POST", "messages", token, content=pieces()).status_code == 413
    assert len(web.fetch(token).json()["messages"]) == 1


@pytest.mark.parametrize(
    "number", ["1e999", "-1e999", "9" * 3_000, "1.0", "1.5", "-1", "0", "2147483648", "1" + "0" * 30, "NaN", "Infinity", "true"]
)
def test_a_number_out_of_bounds_names_no_message(web, number):
    token = web.begin()
    for path in ("feedback", "shares"):
        answer = web.ask("POST", path, token, content=f'{{"message": {number}, "rating": "up"}}'.encode())
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request"), path


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("conversations", wrong)
        for wrong in (
            *({"keep": value} for value in (None, 0, 1, "true", [], {}, "")),
            *({"notice": value} for value in (None, 1, "", "a" * 33, "é", "a b", "a\n", "../etc", "<b>", [], {}, True)),
            *({"place": value} for value in (1, True, [], {}, "a" * 101, ["Rimouski"])),
            *({"programme": value} for value in (1, False, [], {}, "a" * 101)),
        )
    ]
    + [
        ("messages", wrong)
        for wrong in (
            *({"id": value} for value in (None, 1, "", "short", "a" * 65, "é" * 8, "a b c d e", "12345678\n", "<script>", [], {}, True)),
            *(
                {"text": value}
                for value in (None, 1, True, [], {}, "", " ", "\n", "/", "\u200b", "\x00", "////", ["allo"], {"text": "allo"})
            ),
            {"choice": "k3Vn0aQx"},
            {"restart": True},
            {"restart": False},
            {"choice": None},
            {"text": "allo", "restart": None},
        )
    ]
    + [
        ("feedback", wrong)
        for wrong in (
            *({"message": value} for value in ("1", "", [], {}, [1], "null", "' OR 1=1")),
            *({"rating": value} for value in (None, "", "UP", "up ", 1, True, ["up"], {"up": 1}, "middle")),
            *({"reason": value} for value in ("", "WRONG", 1, True, False, [], ["wrong"], "because")),
            *({"comment": value} for value in (1, True, [], {}, ["x"], "a" * 501)),
        )
    ]
    + [("shares", {"message": value}) for value in (None, "1", "", [], {}, [1], "../1")],
)
def test_a_field_of_another_kind_is_refused(web, path, wrong):
    token = web.begin()
    answer = web.ask("POST", path, token, json=_body(**wrong))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
    assert len(web.fetch(token).json()["messages"]) == 1


def test_of_two_fields_of_one_name_one_is_taken_whole(web):
    token = web.begin()
    body = b'{"id": "duplicate-keys", "text": "premier", "text": "second", "choice": "AAAAAAAAAAAA", "choice": "BBBBBBBBBBBB"}'
    assert web.ask("POST", "messages", token, content=body).status_code == 400
    said = web.ask("POST", "messages", token, content=b'{"id": "duplicate-keys", "text": "premier", "text": "second"}').json()
    assert said["message"]["text"] in ("premier", "second")


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-7"]
)
def test_the_kind_that_a_body_claims_changes_nothing_of_what_is_read(web, kind):
    token = web.begin()
    content = b'{"id": "kind-of-body", "text": "+ADw-script+AD4-"}'
    answer = web.ask("POST", "messages", token, content=content, headers={"Content-Type": kind})
    assert answer.status_code in (202, 400, 415)
    if answer.status_code == 202:
        assert answer.json()["message"]["text"] == "+ADw-script+AD4-"


# --- Queries ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        f"{name}={value}"
        for name in ("after", "wait")
        for value in "-1 1.0 1e3 0x1 %2B1 +1 1%20 %201 %D9%A1 %EF%BC%91 %C2%B2 99999999999 %00 %FF null NaN '".split()
    ]
    + ["after=2147483648", "wait=26", "wait=25.0", "after=x&after=1", "wait=26&wait=1", f"after={'1' * 5000}"],
)
def test_a_query_of_another_kind_is_refused(web, query):
    answer = web.ask("GET", f"messages?{query}", web.begin())
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "query",
    ["after=", "after", "wait=", "after[]=1", "AFTER=9", "%FF=1", "reading=2", "reading=true", "x=1&" * 500 + "y=1", "after=0&after=5"],
)
def test_a_query_that_the_protocol_does_not_name_gives_the_history(web, query):
    told = web.ask("GET", f"messages?{query}", web.begin())
    assert told.status_code == 200
    assert [set(each) & {"seq", "reading"} for each in told.json()["messages"]] == [{"seq"}]


def test_a_number_above_the_last_one_gives_nothing(web):
    assert web.fetch(web.begin(), 2**31 - 1).json() == {"messages": [], "pending": 0, "more": False}


# --- Texts ------------------------------------------------------------------------------------------------------------------------

TEXTS = [
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
    ("&lt;b&gt; &amp; &#39;", "&lt;b&gt; &amp; &#39;"),
    ('"; DROP TABLE inbox; --', '"; DROP TABLE inbox; --'),
    ("' OR ''='", "' OR ''='"),
    ("{{ 7 * 7 }} ${7*7} #{7*7} %s {0}", "}} ${7*7} #{7*7} %s {0}"),
    ("[lien](javascript:alert(1)) **gras**", "[lien](javascript:alert(1)) **gras**"),
    ("javascript:alert(1)", "javascript:alert(1)"),
    ("a\u202eb\u2066c\u2069d\u200ee", "abcde"),
    ("a\x00b\x08c\x1b[31md\x7fe\u0085f", "abcde\nf"),
    ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
    ("a\ud800b", "a?b"),
    ("e\u0301", "é"),
    ("＜script＞", "<script>"),
    ("\U000e0041a\U000e007f", "a"),
    ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ("\\u003cscript\\u003e", "u003cscript\\u003e"),
    ("]]>--><!--", "]]>--><!--"),
]


@pytest.mark.parametrize(("sent", "kept"), TEXTS, ids=[ascii(sent) for sent, _ in TEXTS])
def test_a_hostile_text_is_kept_and_given_back_as_plain_text(web, sent, kept):
    from bot.conversations.models import Feedback, Inbound

    token = web.begin()
    raw = json.dumps(_body(text=sent, id="hostile-text")).encode()
    said = web.ask("POST", "messages", token, content=raw)
    judged = web.ask("POST", "feedback", token, content=json.dumps({"message": 1, "rating": "down", "comment": f"x{sent}"}).encode())
    fetched = web.fetch(token, said.json()["message"]["seq"] - 1)
    assert (said.status_code, judged.status_code, fetched.status_code) == (202, 200, 200)
    for answer in (said, judged, fetched):
        assert answer.headers["content-type"].split(";")[0] == "application/json"
        json.loads(answer.content.decode("utf-8", "strict"))
    text_given = said.json()["message"]["text"]
    assert fetched.json()["messages"][0]["text"] == text_given
    if not sent.startswith(("{", "\\")):
        assert text_given == kept

    def stored(session: Any) -> tuple[str, str]:
        row = session.execute(select(Inbound).where(Inbound.channel_id == "hostile-text").order_by(Inbound.id.desc())).scalars().first()
        comment = session.execute(select(Feedback.comment).where(Feedback.conversation_id == row.conversation_id)).scalar_one()
        return row.text, comment

    in_row, comment = web.store.run_here(stored)
    assert in_row == text_given
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", in_row + comment)


@pytest.mark.parametrize("name", ["place", "programme"])
@pytest.mark.parametrize(("sent", "kept"), TEXTS, ids=[ascii(sent) for sent, _ in TEXTS])
def test_a_hostile_context_is_left_out(web, name, sent, kept):
    from bot.conversations.models import Conversation

    begun = web.ask("POST", "conversations", None, content=json.dumps({"keep": True, "notice": "hostile", name: sent}).encode())
    assert begun.status_code == 201
    first = begun.json()["messages"][0]
    assert "script" not in first["text"]
    assert first["text"].startswith("Que cherchez-vous?")
    state = web.store.run_here(
        lambda s: (
            s.execute(select(Conversation.state).where(Conversation.notice == "hostile").order_by(Conversation.begun_at.desc()))
            .scalars()
            .first()
        )
    )
    assert [event for event in state["events"] if event["event"] == "slot"] == []


def test_a_hostile_context_beside_a_place_leaves_the_place_alone(web):
    token = web.begin(place="Rimouski <script>alert(1)</script>\u202e")
    assert "<" not in web.fetch(token).json()["messages"][0]["text"]


# --- The shared page --------------------------------------------------------------------------------------------------------------

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"
LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "\tjavascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//evil.example",
    'https://x" onmouseover="alert(1)',
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
)


class Seen(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def _shared(web: Any, cards: list[dict[str, Any]], expires: timedelta = timedelta(days=30)) -> str:
    """Return the address of a page with these cards, of a conversation that said a secret."""
    from bot.conversations.models import Conversation, Share

    now, name, conversation = datetime.now(timezone.utc), uuid.uuid4().hex, f"web:{uuid.uuid4().hex}"

    def write(session: Any) -> None:
        session.add(Conversation(id=conversation, channel="web", begun_at=now, active_at=now, keep=True, notice="test"))
        session.flush()
        session.add(Share(id=name, conversation_id=conversation, cards=cards, shared_at=now, expires_at=now + expires))

    web.store.run_here(write)
    return f"/partage/{name}"


FIELDS = ("name", "does", "first_step", "phone", "email", "website", "source", "as_of", "caution", "actor")


@pytest.mark.parametrize("link", [*LINKS, HOSTILE], ids=ascii)
def test_a_card_with_hostile_fields_is_shown_harmless(web, link):
    card = {**dict.fromkeys(FIELDS, HOSTILE), "why": [HOSTILE, HOSTILE], "website": link, "email": link, "phone": link, "source": link}
    page = web.client.get(_shared(web, [card]))
    assert page.status_code == 200
    elements = Seen(page.text).elements
    assert {tag for tag, _ in elements} <= set("html head meta title link body main h1 h2 p article strong ul li a".split())
    attributes = {name for _, told in elements for name in told}
    assert attributes <= {"lang", "charset", "name", "content", "rel", "href", "class"}
    for tag, told in elements:
        if tag == "a":
            assert re.match(r"(?:https?://|tel:[+\d]*$|mailto:)", told["href"]), told
    assert "49" not in page.text
    assert HOSTILE in page.text.replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")


def test_a_shared_page_runs_nothing_and_is_in_no_index(web):
    page = web.client.get(_shared(web, [{"name": "Nom", "does": "Fait"}]))
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert not re.search(r"unsafe|\*|https?:", page.headers["content-security-policy"])
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]
    assert ("meta", {"name": "robots", "content": "noindex"}) in Seen(page.text).elements


def test_a_shared_page_holds_the_cards_and_nothing_of_the_conversation(web, folded):
    token = web.begin()
    web.say(token, text="on est un obnl en démarrage à Rimouski, on cherche du financement pour une serre zibeline")
    answers = web.say(token, text="50 000")
    shown = next(each for each in answers if each["cards"])
    url = web.ask("POST", "shares", token, json={"message": shown["seq"]}).json()["url"]
    page = folded(web.client.get(url).text.replace("&#39;", "'"))
    assert all(folded(card["name"]) in page and folded(card["does"]) in page for card in shown["cards"])
    # The amount is in the reasons of a card, as anybody's would be.
    told = [each["text"] for each in web.fetch(token).json()["messages"] if each["text"] != "50 000"]
    titles = [button["title"] for each in web.fetch(token).json()["messages"] for button in each.get("buttons", ())]
    assert [each for each in (*told, *titles, "zibeline", token) if folded(each) in page] == []


@pytest.mark.parametrize("gone", ["unknown", "expired", "erased"])
def test_a_shared_page_that_is_no_longer_says_so_in_french(web, gone):
    from bot.conversations.models import Conversation, Share

    path = (
        "/partage/AAAAAAAAAAAAAAAAAAAAAA"
        if gone == "unknown"
        else _shared(web, [{"name": "Zibeline", "does": "x"}], timedelta(seconds=-1 if gone == "expired" else 60))
    )
    if gone == "erased":

        def erase(session: Any) -> None:
            share = session.get(Share, path.rsplit("/", 1)[1])
            session.delete(session.get(Conversation, share.conversation_id))

        web.store.run_here(erase)
    page = web.client.get(path)
    assert page.status_code == 404
    assert "n’existe pas" in page.text
    assert "Zibeline" not in page.text
    assert ("html", {"lang": "fr-CA"}) in Seen(page.text).elements
    assert "content-security-policy" in page.headers
    assert "noindex" in page.headers["x-robots-tag"]


# --- What refusals tell -----------------------------------------------------------------------------------------------------------

ENGLISH = re.compile(
    r"\b(?:the|not|found|invalid|error|failed|failure|token|method|allowed|request|bad|too|many|large|server|internal|unauthorized|"
    r"forbidden|missing|expired|wrong|please|exception|payload|header|timeout|unavailable)\b",
    re.IGNORECASE,
)
FOLDER = re.escape(str(Path(__file__).resolve().parents[2]))
DISCLOSED = re.compile(rf"traceback|sanic|python|rasa|sqlalchemy|sqlite|\.py\b|line \d|{FOLDER}|site-packages|ujson|\bat 0x", re.IGNORECASE)
REFUSED = {
    "bad body": (400, "POST", "/widget/v1/messages", {"content": b"{"}),
    "bad beginning": (400, "POST", "/widget/v1/conversations", {"content": b"\xff"}),
    "bad judgement": (400, "POST", "/widget/v1/feedback", {"content": b"[]"}),
    "bad share": (400, "POST", "/widget/v1/shares", {"content": b"{}"}),
    "bad query": (400, "GET", "/widget/v1/messages?after=x", {}),
    "no token": (401, "GET", "/widget/v1/messages", {"headers": {"Authorization": ""}}),
    "bad token": (401, "DELETE", "/widget/v1/conversation", {"headers": {"Authorization": "Bearer x"}}),
    "foreign": (403, "GET", "/widget/v1/messages", {"headers": {"Origin": "https://evil.example"}}),
    "no such message": (404, "POST", "/widget/v1/feedback", {"json": {"message": 99, "rating": "up"}}),
    "no cards": (404, "POST", "/widget/v1/shares", {"json": {"message": 1}}),
    "no address": (404, "GET", "/widget/v1/nothing", {}),
    "no file": (404, "GET", "/widget/%2e%2e/settings.py", {}),
    "no page": (404, "GET", "/wp-admin.php", {}),
    "odd share": (404, "GET", "/partage/%00%0d%0aSet-Cookie:%20a=b", {}),
    "method": (405, "PUT", "/widget/v1/messages", {}),
    "odd method": (405, "FOO", "/widget/v1/messages", {}),
    "trace": (405, "TRACE", "/health", {}),
    "post on a file": (405, "POST", "/widget/widget.js", {}),
    "no button": (409, "POST", "/widget/v1/messages", {"json": {"id": "no-button-here", "choice": "AAAAAAAAAAAA"}}),
    "long": (413, "POST", "/widget/v1/messages", {"content": b"a" * 20_000}),
    "very long": (413, "POST", "/widget/v1/messages", {"content": b"a" * 200_000}),
    "long header": (413, "GET", "/widget/v1/messages", {"headers": {"X-Long": "a" * 20_000}}),
}


def _tells(answer: Any, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].split(";")[0] == "application/json"
    error = answer.json()["error"]
    assert set(answer.json()) == {"error"}
    assert set(error) - {"proof"} == {"code", "message"}
    assert len(error["message"]) > 20
    assert not ENGLISH.search(error["message"])
    assert re.search(r"\b(?:vous|votre|je|cette|ce|c’est)\b", error["message"], re.IGNORECASE)
    assert not DISCLOSED.search(answer.text + repr(answer.headers))
    assert not {"server", "x-powered-by", "via", "x-aspnet-version"} & set(answer.headers)


@pytest.mark.parametrize("refused", REFUSED)
def test_a_refusal_is_a_french_sentence_and_tells_nothing_of_the_server(web, refused):
    status, method, path, options = REFUSED[refused]
    headers = {"Authorization": f"Bearer {web.begin()}", **options.get("headers", {})}
    _tells(web.client.request(method, path, **{**options, "headers": headers}), status)


def test_a_refusal_by_method_names_the_methods_that_are_taken(web):
    assert {each.strip() for each in web.client.put("/widget/v1/messages").headers["allow"].split(",")} >= {"GET", "POST"}


def test_a_good_answer_tells_nothing_of_the_server(web):
    token = web.begin()
    for answer in (web.fetch(token), web.client.get("/"), web.client.get("/health"), web.post(token, text="merci")):
        assert answer.status_code < 300
        assert not {"server", "x-powered-by", "via"} & set(answer.headers)
        assert not re.search(r"sanic|python|rasa\b|\d+\.\d+\.\d+", repr(answer.headers), re.IGNORECASE)


def test_a_database_that_does_not_answer_is_told_in_french_and_nothing_is_stored(serve_app):
    with serve_app() as web:
        token = web.begin()
        web.store.run_here(lambda session: session.execute(text("ALTER TABLE conversation RENAME TO hidden")))
        for method, path, body in (
            ("POST", "conversations", {"keep": True, "notice": "test"}),
            ("GET", "messages", None),
            ("POST", "messages", _body()),
            ("POST", "feedback", {"message": None, "rating": "up"}),
            ("POST", "shares", {"message": 1}),
            ("DELETE", "conversation", None),
        ):
            answer = web.ask(method, path, token, json=body)
            _tells(answer, 503)
            assert answer.json()["error"]["code"] == "unavailable"
            assert int(answer.headers["retry-after"]) > 0
        web.store.run_here(lambda session: session.execute(text("ALTER TABLE hidden RENAME TO conversation")))
        assert len(web.fetch(token).json()["messages"]) == 1
