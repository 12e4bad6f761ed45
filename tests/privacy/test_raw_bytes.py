"""Nothing of what people give of themselves is kept, in any byte of any store, log or export; what is erased or purged is not either."""

import random
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from planted_set import Item, left, planted
from raw import bytes_of, dump_of, readable_in, records
from sqlalchemy import select
from typer.testing import CliRunner

from bot.door import enter

GATED = {"nas", "card", "mail", "tel", "ramq"}
# In one conversation; more of them and each turn would cost the same.
AT_ONCE = 12
SENT = 510
# On PostgreSQL, whose stores are written by the same code, one item of so many.
ONE_OF = 6
ERASES = re.compile(r"effacez|enlevez|ne gardez pas")
CANARY = "zibelinequartz"


class Kept(NamedTuple):
    """What is left of a server: its stores while it ran and once it stopped, its logs, its exports; the values sent by each channel."""

    running: bytes
    stopped: bytes
    logs: bytes
    exports: bytes
    values: list[str]
    conversations: int


def _masked_whole(item: Item) -> bool:
    """Return whether the door masks all of an item: what it misses is the matter of the gate."""
    shown = enter(item.text).text
    return not any(left(kind, value, "", shown) for kind, value in item.values)


@pytest.fixture(scope="module")
def sent() -> list[Item]:
    """Items of the gate drawn by chance, but those that the door misses, and those that ask in so many words that all be erased, and are
    obeyed."""
    gated = [item for item in planted() if {kind for kind, _ in item.values} & GATED]
    return random.Random(6).sample([item for item in gated if _masked_whole(item) and not ERASES.search(item.text)], SENT)


def test_five_hundred_items_are_sent_by_each_channel(sent):
    assert len(sent) >= 500


def _talk(web: Any, items: list[Item]) -> None:
    """Send items by the widget, twelve a conversation: as messages, as what the page says of itself, as comments."""
    for at in range(0, len(items), AT_ONCE):
        some = items[at : at + AT_ONCE]
        token = web.begin(place=some[0].text[:100], programme=some[-1].text[:100])
        for item in some:
            judged = web.say(token, text=item.text)[-1]["seq"]
            assert _judged(web, token, judged, "down", item.text) == 200
        assert _judged(web, token, None, "up", some[0].text) == 200


def _judged(web: Any, token: str, message: int | None, rating: str, comment: str) -> int:
    body = {"message": message, "rating": rating, "comment": comment}
    return web.ask("POST", "feedback", token, json=body).status_code


def _write(messenger: Any, items: list[Item]) -> None:
    """Send items through the signed webhook of Messenger, twelve a person."""
    people = [(messenger.person(), items[at : at + AT_ONCE]) for at in range(0, len(items), AT_ONCE)]
    for turn in range(AT_ONCE):
        for person, some in people:
            if turn < len(some):
                person.says(some[turn].text)
        messenger.settle(120)


def _soon(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


def _journal_told(web: Any) -> int:
    """Return how many conversations the journal holds, once nothing is due."""
    from bot.conversations.models import Erasure, JournalDue
    from journal.models import Conversation

    def due(session: Any) -> bool:
        pending = session.execute(select(JournalDue.conversation_id).limit(1)).first()
        return bool(pending or session.execute(select(Erasure.digest).where(Erasure.journaled.is_(False))).first())

    _soon(lambda: not web.store.run_here(due), "the journal was not told")
    with web.journal.reading() as session:
        return len(session.execute(select(Conversation.id)).all())


def _command(monkeypatch: pytest.MonkeyPatch, conversations: str, journal: str, *arguments: str) -> str:
    from cli.journal import app

    monkeypatch.setenv("AIGUILLEUR_CONVERSATIONS_DATABASE_URL", conversations)
    monkeypatch.setenv("AIGUILLEUR_JOURNAL_DATABASE_URL", journal)
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return done.output


class Stores(NamedTuple):
    """Where a server keeps what it is told, and how all of it is read."""

    conversations: str
    journal: str
    read: Callable[[], bytes]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """Databases without any table, of each kind."""
    if request.param == "postgresql":
        conversations, journal = (request.getfixturevalue("postgresql")() for _ in range(2))
        return Stores(conversations, journal, lambda: dump_of(conversations) + dump_of(journal))
    folder = tmp_path_factory.mktemp("kept")
    return Stores(f"sqlite:///{folder / 'conversations.db'}", f"sqlite:///{folder / 'journal.db'}", lambda: bytes_of(folder))


@pytest.fixture(scope="module")
def kept(stores: Stores, sent: list[Item], serve_messenger: Callable, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """What is left of a server that was told all of the gate by both channels."""
    from bot.channels.limits import Rates

    items = sent if stores.conversations.startswith("sqlite") else sent[::ONE_OF]
    rates = Rates(write=10_000, fetch=10_000, begin=10_000, address=100_000)
    exports = tmp_path_factory.mktemp("exports")
    with records() as logged:
        with serve_messenger(database_url=stores.conversations, journal_url=stores.journal, rates=rates) as serving:
            _talk(serving.web, items)
            _write(serving, items)
            told = _journal_told(serving.web)
            running = stores.read()
        stopped = stores.read()
        with pytest.MonkeyPatch.context() as patch:
            for number in range(1, told + 1):
                _command(patch, stores.conversations, stores.journal, "dossier", str(number), "--output", str(exports))
    values = [value for item in items for _, value in item.values]
    return Kept(running, stopped, "\n".join(logged.written).encode(), bytes_of(exports), values, told)


def test_all_that_was_sent_is_kept_masked(kept):
    # What follows would hold of an empty store: the marks are there, and a conversation for each twelve items on each channel.
    assert kept.conversations > len(kept.values) / AT_ONCE
    for mark in (b"[NAS_1]", b"[CARTE_1]", b"[COURRIEL_1]", b"[TELEPHONE_1]", b"[RAMQ_1]"):
        assert min(kept.running.count(mark), kept.stopped.count(mark), kept.exports.count(mark)) > 0, mark
    assert b"/widget/v1/messages" in kept.logs


def test_no_planted_value_can_be_read_in_any_byte_of_the_stores(kept):
    assert readable_in(kept.running, kept.values) == []
    assert readable_in(kept.stopped, kept.values) == []


def test_no_planted_value_can_be_read_in_any_record_of_the_logs(kept):
    assert readable_in(kept.logs, kept.values) == []


def test_no_planted_value_can_be_read_in_the_exported_dossiers(kept):
    assert readable_in(kept.exports, kept.values) == []


def test_the_reader_of_the_bytes_sees_what_it_looks_for():
    # The breach, shown: a value as typed, escaped as JSON stores it, in small letters, or its digits alone.
    typed = ["046 454 286", "mélanie.côté@exemple.ca", "LISE@EXEMPLE.CA", "418-555-0123"]
    assert readable_in("… 046 454 286 … lise@exemple.ca …".encode(), typed) == [typed[0], typed[2]]
    assert readable_in(b'{"text": "m\\u00e9lanie.c\\u00f4t\\u00e9@exemple.ca"} 4185550123', typed) == [typed[1], typed[3]]
    assert readable_in(b"0.14185550123 [NAS_1]", typed) == []


# What is erased, and what is purged: words that are no personal data, kept as they are until then.


def _begin(serving: Any, word: str) -> tuple[str, Any]:
    """Say a word by both channels; return the token and the person."""
    token, person = serving.web.begin(), serving.person()
    serving.web.say(token, text=f"on cherche un mentor {word}")
    assert _judged(serving.web, token, None, "down", f"pas clair {word}") == 200
    serving.web.ask("POST", "feedback", token, json={"message": None, "rating": "down", "comment": f"pas clair {word}"})
    serving.told(person, lambda: person.says(f"on cherche un mentor {word}"))
    _journal_told(serving.web)
    return token, person


def test_what_a_person_erases_is_gone_from_every_byte_while_the_server_runs(stores_apart, serve_messenger):
    with serve_messenger(database_url=stores_apart.conversations, journal_url=stores_apart.journal) as serving:
        token, person = _begin(serving, CANARY)
        assert CANARY.encode() in stores_apart.read()
        assert serving.web.ask("DELETE", "conversation", token).status_code in (200, 204)
        person.says("efface ma conversation")
        _soon(lambda: any("EF-" in (shown.text or "") for shown in person.screen), "the proof was not given")
        _journal_told(serving.web)
        # Whoever writes ahead empties it once nobody reads, within seconds.
        _soon(lambda: CANARY.encode() not in stores_apart.read(), "what was erased can still be read")
    assert CANARY.encode() not in stores_apart.read()


def test_what_is_purged_is_gone_from_every_byte_and_its_counts_stay(stores_apart, serve_messenger, monkeypatch):
    long_ago = datetime.now(timezone.utc) - timedelta(days=100)
    with serve_messenger(database_url=stores_apart.conversations, journal_url=stores_apart.journal, now=lambda: long_ago) as serving:
        _begin(serving, CANARY)
    assert CANARY.encode() in stores_apart.read()
    told = _command(monkeypatch, stores_apart.conversations, stores_apart.journal, "purge")
    assert "2 conversations et 3 messages" in told
    assert CANARY.encode() not in stores_apart.read()
    assert "Rien à effacer" in _command(monkeypatch, stores_apart.conversations, stores_apart.journal, "purge")


@pytest.fixture(params=["sqlite", "postgresql"])
def stores_apart(request: pytest.FixtureRequest, tmp_path: Path) -> Stores:
    """Databases of one test alone."""
    if request.param == "postgresql":
        conversations, journal = (request.getfixturevalue("postgresql")() for _ in range(2))
        return Stores(conversations, journal, lambda: dump_of(conversations) + dump_of(journal))
    return Stores(f"sqlite:///{tmp_path / 'conversations.db'}", f"sqlite:///{tmp_path / 'journal.db'}", lambda: bytes_of(tmp_path))
