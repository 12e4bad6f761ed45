"""Only what Meta signed with the app's secret is read (F2), whatever its bytes, up to a megabyte (F3); the rest leaves no trace."""

import json
import logging
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fake_graph import Page
from stand_in import StandIn, body, message, received, rows, someone

KEY = "X-Hub-Signature-256"
# In and around a megabyte.
TAKEN, REFUSED = 900_000, 1_100_000
WORDS = "Où est l’aide à Gaspé? 🐳"


def openssl(raw: bytes, secret: str = Page.example().app_secret, algorithm: str = "sha256") -> str:
    """Return the HMAC of these bytes in hexadecimal, as a program that is not ours computes it."""
    command = ["openssl", "dgst", f"-{algorithm}", "-hmac", secret]
    return subprocess.run(command, input=raw, capture_output=True, check=True).stdout.decode().rpartition("= ")[2].strip()


@pytest.fixture(scope="module")
def signed(serve_messenger: Callable) -> Iterator[Any]:
    """The channel on an assistant that answers at once."""
    with serve_messenger(assistant=StandIn()) as serving:
        yield serving


@pytest.fixture
def marie(signed: Any) -> Any:
    """Someone new."""
    return someone(signed.graph)


def _send(signed: Any, raw: bytes, headers: dict[str, str]) -> httpx.Response:
    return signed.web.client.post("/messenger/webhook", content=raw, headers={"Content-Type": "application/json", **headers})


def _said(signed: Any, person: Any, text: str = WORDS) -> dict[str, Any]:
    return body(signed.graph.page.id, message(person.psid, signed.graph.page.id, text))


def _reversed(value: Any) -> Any:
    """Return the same JSON, the keys of each object in the opposite order."""
    if isinstance(value, dict):
        return {name: _reversed(value[name]) for name in reversed(value)}
    return [_reversed(each) for each in value] if isinstance(value, list) else value


WRITTEN = {
    "escaped": lambda said: json.dumps(said).encode(),
    "raw UTF-8": lambda said: json.dumps(said, ensure_ascii=False).encode(),
    "escapes in capitals": lambda said: json.dumps(said).replace("\\u00e9", "\\u00E9").encode(),
    "slashes escaped, as PHP writes them": lambda said: json.dumps(said).replace("/", "\\/").encode(),
    "compact": lambda said: json.dumps(said, separators=(",", ":")).encode(),
    "spread over lines": lambda said: (json.dumps(said, indent=4, ensure_ascii=False) + "\r\n").encode(),
    "keys in another order": lambda said: json.dumps(_reversed(said), ensure_ascii=False).encode(),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_what_openssl_signed_is_read_whatever_its_bytes(signed, marie, written):
    raw = WRITTEN[written](_said(signed, marie, "Où est l’aide à Gaspé? 🐳 1/2"))
    answer = _send(signed, raw, {KEY: f"sha256={openssl(raw)}"})
    signed.settle()
    assert answer.status_code == 200
    assert marie.texts_since(0) == ["réponse à Où est l’aide à Gaspé? 🐳 1/2"]


def test_the_signature_is_that_of_the_bytes_and_not_of_what_they_say(signed, marie):
    said = _said(signed, marie)
    escaped, raw = json.dumps(said).encode(), json.dumps(said, ensure_ascii=False).encode()
    assert json.loads(escaped) == json.loads(raw)
    assert _send(signed, raw, {KEY: f"sha256={openssl(escaped)}"}).status_code == 401
    assert received(signed.web.store, marie.psid) == []


FORGED: dict[str, Callable[[bytes], dict[str, str]]] = {
    "no signature": lambda raw: {},
    "the old SHA-1 header alone": lambda raw: {"X-Hub-Signature": f"sha1={openssl(raw, algorithm='sha1')}"},
    "a good SHA-1 under the name of the other": lambda raw: {KEY: f"sha1={openssl(raw, algorithm='sha1')}"},
    "a good SHA-256 under the old name": lambda raw: {"X-Hub-Signature": f"sha256={openssl(raw)}"},
    "a good MD5": lambda raw: {KEY: f"md5={openssl(raw, algorithm='md5')}"},
    "MD5 before a good SHA-256": lambda raw: {KEY: f"md5={openssl(raw)}"},
    "a good SHA-512": lambda raw: {KEY: f"sha512={openssl(raw, algorithm='sha512')}"},
    "SHA-256 of SHA-1": lambda raw: {KEY: f"sha256={openssl(raw, algorithm='sha1')}"},
    "the name of a function": lambda raw: {KEY: f"new={openssl(raw)}"},
    "another secret": lambda raw: {KEY: f"sha256={openssl(raw, 'un autre secret, aussi long que le vrai, ou presque')}"},
    "the page's token for a secret": lambda raw: {KEY: f"sha256={openssl(raw, Page.example().token)}"},
    "no secret": lambda raw: {KEY: f"sha256={plain_sha256(raw)}"},
    "hexadecimal in capitals": lambda raw: {KEY: f"sha256={openssl(raw).upper()}"},
    "its name in capitals": lambda raw: {KEY: f"SHA256={openssl(raw)}"},
    "without its name": lambda raw: {KEY: openssl(raw)},
    "its name alone": lambda raw: {KEY: "sha256="},
    "nothing in it": lambda raw: {KEY: ""},
    "cut by one digit": lambda raw: {KEY: f"sha256={openssl(raw)[:-1]}"},
    "one digit more": lambda raw: {KEY: f"sha256={openssl(raw)}0"},
    "one digit changed": lambda raw: {KEY: f"sha256={openssl(raw)[:-1]}{'0' if openssl(raw)[-1] != '0' else '1'}"},
    "a blank before": lambda raw: {KEY: f"sha256= {openssl(raw)}"},
    "twice": lambda raw: {KEY: f"sha256={openssl(raw)},sha256={openssl(raw)}"},
    "not hexadecimal": lambda raw: {KEY: f"sha256={'z' * 64}"},
    "very long": lambda raw: {KEY: f"sha256={'a' * 6000}"},
}


def plain_sha256(raw: bytes) -> str:
    """Return the plain SHA-256 of these bytes, which anybody can compute."""
    return subprocess.run(["openssl", "dgst", "-sha256"], input=raw, capture_output=True, check=True).stdout.decode().split()[-1]


@pytest.mark.parametrize("forged", FORGED)
def test_what_is_not_signed_with_the_secret_is_refused_without_a_trace(signed, marie, forged):
    raw = json.dumps(_said(signed, marie)).encode()
    before = rows(signed.web.store), len(signed.graph.accepted)
    answer = _send(signed, raw, FORGED[forged](raw))
    signed.settle()
    assert answer.status_code == 401
    assert (rows(signed.web.store), len(signed.graph.accepted)) == before
    assert (marie.screen, marie.seen, marie.typing) == ([], False, False)


@pytest.mark.parametrize("header", [b"sha256=\xff\xfe\xe9", b"sha256=" + "é".encode() * 32, b"\x80"])
def test_a_signature_that_is_no_text_is_refused(signed, header):
    raw = b'{"object": "page"}'
    told = signed.web.client.post("/messenger/webhook", content=raw, headers=[(KEY.encode(), header)])
    assert told.status_code == 401


def test_one_flipped_byte_anywhere_is_refused(signed, marie):
    raw = json.dumps(_said(signed, marie), ensure_ascii=False).encode()
    header = {KEY: f"sha256={openssl(raw)}"}
    before = rows(signed.web.store)
    for place in range(0, len(raw), 7):
        flipped = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert _send(signed, flipped, header).status_code == 401, place
    assert rows(signed.web.store) == before
    assert _send(signed, raw, header).status_code == 200


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 50_000, b"\xff\xfe\x00", b'{"entry": "' + b"9" * 10_000], ids=lambda raw: repr(raw[:4]))
def test_the_signature_is_looked_at_before_what_the_body_says(signed, raw):
    """Meta hears of a bad signature; of a good one on no JSON it does not, for it would send it again and again."""
    assert _send(signed, raw, {KEY: f"sha256={openssl(raw, 'un autre secret')}"}).status_code == 401
    assert _send(signed, raw, {KEY: f"sha256={openssl(raw)}"}).status_code == 200


def test_a_refusal_is_logged_once_a_minute_for_anybody_can_send_some(signed, caplog, monkeypatch):
    for every_s, told in ((0, 3), (60, 0)):
        monkeypatch.setattr("bot.channels.messenger.TOLD_EVERY_S", every_s)
        caplog.clear()
        for _ in range(3):
            _send(signed, b"{}", {KEY: "sha256=00"})
        assert caplog.text.count("a webhook was refused") == told


def test_a_refusal_is_logged_without_the_words_nor_the_signature(signed, marie, caplog, monkeypatch):
    monkeypatch.setattr("bot.channels.messenger.TOLD_EVERY_S", 0)
    raw = json.dumps(_said(signed, marie), ensure_ascii=False).encode()
    forged = openssl(raw, "un autre secret")
    with caplog.at_level(logging.DEBUG):
        _send(signed, raw, {KEY: f"sha256={forged}"})
    assert "signature" in caplog.text
    assert [each for each in (WORDS, "Gaspé", marie.psid, forged, openssl(raw), signed.graph.page.app_secret) if each in caplog.text] == []


def _of_size(signed: Any, person: Any, size: int) -> bytes:
    """Return a body of that many bytes, in which one person says `WORDS` among things that we do not know."""
    said = _said(signed, person)
    said["entry"][0]["unknown"] = "x"
    raw = json.dumps(said).encode()
    raw = raw.replace(b'"unknown": "x"', b'"unknown": "' + b"x" * (size - len(raw) + 1) + b'"')
    assert len(raw) == size
    return raw


def _in_chunks(raw: bytes) -> Iterator[bytes]:
    for start in range(0, len(raw), 50_000):
        yield raw[start : start + 50_000]


SENT = {"with its length": lambda raw: raw, "in chunks": _in_chunks}


@pytest.mark.parametrize("sent", SENT)
@pytest.mark.parametrize("size", [TAKEN, 300_000, 1_000_000])
def test_a_long_body_is_read(signed, marie, sent, size):
    raw = _of_size(signed, marie, size)
    answer = _send(signed, SENT[sent](raw), {KEY: f"sha256={openssl(raw)}"})
    signed.settle()
    assert answer.status_code == 200
    assert marie.texts_since(0) == [f"réponse à {WORDS}"]


@pytest.mark.parametrize("sent", SENT)
@pytest.mark.parametrize("size", [REFUSED, 1_000_001])
def test_a_longer_one_is_refused_though_it_is_signed(signed, marie, sent, size):
    raw = _of_size(signed, marie, size)
    before = rows(signed.web.store)
    answer = _send(signed, SENT[sent](raw), {KEY: f"sha256={openssl(raw)}"})
    assert answer.status_code == 413
    assert rows(signed.web.store) == before
    assert marie.screen == []


def _talk_raw(signed: Any, head: str, most: int) -> tuple[bytes, int]:
    """Return what is answered to a request whose body never ends, and how many bytes of the `most` could be sent before that."""
    where = urlsplit(signed.web.url)
    with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
        connection.sendall(f"POST /messenger/webhook HTTP/1.1\r\nHost: x\r\n{KEY}: sha256={'0' * 64}\r\n{head}\r\n\r\n".encode())
        sent = 0
        connection.setblocking(False)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if told := connection.recv(4096):
                    return told, sent
                break
            except BlockingIOError:
                pass
            except ConnectionError:
                break
            try:
                sent += connection.send(b"fa00\r\n" + b"x" * 64_000 + b"\r\n") if sent < most else 0
            except BlockingIOError:
                time.sleep(0.001)
            except ConnectionError:
                break
    return b"", sent


def test_a_body_that_is_announced_too_long_is_refused_before_it_comes(signed):
    told, sent = _talk_raw(signed, "Content-Length: 500000000", most=0)
    assert told.startswith(b"HTTP/1.1 413")
    assert sent == 0


def test_a_body_without_end_is_let_go_after_a_megabyte_so_that_it_takes_no_memory(signed):
    told, sent = _talk_raw(signed, "Transfer-Encoding: chunked", most=200_000_000)
    # What the two ends of a connection keep in their buffers was sent and not read.
    assert sent < 30_000_000
    assert told[:12] in (b"HTTP/1.1 413", b""), told
    assert signed.web.client.get("/health").status_code == 200


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", ""])
def test_a_length_that_is_none_is_refused_and_harms_nobody(signed, marie, length):
    told, _ = _talk_raw(signed, f"Content-Length: {length}", most=0)
    assert told == b"" or told.startswith(b"HTTP/1.1 4"), told
    raw = json.dumps(_said(signed, marie)).encode()
    assert _send(signed, raw, {KEY: f"sha256={openssl(raw)}"}).status_code == 200


def test_a_body_that_trickles_in_is_told_to_come_again(serve_messenger):
    with serve_messenger(assistant=StandIn(), request_s=1) as serving:
        told, _ = _talk_raw(serving, "Content-Length: 900", most=0)
    assert told.split(b" ")[1] in (b"503", b"408")
