"""Erasing and purging leave nothing of what was said: counts, reports, and no byte in the file."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from test_journal_writing import BEGUN, CARDS, conversation, held, turn, written

from journal.erasing import ERASED_KEPT, LATE, RETENTION, UNKEPT, erase, purge
from journal.kept_models import Count, PastProposal, PastQuestion, Purge
from journal.models import Conversation, Erased, Proposal, Request, Turn, Words
from journal.review_models import ACCEPTED, Correction, Flag, Mention, Note, Seen, Tag
from journal.store import Journal
from journal.told import FOUND, NOT_HELD, digest_of

NINETY = timedelta(days=90)
CANARY = "framboisier"


def _reviewed(journal: Journal, name: str = "web:one", **said: object) -> int:
    """Write a conversation of which staff made everything that they can, and return its number."""
    row = written(journal, conversation(turn(1, f"un {CANARY} à Louiseville", replies=CARDS, came_of=FOUND), name=name, **said))
    with journal.writing.begin() as session:
        note = Note(conversation_id=row.id, author="a", written_at=BEGUN, text=f"voir le {CANARY}")
        session.add_all([note, Tag(conversation_id=row.id, name="x"), Seen(account="a", conversation_id=row.id, seen_at=BEGUN)])
        session.add(Flag(conversation_id=row.id, seq=1, reason="wrong", author="a", flagged_at=BEGUN))
        session.flush()
        session.add(Mention(note_id=note.id, account="b"))
        said_here = session.execute(select(Turn.id).where(Turn.conversation_id == row.id)).scalar_one()
        session.add(
            Correction(heard=name, sentence=CANARY, label="inform", state=ACCEPTED, author="a", decided_at=BEGUN, turn_id=said_here)
        )
    return row.id


def test_an_erased_conversation_leaves_a_proof_and_nothing_else(journal: Journal) -> None:
    _reviewed(journal)
    with journal.writing.begin() as session:
        assert erase(session, digest_of("web:one"), "EF-1", "erasure", BEGUN) == 1
    for table in (Conversation, Turn, Words, Proposal, Note, Mention, Tag, Seen, Flag, Correction):
        assert held(journal, table) == [], table.__tablename__
    [report] = held(journal, Purge)
    assert (report["reason"], report["proof"], report["conversations"], report["turns"]) == ("erasure", "EF-1", 1, 1)


def test_what_comes_late_about_an_erased_conversation_is_not_written(journal: Journal) -> None:
    with journal.writing.begin() as session:
        erase(session, digest_of("web:one"), "EF-1", "erasure", BEGUN)
    with pytest.raises(Exception, match="No row was found"):
        written(journal, conversation(turn(1)))
    assert held(journal, Turn) == []


def test_an_erasure_told_twice_is_reported_once(journal: Journal) -> None:
    _reviewed(journal)
    for _ in range(2):
        with journal.writing.begin() as session:
            erase(session, digest_of("web:one"), "EF-1", "erasure", BEGUN)
    assert len(held(journal, Purge)) == 1


def test_a_request_of_staff_is_answered_by_the_erasure(journal: Journal) -> None:
    _reviewed(journal)
    with journal.writing.begin() as session:
        session.add(Request(digest=digest_of("web:one"), by="marie", asked_at=BEGUN))
    with journal.writing.begin() as session:
        erase(session, digest_of("web:one"), "EF-2", "marie", BEGUN)
    [request] = held(journal, Request)
    assert (request["proof"], request["done_at"] is not None) == ("EF-2", True)


def _purged(journal: Journal, now: object, at_once: int = 500) -> None:
    report = None
    while True:
        with journal.writing.begin() as session:
            made = purge(session, NINETY, "marie", now, report, at_once)
            if made is None:
                return
            report = made.id


def test_what_is_over_its_time_goes_and_its_counts_stay(journal: Journal) -> None:
    for number in range(7):
        _reviewed(journal, f"web:{number}")
    missed = turn(1, "le quorum", label="ask_unheld", came_of=NOT_HELD, matter="le quorum")
    written(journal, conversation(missed, name="web:missed"))
    _purged(journal, BEGUN + NINETY + timedelta(seconds=1), at_once=3)
    assert held(journal, Conversation) == held(journal, Turn) == held(journal, Note) == held(journal, Correction) == []
    # What goes in several times is counted together.
    assert sorted(each["conversations"] for each in held(journal, Count)) == [1, 7]
    assert [each["conversations"] for each in held(journal, PastProposal) if each["actor"] == "pole-mauricie"] == [7]
    assert [(each["label"], each["turns"]) for each in held(journal, PastQuestion)] == [("ask_unheld", 1)]
    [report] = held(journal, Purge)
    assert (report["reason"], report["by"], report["conversations"], report["turns"]) == (RETENTION, "marie", 8, 8)


@pytest.mark.parametrize(
    ("kept", "after", "stays"),
    [
        (True, NINETY - timedelta(minutes=1), True),
        (True, NINETY + timedelta(seconds=1), False),
        (False, UNKEPT, True),
        (False, UNKEPT + LATE + timedelta(minutes=2), False),
    ],
)
def test_a_conversation_stays_as_long_as_its_person_was_told(journal: Journal, kept: bool, after: timedelta, stays: bool) -> None:
    written(journal, conversation(turn(1), kept=kept))
    _purged(journal, BEGUN + after)
    assert bool(held(journal, Conversation)) is stays


def test_purging_twice_reports_once(journal: Journal) -> None:
    _reviewed(journal)
    for _ in range(2):
        _purged(journal, BEGUN + NINETY * 2)
    assert len(held(journal, Purge)) == 1
    assert sum(each["conversations"] for each in held(journal, Count)) == 1


def test_erased_names_are_forgotten_in_their_turn(journal: Journal) -> None:
    with journal.writing.begin() as session:
        erase(session, "a", "EF-1", "erasure", BEGUN)
    _purged(journal, BEGUN + ERASED_KEPT + timedelta(seconds=1))
    assert held(journal, Erased) == []


@pytest.mark.parametrize("way", ["erase", "purge"])
def test_no_byte_of_what_was_said_is_left_in_the_file(tmp_path: Path, way: str) -> None:
    file = tmp_path / "journal.db"
    journal = Journal(f"sqlite:///{file}")
    journal.prepare()
    _reviewed(journal)
    assert CANARY.encode() in b"".join(each.read_bytes() for each in tmp_path.iterdir())
    if way == "erase":
        with journal.writing.begin() as session:
            erase(session, digest_of("web:one"), "EF-1", "erasure", BEGUN)
    else:
        _purged(journal, BEGUN + NINETY * 2)
    assert journal.forget()
    assert CANARY.encode() not in b"".join(each.read_bytes() for each in tmp_path.iterdir())
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM journal_purge").fetchone() == (1,)
    journal.close()


def test_who_reads_while_something_is_erased_is_told_to_forget_later(new_database: Callable[[], str]) -> None:
    journal = Journal(new_database())
    if not journal.is_sqlite:
        assert journal.forget()
        return
    journal.prepare()
    _reviewed(journal)
    with journal.reading() as session:
        session.execute(select(func.count()).select_from(Turn)).scalar_one()
        with journal.writing.begin() as writing:
            erase(writing, digest_of("web:one"), "EF-1", "erasure", BEGUN)
        assert not journal.forget()
    assert journal.forget()
    journal.close()
