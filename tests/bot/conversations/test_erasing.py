"""What is erased is gone: from every table, and from the bytes of the file."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from bot.conversations import outbox, results
from bot.conversations.erasing import erase, expire
from bot.conversations.errors import Erased, NoConversation, NoSuchMessage
from bot.conversations.models import Base, Delivery, Erasure, Outbound, Thread
from bot.conversations.schema import TABLES, VERSION_TABLE
from bot.conversations.store import Store

CANARY = "des canaris empaillés"
CARD = {"name": "Organisme des canaris empaillés", "does": "Empaille."}
RETENTION = timedelta(days=90)


def _fill(talk, store, name: str) -> None:
    """Write something of a conversation in every table."""
    talk.receive(name, f"on élève {CANARY}", "channel-id")
    reply = {"text": f"Vous élevez {CANARY}.", "buttons": [{"title": CANARY, "payload": "/greet"}], "cards": [CARD]}
    store.run_here(outbox.settle, talk.claim(name), [reply], {"slot": CANARY}, {"text": CANARY}, store.now())
    store.run_here(results.judge, name, 2, {"rating": "down", "reason": None, "comment": CANARY}, store.now())
    store.run_here(results.share, name, 2, RETENTION, store.now())
    store.run_here(_push, name, store.now())


def _push(session, name: str, now) -> None:
    """Have the conversation be one of a channel that its messages are pushed to."""
    session.add(Thread(conversation_id=name, page_id="1", psid=CANARY, heard_at=now))
    ours = session.execute(select(Outbound).where(Outbound.conversation_id == name)).scalars().first()
    session.add(Delivery(outbox_id=ours.id, conversation_id=name, seq=ours.seq, next_at=now))


def _rows(store, name: str) -> int:
    """Return how many rows hold the name of a conversation, or its canary, whatever the column."""
    tables = Base.metadata.sorted_tables
    return sum(
        any(name in str(value) or CANARY in str(value) for value in row)
        for table in tables
        for row in store.run_here(lambda session, table=table: session.execute(select(table)).all())
    )


def _raw(folder: Path) -> bytes:
    """Return all the bytes of the files of a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_every_table_of_a_conversation_is_filled_by_these_tests(talk, store):
    name = talk.begin()
    _fill(talk, store, name)
    # These never name a conversation: proofs, and the digests of what Meta sent.
    assert _rows(store, name) >= len({*Base.metadata.tables} - {"erasure", "messenger_event", "messenger_hold", "messenger_deletion"})


def test_erasing_leaves_a_proof_and_nothing_else(talk, store):
    name, other = talk.begin(), talk.begin()
    _fill(talk, store, name)
    talk.receive(other, "allo", "channel-id")
    proof = store.run_here(erase, name, store.now())
    assert _rows(store, name) == 0
    assert talk.said(other) == ["allo"]
    (kept,) = store.run_here(lambda session: session.execute(select(Erasure)).scalars().all())
    assert (kept.proof, kept.messages) == (proof, 2)
    with pytest.raises(Erased) as told:
        talk.receive(name, "allo", "another-id")
    assert told.value.proof == proof


def test_what_is_not_there_is_not_erased(store):
    assert store.run_here(erase, "web:guessed", store.now()) is None


def test_an_answer_that_comes_after_the_erasure_is_dropped(talk, store):
    name = talk.begin()
    talk.receive(name, f"on élève {CANARY}", "channel-id")
    claimed = talk.claim(name)
    store.run_here(erase, name, store.now())
    assert talk.settle(claimed, f"Vous élevez {CANARY}.") is None
    assert _rows(store, name) == 0


@pytest.mark.parametrize(("keep", "hours", "gone"), [(False, 23, 0), (False, 25, 1), (True, 25, 0), (True, 24 * 89, 0), (True, 24 * 91, 1)])
def test_a_conversation_lasts_as_long_as_its_person_was_told(talk, store, clock, keep, hours, gone):
    name = talk.begin(keep=keep)
    _fill(talk, store, name)
    clock.move(hours=hours)
    assert store.run_here(expire, RETENTION, store.now()) == gone
    assert (_rows(store, name) == 0) == bool(gone)
    assert store.run_here(expire, RETENTION, store.now()) == 0


def test_a_conversation_that_is_not_kept_lasts_while_it_goes_on(talk, store, clock):
    name = talk.begin(keep=False)
    for number in range(3):
        clock.move(hours=20)
        talk.receive(name, "allo", f"channel-id-{number}")
        assert store.run_here(expire, RETENTION, store.now()) == 0


def test_a_kept_conversation_goes_ninety_days_after_its_beginning_even_if_it_goes_on(talk, store, clock):
    name = talk.begin()
    for number in range(3):
        talk.receive(name, "allo", f"channel-id-{number}")
        assert store.run_here(expire, RETENTION, store.now()) == 0
        clock.move(days=30)
    clock.move(hours=1)
    assert store.run_here(expire, RETENTION, store.now()) == 1


def test_what_somebody_reads_is_forgotten_when_they_have_read(talk, tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'kept' / 'conversations.db'}")
    store.prepare()
    partner = type(talk)(store)
    name = partner.begin()
    _fill(partner, store, name)

    async def erased_while_it_is_read() -> bytes:
        with store._reader.connect() as reader:
            reader.execute(select(Erasure)).all()
            await store.run(erase, name, store.now())
            await store.forget()
            during = _raw(tmp_path / "kept")
        await store.tidy()
        return during

    assert b"empaill" in asyncio.run(erased_while_it_is_read())
    assert b"empaill" not in _raw(tmp_path / "kept")
    store.close()


def test_conversations_go_a_few_at_a_time(talk, store, clock):
    for _ in range(3):
        talk.begin(keep=False)
    clock.move(hours=25)
    assert [store.run_here(expire, RETENTION, store.now(), 2) for _ in range(3)] == [2, 1, 0]


def test_a_clock_set_back_deletes_nothing(talk, store, clock):
    name = talk.begin(keep=False)
    talk.receive(name, "allo", "channel-id")
    clock.move(days=-400)
    assert store.run_here(expire, RETENTION, store.now()) == 0
    assert talk.said(name) == ["allo"]


def test_a_conversation_whose_time_is_over_is_no_erased_one(talk, store, clock):
    name = talk.begin(keep=False)
    clock.move(hours=25)
    store.run_here(expire, RETENTION, store.now())
    with pytest.raises(NoConversation) as told:
        talk.receive(name, "allo", "channel-id")
    assert not isinstance(told.value, Erased)


def test_a_shared_page_lasts_thirty_days_at_most(talk, store, clock):
    name = talk.begin()
    _fill(talk, store, name)
    page, expires = store.run_here(results.share, name, 2, RETENTION, store.now())
    assert store.run_here(results.shared, page, store.now()) == ([CARD], expires)
    clock.move(days=29)
    assert store.run_here(results.shared, page, store.now())
    clock.move(days=1, seconds=1)
    assert store.run_here(results.shared, page, store.now()) is None


def test_a_shared_page_says_that_it_goes_with_a_conversation_that_is_not_kept(talk, store, clock):
    name = talk.begin(keep=False)
    _fill(talk, store, name)
    clock.move(hours=5)
    _, expires = store.run_here(results.share, name, 2, RETENTION, store.now())
    assert expires - clock() == timedelta(hours=19)


def test_only_messages_of_ours_with_cards_are_shared(talk, store):
    name, other = talk.begin(), talk.begin()
    _fill(talk, store, name)
    for conversation, seq in ((name, 1), (name, 3), (other, 2)):
        with pytest.raises(NoSuchMessage):
            store.run_here(results.share, conversation, seq, RETENTION, store.now())


def test_nothing_can_be_read_in_the_bytes_of_the_file(talk, tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'kept' / 'conversations.db'}")
    store.prepare()
    partner = type(talk)(store)
    name = partner.begin()
    _fill(partner, store, name)

    assert b"empaill" in _raw(tmp_path / "kept")

    async def erased() -> None:
        await store.run(erase, name, store.now())
        await store.forget()

    asyncio.run(erased())
    assert b"empaill" not in _raw(tmp_path / "kept")
    assert name.encode() not in _raw(tmp_path / "kept")
    store.close()


def test_the_tables_are_those_of_the_models(store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_tables_go_away_and_come_back(store):
    with store._engine.begin() as connection:
        TABLES.downgrade(connection, "base")
        assert inspect(connection).get_table_names() == [VERSION_TABLE]
        TABLES.upgrade(connection)
        assert {*Base.metadata.tables} <= {*inspect(connection).get_table_names()}
