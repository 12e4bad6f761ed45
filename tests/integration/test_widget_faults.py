"""Faults for real, seen by a visitor of the widget: never silence, never a lost or doubled message, and the talk goes on afterwards."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from clocks import ShiftedClock

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "le RISQ prend combien de frais?"
SORRY = "ennui technique"
STARTED_IN_S = 120
SECRET = "the secret of a server that is killed"


class _Between(BaseHTTPRequestHandler):
    """Passes what Rasa asks on to the action server, or fails as `server.fault` says."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.server.fault
        if fault == "cut":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault == "slow":
            self.server.released.wait(30)
        if fault in _BROKEN:
            self._answer(*_BROKEN[fault])
            return
        told = httpx.post(
            self.server.behind.url, content=body, headers={"Authorization": f"Bearer {self.server.behind.secret}"}, timeout=60
        )
        self._answer(told.status_code, told.content)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


_BROKEN = {
    "error": (500, b'{"error": "failed"}'),
    "refusal": (400, b'{"error": "rejected", "action_name": "x"}'),
    "not JSON": (200, b"<html>bonjour</html>"),
    "not ours": (200, b'{"events": [{"event": "nonsense"}], "responses": []}'),
    "nothing": (200, b""),
}


@pytest.fixture(scope="module")
def between(action_server: Any) -> Iterator[Any]:
    """A server between Rasa and the action server, whose `fault` a test sets."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Between)
    server.behind, server.fault, server.released = action_server, None, threading.Event()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def shaky(between: Any, model: Path, directory_url: str, wait: Callable) -> Iterator[Any]:
    """An assistant whose action server may fail."""
    from bot.engine import load_agent

    from bot.assistant import Assistant

    async def load() -> Assistant:
        return Assistant(load_agent(model, f"http://127.0.0.1:{between.server_address[1]}/webhook"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGUILLEUR_DATABASE_URL", directory_url)
        loaded = wait(load())
    yield loaded
    wait(loaded.close())


@pytest.fixture(scope="module")
def faulty(shaky: Any, serve_app: Callable) -> Iterator[Any]:
    """The widget's channel on that assistant."""
    with serve_app(assistant=shaky) as serving:
        yield serving


@pytest.fixture
def fault(between: Any, shaky: Any) -> Iterator[Callable[[str], None]]:
    """Sets the fault of the action server; it works again after the test, or once the fault is ""."""
    from cli.stack import free_port

    endpoint = shaky._agent.action_endpoint
    address = endpoint.url

    def set_fault(name: str) -> None:
        between.fault = name
        endpoint.url = f"http://127.0.0.1:{free_port()}/webhook" if name == "down" else address

    yield set_fault
    set_fault("")


@pytest.mark.parametrize("name", ["down", "cut", *_BROKEN])
def test_a_broken_action_server_gets_one_apology_and_the_next_message_its_answer(faulty, fault, folded, name):
    token = faulty.begin()
    faulty.say(token, text="on est une coop à Gaspé, on cherche du financement")
    fault(name)
    answers = faulty.say(token, text="on est en démarrage")
    assert len(answers) == 1
    assert SORRY in folded(answers[0]["text"])
    assert "mrc" in folded(answers[0]["text"])
    fault("")
    again = " ".join(each["text"] for each in faulty.say(token, text="on est en démarrage"))
    # The search goes on where it was.
    assert "combien" in folded(again)


def test_a_slow_action_server_gets_an_apology_and_messages_are_taken_in_meanwhile(faulty, fault, between, web, folded):
    fault("slow")
    between.released.clear()
    token = faulty.begin()
    seq = faulty.post(token, text=QUESTION).json()["message"]["seq"]
    fetched = faulty.fetch(token, seq, 1).json()
    assert (fetched["messages"], fetched["pending"]) == ([], 1)
    other = faulty.begin()
    assert faulty.post(other, text=QUESTION).status_code == 202
    assert faulty.post(token, text="merci").json()["pending"] == 2
    answers = faulty.answer(token, seq)
    between.released.set()
    assert SORRY in folded(answers[0]["text"])


@pytest.fixture
def locked(tmp_path: Path) -> Callable[[], Any]:
    """Holds a SQLite file of conversations so that nobody else writes to it, as a context manager."""

    @contextmanager
    def hold() -> Iterator[None]:
        with closing(sqlite3.connect(tmp_path / "conversations.db", isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute("ROLLBACK")

    return hold


def test_a_database_that_does_not_answer_is_said_and_the_same_id_sent_again_is_one_message(serve_app, locked, tmp_path, folded):
    with serve_app(database_url=f"sqlite:///{tmp_path / 'conversations.db'}") as web:
        token = web.begin()
        with locked():
            refused = web.post(token, id="sent-twice", text=QUESTION)
        assert refused.status_code == 503
        assert refused.headers["retry-after"]
        assert SORRY in folded(refused.json()["error"]["message"])
        assert web.say(token, id="sent-twice", text=QUESTION)
        assert [each["text"] for each in web.fetch(token).json()["messages"] if each["from"] == "user"] == [QUESTION]


def test_a_database_gone_in_the_middle_of_a_turn_gets_the_answer_when_it_is_back(serve_app, tmp_path, postgresql):
    """On PostgreSQL, connections are cut and refused, then allowed again."""
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url

    url = postgresql()
    name = make_url(url).database
    server = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT", future=True)
    with serve_app(database_url=url) as web, server.connect() as connection:
        token = web.begin()
        assert web.say(token, text="merci")
        sent = [web.post(token, text=text).status_code for text in (QUESTION, "le RISQ prête combien?")]
        connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        gone = web.fetch(token).status_code
        connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert sent == [202, 202]
        assert gone == 503
        messages = _until_answered(web, token)
    server.dispose()
    said = [each for each in messages if each["from"] == "user"]
    assert [each["text"] for each in said] == ["merci", QUESTION, "le RISQ prête combien?"]
    for each in said:
        assert sum(m["last"] for m in messages if m.get("answers") == each["seq"]) == 1


def _until_answered(web: Any, token: str) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        fetched = web.fetch(token)
        if fetched.status_code == 200 and fetched.json()["pending"] == 0:
            return fetched.json()["messages"]
        time.sleep(0.1)
    raise AssertionError(f"not answered: {fetched.text}")


class Killable:
    """`aiguilleur serve` on one database, killed and started again."""

    def __init__(self, env: dict[str, str], port: int, model: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._env, self._port, self._model = env, port, model
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [
            sys.executable,
            "-c",
            "from cli.main import main; main()",
            "serve",
            "--port",
            str(self._port),
            "--model",
            str(self._model),
        ]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self._env, stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + STARTED_IN_S
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/health", timeout=5)
                return
            except httpx.TransportError:
                assert self.process.poll() is None, "the server stopped while it was starting"
                time.sleep(0.2)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """Kill it and its action server, as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
            self.process = None


@pytest.fixture
def killable(environment: Callable, directory_url: str, model: Path, tmp_path: Path) -> Iterator[Killable]:
    """A server that the test may kill."""
    from cli.stack import free_port

    variables = {
        "AIGUILLEUR_DATABASE_URL": directory_url,
        "AIGUILLEUR_CONVERSATIONS_DATABASE_URL": f"sqlite:///{tmp_path / 'conversations.db'}",
        "AIGUILLEUR_SECRET": SECRET,
    }
    made = Killable(environment(**variables), free_port(), model)
    yield made
    made.kill()


def _waiting(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT count(*) FROM inbox WHERE status = 'received'").fetchone()[0]


def test_what_was_acknowledged_before_the_server_was_killed_is_answered_once_by_the_next_one(killable, tmp_path, folded):
    from serving import Web

    texts = ["on est une coop à Gaspé, on cherche du financement", QUESTION, "on est en démarrage"]
    killable.start()
    with httpx.Client(base_url=killable.url, timeout=60) as client:
        web = Web(killable.url, client, SECRET, None)
        token = web.begin()
        assert web.say(token, text=texts[0])
        for text in texts[1:]:
            assert web.post(token, text=text).status_code == 202
    killable.kill()
    assert _waiting(tmp_path / "conversations.db"), "the server answered before it was killed"
    killable.start()
    with httpx.Client(base_url=killable.url, timeout=60) as client:
        web = Web(killable.url, client, SECRET, None)
        messages = _until_answered(web, token)
        after = " ".join(each["text"] for each in web.say(token, text="50 000 $"))
    said = [each for each in messages if each["from"] == "user"]
    assert [each["text"] for each in said] == texts
    for each in said:
        assert sum(m["last"] for m in messages if m.get("answers") == each["seq"]) == 1, each["text"]
    # The dialogue goes on where it was: the search still knows the place.
    assert "pour gaspe" in folded(after)


@pytest.mark.parametrize(
    "begun", [b"POST /widget/v1/mess", b"POST /widget/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{"]
)
def test_requests_that_trickle_in_are_dropped_and_take_nobody_s_place(serve_app, folded, begun):
    with serve_app(request_s=2) as web:
        port = int(web.url.rsplit(":", 1)[1])
        slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
        for connection in slow:
            connection.sendall(begun)
        token = web.begin()
        assert web.say(token, text=QUESTION)
        for connection in slow:
            connection.settimeout(20)
        told = [connection.recv(4096) for connection in slow]
        for connection in slow:
            connection.close()
    assert all(answer.startswith(b"HTTP/1.1 408") for answer in told)
    assert "envoyez-le de nouveau" in folded(told[0].decode())


def test_a_clock_that_is_set_forward_or_back_loses_no_conversation_and_no_order(serve_app):
    clock = ShiftedClock()
    with serve_app(now=clock) as web:
        token = web.begin()
        for hours in (0, 5, -5, 3):
            clock.shift = timedelta(hours=hours)
            assert web.say(token, text="merci")
        messages = web.fetch(token).json()["messages"]
    assert [each["seq"] for each in messages] == list(range(1, len(messages) + 1))
    assert sum(each["from"] == "user" for each in messages) == 4


@pytest.mark.parametrize(
    ("keep", "age", "status"),
    [(False, {"hours": 23}, 200), (False, {"hours": 25}, 401), (True, {"days": 89}, 200), (True, {"days": 91}, 401)],
)
def test_a_token_lives_as_long_as_its_conversation(serve_app, folded, keep, age, status):
    clock = ShiftedClock()
    with serve_app(now=clock) as web:
        token = web.begin(keep=keep)
        clock.shift = timedelta(**age)
        answer = web.fetch(token)
        assert answer.status_code == status
        if status == 200:
            # One in use is replaced before it ends.
            renewed = answer.json()["token"]
            clock.shift += timedelta(hours=20)
            assert web.fetch(renewed).status_code == 200
        else:
            assert "expire" in folded(answer.json()["error"]["message"])


CANARIES = ("marie.tremblay@exemple.ca", "418 555-0134", "046 454 286", "12 rue des Érables", "4539 5787 6362 1486")


def test_personal_data_is_in_no_file_and_in_no_log(serve_app, tmp_path, caplog):
    folder = tmp_path / "kept"
    with caplog.at_level("DEBUG"), serve_app(database_url=f"sqlite:///{folder / 'conversations.db'}") as web:
        token = web.begin(place="12 rue des Érables, Gaspé")
        for canary in CANARIES:
            web.say(token, text=f"notre coop de Gaspé cherche du financement, joignez-moi : {canary}")
        web.ask("POST", "feedback", token, json={"message": None, "rating": "down", "comment": " ".join(CANARIES)})
        raw = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    assert b"financement" in raw
    assert [canary for canary in CANARIES if canary.encode() in raw or canary in caplog.text] == []
    assert "cherche du financement" not in caplog.text
