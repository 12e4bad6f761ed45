"""Meta is answered at once, whatever the rest does (F4), and only for what is stored: what could not be comes again (F5)."""

import json
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fake_graph import hang
from stand_in import StandIn, body, message, post, received, rows, someone, undelivered, verification

# Meta waits 5 s.
META_WAITS_S = 5


@pytest.fixture
def slow(serve_messenger: Callable) -> Iterator[Any]:
    """The channel on an assistant that does not end a turn, and a Graph that does not end a request."""
    assistant = StandIn()
    with serve_messenger(assistant=assistant, graph={"give_up_after": 5}) as serving:
        assistant.hold()
        for path in ("messages", "actions"):
            serving.graph.faults.always(hang(), path=path)
        yield serving, assistant
        serving.graph.faults.clear()
        assistant.release()


def test_the_acknowledgement_waits_neither_for_the_turn_nor_for_graph(slow):
    serving, assistant = slow
    marie = serving.graph.person()
    marie.says("allo")
    serving.graph.idle(META_WAITS_S)
    assert [status for _, status in serving.graph.acks] == [200]
    assert received(serving.web.store, marie.psid) == [("text", "allo")]
    assert marie.screen[1:] == []
    serving.graph.faults.clear()
    assistant.release()
    serving.settle()
    assert marie.texts_since(0) == ["réponse à allo"]


def test_a_crowd_is_acknowledged_while_everything_else_hangs(slow):
    serving, assistant = slow
    people = [serving.graph.person() for _ in range(100)]
    for person in people:
        person.says("allo")
    serving.graph.idle(60)
    assert {status for _, status in serving.graph.acks} == {200}
    assert max(seconds for seconds, _ in serving.graph.acks) < META_WAITS_S
    assert len(serving.graph.acks) == len(people)
    serving.graph.faults.clear()
    assistant.release()
    serving.settle(60)
    assert [person.texts_since(0) for person in people] == [["réponse à allo"]] * len(people)
    assert serving.graph.subscribed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The SQLite file of the conversations."""
    return tmp_path / "conversations.db"


@pytest.fixture
def kept(serve_messenger: Callable, file: Path) -> Iterator[Any]:
    """The channel on that file; the page is unsubscribed at the tenth refusal in a row."""
    graph = {"give_up_after": 10, "retry_s": (0.2, 0.5, 1, 2)}
    with serve_messenger(assistant=StandIn(), database_url=f"sqlite:///{file}", graph=graph) as serving:
        yield serving


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold the file so that nobody else writes to it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


def test_what_a_locked_database_could_not_store_comes_again_and_is_stored_and_answered_once(kept, file):
    marie = kept.graph.person()
    marie.says("bonjour")
    kept.settle()
    with _locked(file):
        marie.says("allo")
        while len(kept.graph.acks) < 3:
            time.sleep(0.05)
    kept.settle()
    statuses = [status for _, status in kept.graph.acks]
    assert statuses[:3] == [200, 503, 503]
    assert statuses[-1] == 200
    assert max(seconds for seconds, _ in kept.graph.acks) < META_WAITS_S
    assert received(kept.web.store, marie.psid) == [("text", "bonjour"), ("text", "allo")]
    assert marie.texts_since(0) == ["réponse à bonjour", "réponse à allo"]
    assert kept.graph.subscribed


def test_a_database_that_is_slow_for_a_moment_delays_the_acknowledgement_and_no_more(kept, file):
    marie = kept.graph.person()
    with _locked(file):
        marie.says("allo")
        time.sleep(1.5)
        assert kept.graph.acks == []
    kept.settle()
    assert [status for _, status in kept.graph.acks] == [200]
    assert marie.texts_since(0) == ["réponse à allo"]


def test_when_too_much_waits_for_the_database_the_rest_is_told_at_once_to_come_again(kept, file, monkeypatch):
    monkeypatch.setattr("bot.channels.messenger.MAX_STORING", 3)
    page, people = kept.graph.page.id, [someone(kept.graph) for _ in range(6)]
    bodies = [body(page, message(person.psid, page, "allo")) for person in people]
    with ThreadPoolExecutor(len(bodies)) as pool:
        with _locked(file):
            posted = [pool.submit(post, kept.graph, each) for each in bodies]
            first = [each.result().status_code for each in islice(as_completed(posted), 3)]
            assert sum(each.done() for each in posted) == 3
        assert first == [503] * 3
        assert sorted(each.result().status_code for each in posted) == [200] * 3 + [503] * 3
    assert [post(kept.graph, each).status_code for each in bodies] == [200] * 6
    kept.settle()
    assert [person.texts_since(0) for person in people] == [["réponse à allo"]] * 6


def test_the_server_answers_others_while_the_database_is_locked(kept, file):
    marie = kept.graph.person()
    with _locked(file):
        marie.says("allo")
        began = time.monotonic()
        asked = f"hub.mode=subscribe&hub.challenge=1&hub.verify_token={kept.graph.page.verify_token}"
        assert verification(kept.web, asked)[:2] == (200, "1")
        assert kept.web.client.get("/health").status_code == 200
        assert time.monotonic() - began < 2
        assert kept.graph.acks == []
    kept.settle()


# What each database does at the word of each manner: `broken` is out of order, `refused` will never take that row.
WORDS = {"broken": "panne", "refused": "refus"}
_SQLITE = "CREATE TRIGGER {manner} BEFORE INSERT ON inbox WHEN NEW.text = '{word}' BEGIN SELECT {does}; END"
_POSTGRESQL = (
    "CREATE FUNCTION {manner}() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'fault' USING ERRCODE = '{does}'; END $$ LANGUAGE plpgsql;"
    " CREATE TRIGGER {manner} BEFORE INSERT ON inbox FOR EACH ROW WHEN (NEW.text = '{word}') EXECUTE FUNCTION {manner}()"
)
FAULTS = {
    "sqlite": (_SQLITE, {"broken": "abs(-9223372036854775807 - 1)", "refused": "RAISE(ABORT, 'fault')"}, "DROP TRIGGER {manner}"),
    "postgresql": (_POSTGRESQL, {"broken": "disk_full", "refused": "data_exception"}, "DROP TRIGGER {manner} ON inbox"),
}


@pytest.fixture
def failing(serve_messenger: Callable, new_database: Callable[[], str], backend: str) -> Iterator[Callable[[str], Any]]:
    """The channel on a database, SQLite and PostgreSQL, that fails in a manner of `WORDS` at its word, until its other word is said."""
    begin, does, end = FAULTS[backend]

    with serve_messenger(assistant=StandIn(), database_url=new_database()) as serving:

        def run(statement: str, manner: str) -> None:
            told = statement.format(manner=manner, word=WORDS[manner], does=does[manner])
            serving.web.store.run_here(lambda session: session.connection().exec_driver_sql(told))

        def fail(manner: str) -> tuple[Any, Callable[[], None]]:
            run(begin, manner)
            return serving, lambda: run(end, manner)

        yield fail


@pytest.fixture
def broken(failing: Callable[[str], Any]) -> Any:
    """The channel on a database that is out of order at that word, and what mends it."""
    return failing("broken")


@pytest.mark.parametrize("place", range(5))
def test_a_batch_that_cannot_be_stored_whole_is_told_so_and_not_half_stored(broken, place):
    serving, mend = broken
    page, people = serving.graph.page.id, [someone(serving.graph) for _ in range(4)]
    events = [message(person.psid, page, "allo") for person in people]
    failing = someone(serving.graph)
    events.insert(place, message(failing.psid, page, "panne"))
    posted = body(page, *events)
    assert post(serving.graph, posted).status_code == 503
    serving.settle()
    assert rows(serving.web.store) == {}
    assert [person.screen for person in people] == [[]] * 4
    mend()
    assert post(serving.graph, posted).status_code == 200
    serving.settle()
    assert [person.texts_since(0) for person in people] == [["réponse à allo"]] * 4
    assert failing.texts_since(0) == ["réponse à panne"]


@pytest.mark.parametrize("place", range(5))
def test_an_event_that_the_database_will_never_take_stops_none_of_the_others(failing, place):
    serving, _ = failing("refused")
    page, people = serving.graph.page.id, [someone(serving.graph) for _ in range(5)]
    words = [WORDS["refused"] if number == place else "allo" for number in range(5)]
    posted = body(page, *(message(person.psid, page, word) for person, word in zip(people, words, strict=True)))
    for _ in range(2):
        assert post(serving.graph, posted).status_code == 200
        serving.settle()
    assert [person.texts_since(0) for person in people] == [[] if word != "allo" else ["réponse à allo"] for word in words]
    assert rows(serving.web.store)["inbox"] == 4


def test_what_was_stored_before_the_database_broke_in_the_middle_of_a_batch_is_answered_without_delay(failing):
    """One event is refused for good, so each is stored alone; then the database is out of order, and Meta sends them all again."""
    failing("refused")
    serving, mend = failing("broken")
    page, people = serving.graph.page.id, [someone(serving.graph) for _ in range(3)]
    words = ("allo", WORDS["refused"], WORDS["broken"])
    posted = body(page, *(message(person.psid, page, word) for person, word in zip(people, words, strict=True)))
    assert post(serving.graph, posted).status_code == 503
    mend()
    assert post(serving.graph, posted).status_code == 200
    serving.settle(10)
    assert [person.texts_since(0) for person in people] == [["réponse à allo"], [], ["réponse à panne"]]


def test_a_refused_batch_is_delivered_until_it_is_stored_and_the_page_stays_subscribed(broken):
    serving, mend = broken
    marie, ali = serving.graph.person(), serving.graph.person()
    marie.says("panne")
    ali.says("allo")
    while [status for _, status in serving.graph.acks].count(503) < 3:
        time.sleep(0.01)
    mend()
    serving.settle()
    assert (marie.texts_since(0), ali.texts_since(0)) == (["réponse à panne"], ["réponse à allo"])
    assert received(serving.web.store, marie.psid) == [("text", "panne")]
    assert serving.graph.subscribed


def test_a_failure_is_logged_without_the_words(broken, caplog):
    serving, mend = broken
    marie = someone(serving.graph)
    page = serving.graph.page.id
    with caplog.at_level("INFO"):
        posted = body(page, message(marie.psid, page, "on cherche de l’aide à Gaspé"), message(marie.psid, page, "panne"))
        assert post(serving.graph, posted).status_code == 503
    assert "/messenger/webhook" in caplog.text
    assert [each for each in ("Gaspé", "panne", marie.psid, serving.graph.page.app_secret) if each in caplog.text] == []
    mend()


def test_a_webhook_that_is_interrupted_by_meta_is_stored_all_the_same_or_not_at_all(kept):
    """Who hangs up before the answer sends the event again: it is answered once."""
    marie = kept.graph.person()
    posted = undelivered(kept.graph, lambda: marie.says("allo"))
    raw = json.dumps(posted).encode()
    where = urlsplit(kept.web.url)
    head = (
        f"POST /messenger/webhook HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: {kept.graph.sign(raw)}\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    for most in (len(raw), len(raw), len(raw) // 2):
        with socket.create_connection((where.hostname, where.port)) as connection:
            connection.sendall(head.encode() + raw[:most])
    with ThreadPoolExecutor(2) as pool:
        assert [answer.status_code for answer in pool.map(lambda _: post(kept.graph, posted), range(2))] == [200, 200]
    kept.settle()
    assert received(kept.web.store, marie.psid) == [("text", "allo")]
    assert marie.texts_since(0) == ["réponse à allo"]
