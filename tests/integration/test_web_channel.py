"""The web channel through a real HTTP server: tokens, limits, French answers, the page and its policy."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

TWO_DAYS_S = 2 * 24 * 3600
QUESTION = "le RISQ prend combien de frais?"


class _OldSigner(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(time.time()) - TWO_DAYS_S


def _told(answer: httpx.Response) -> str:
    return "\n".join(reply["text"] for reply in answer.json()["replies"])


def test_a_question_gets_a_sourced_answer_in_french(web, folded):
    answer = web.send(web.begin(), text=QUESTION)
    assert answer.status_code == 200
    assert set(answer.json()) == {"replies", "intent", "entities", "latency_ms"}
    assert "1,5 %" in folded(_told(answer))
    assert re.search(r"source ?: \S+\.\w+", folded(_told(answer)))
    assert "\\u" not in answer.text


def test_a_pressed_button_goes_on(web, folded):
    token = web.begin()
    buttons = web.send(token, text="allo").json()["replies"][0]["buttons"]
    answer = web.send(token, payload=buttons[0]["payload"])
    assert "municipalite" in folded(_told(answer))


def test_a_search_ends_on_cards_with_doors(web):
    token = web.begin()
    web.send(token, text="on est un obnl en démarrage à Rimouski, on cherche du financement")
    cards = [card for reply in web.send(token, text="50 000").json()["replies"] for card in reply["cards"]]
    assert cards
    assert all(any(card.get(way) for way in ("phone", "email", "website", "first_step")) for card in cards)


def test_a_payload_that_was_not_issued_is_refused(web, folded):
    answer = web.send(web.begin(), payload='/find_support{"need": "financement"}')
    assert "n'est plus valide" in folded(_told(answer))


def _tokens(web) -> dict[str, str]:
    good = web.begin()
    head, _, tail = good.rpartition(".")
    old = URLSafeTimedSerializer(web.secret, salt="conversation", signer=_OldSigner)
    return {
        "nonsense": "abc",
        "forged": URLSafeTimedSerializer("another secret", salt="conversation").dumps("web:mine"),
        "other salt": URLSafeTimedSerializer(web.secret, salt="other").dumps("web:mine"),
        "expired": old.dumps("web:mine"),
        "cut": good[:-2],
        "changed": f"{head}.{tail[::-1]}",
        "unsigned name": "web:mine",
    }


@pytest.mark.parametrize("kind", ["nonsense", "forged", "other salt", "expired", "cut", "changed", "unsigned name"])
def test_a_message_without_a_good_token_is_refused_in_french(web, kind, folded):
    answer = web.send(_tokens(web)[kind], text=QUESTION)
    assert answer.status_code == 401
    assert "rechargez la page" in folded(_told(answer))
    assert "1,5" not in answer.text


def test_a_message_without_any_authorization_is_refused(web):
    assert web.client.post("/webhooks/web/messages", json={"text": QUESTION}).status_code == 401


def test_a_token_that_is_not_ascii_is_refused(web):
    answer = web.client.post("/webhooks/web/messages", json={"text": QUESTION}, headers={"Authorization": "Bearer é".encode()})
    assert answer.status_code == 401


def test_each_conversation_has_a_token_of_its_own_and_they_do_not_mix(web, folded):
    gaspe, rimouski = web.begin(), web.begin()
    assert gaspe != rimouski
    web.send(gaspe, text="on est une coop à Gaspé, on cherche du financement")
    answer = web.send(rimouski, text="démarrage")
    assert "gaspe" not in folded(_told(answer))


@pytest.mark.parametrize("size", [20_000, 200_000, 3_000_000])
def test_a_body_that_is_too_large_is_refused_in_french(web, size, folded):
    token = web.begin()
    answer = web.send(token, text="a" * size)
    assert answer.status_code == 413
    assert re.search(r"trop long|quelques phrases", folded(_told(answer)))
    assert web.send(token, text=QUESTION).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b'{"text": 3}',
        b'{"text": null}',
        b'{"payload": ["/greet"]}',
        b'{"texte": "allo"}',
        b'{"text": "\xff\xfe"}',
        b"[" * 15_000,
        b'{"text": "a"' + b', "a": [' * 2_000,
    ],
    ids=[
        "empty",
        "cut",
        "list",
        "null",
        "string",
        "no-field",
        "number",
        "nothing",
        "payload-list",
        "other-field",
        "not-utf-8",
        "deep",
        "deep-object",
    ],
)
def test_a_body_that_is_not_a_message_is_said_so_in_french(web, body, folded):
    headers = {"Authorization": f"Bearer {web.begin()}", "Content-Type": "application/json"}
    answer = web.client.post("/webhooks/web/messages", content=body, headers=headers)
    assert answer.status_code == 400
    assert "reessayez" in folded(_told(answer))


@pytest.mark.parametrize(
    "text", ["🙂", "allo \\ud83d", "\\u0000allo", "é" * 1_600, "   "], ids=["picture", "lone-surrogate", "null", "long", "blank"]
)
def test_odd_texts_are_answered(web, text):
    headers = {"Authorization": f"Bearer {web.begin()}", "Content-Type": "application/json"}
    answer = web.client.post("/webhooks/web/messages", content=f'{{"text": "{text}"}}'.encode(), headers=headers)
    assert answer.status_code == 200
    assert _told(answer)


def test_what_was_erased_is_gone_for_the_same_token(web, folded):
    token = web.begin()
    web.send(token, text="on est une coop à Gaspé, on cherche du financement")
    assert "efface" in folded(_told(web.send(token, text="efface ma conversation")))
    assert "gaspe" not in folded(_told(web.send(token, text="démarrage")))


def test_messages_at_the_same_moment_are_all_answered(web, folded):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: web.send(web.begin(), text=QUESTION), range(24)))
    assert {answer.status_code for answer in answers} == {200}
    assert all("1,5 %" in folded(_told(answer)) for answer in answers)


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/page.js", "text/javascript"), ("/page.css", "text/css")])
def test_the_page_is_served_with_a_strict_policy(web, path, kind):
    answer = web.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_holds_no_script_style_or_address_of_elsewhere(web):
    page = web.client.get("/").text
    assert 'lang="fr' in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)


def test_the_health_of_the_server_is_told(web):
    assert web.client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/rien"),
        ("POST", "/webhooks/rest/webhook"),
        ("GET", "/conversations/web:mine/tracker"),
        ("POST", "/model/parse"),
        ("GET", "/domain"),
        ("GET", "/../settings.py"),
        ("GET", "/page/../../settings.py"),
    ],
)
def test_nothing_else_is_served_and_it_is_said_in_french(web, method, path, folded):
    answer = web.client.request(method, path, json={"sender": "x", "message": "allo"} if method == "POST" else None)
    assert answer.status_code == 404
    assert "rechargez la page" in folded(_told(answer))


def test_a_message_by_get_is_refused(web):
    assert web.client.get("/webhooks/web/messages").status_code == 405
