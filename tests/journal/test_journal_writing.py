"""The journal is written as often as one likes: the result is the same, and what staff made of it stays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select

from actions import reply as actions_reply
from journal import told
from journal.models import (
    ABANDONED,
    ANSWERED,
    GREETED,
    NOTHING_FOUND,
    PROPOSED,
    UNANSWERED,
    Conversation,
    Proposal,
    Turn,
    Words,
)
from journal.review_models import Note, Tag
from journal.store import Journal
from journal.told import FOUND, NOT_HELD, NOT_UNDERSTOOD, NOTHING_NEAR, Told, ToldConversation, digest_of
from journal.writing import write

BEGUN = datetime(2026, 11, 29, 3, 30, tzinfo=timezone.utc)
LOUISEVILLE = {"region": "R04", "mrc": "mrc-maskinonge", "municipality": "51015"}


def turn(seq: int, text: str = "un mentor à Louiseville", **said: Any) -> Told:
    """Return a turn that was typed."""
    given = {"intent": "find_support", "label": "find_support/mentorat", "confidence": 0.9, **said}
    return Told(seq, BEGUN + timedelta(minutes=seq), "text", text, **given)


def conversation(*turns: Told, name: str = "web:one", **said: Any) -> ToldConversation:
    """Return a conversation of these turns."""
    given = {"channel": "web", "kept": True, "begun_at": BEGUN, "active_at": turns[-1].at, **said}
    return ToldConversation(digest_of(name), turns=turns, **given)


def written(journal: Journal, *conversations: ToldConversation) -> Conversation:
    """Write conversations and return the row of the last one."""
    with journal.writing.begin() as session:
        write(session, conversations)
    return row_of(journal, conversations[-1].digest)


def row_of(journal: Journal, digest: str) -> Conversation:
    """Return the row of a conversation."""
    with journal.reading() as session:
        return session.execute(select(Conversation).where(Conversation.digest == digest)).scalar_one()


def held(journal: Journal, table: type) -> list[dict[str, Any]]:
    """Return the rows of a table as they are."""
    with journal.reading() as session:
        rows = session.execute(select(table.__table__).order_by(*table.__table__.primary_key.columns)).mappings().all()
        return [dict(row) for row in rows]


CARDS = [{"text": "Voici.", "seq": 3, "cards": [{"name": "Pôle", "actor": "pole-mauricie", "why": ["sert la Mauricie"]}, {"name": "MRC"}]}]
FULL = conversation(
    turn(2, came_of=NOT_UNDERSTOOD, confidence=0.2),
    turn(4, "un mentor a louiseville", profile={"need": "mentorat", "place": LOUISEVILLE}, came_of=FOUND, replies=CARDS),
)


def test_writing_twice_changes_nothing(journal: Journal) -> None:
    written(journal, FULL)
    before = [held(journal, table) for table in (Conversation, Turn, Words)]
    proposals = [{**row, "id": 0} for row in held(journal, Proposal)]
    written(journal, FULL)
    assert [held(journal, table) for table in (Conversation, Turn, Words)] == before
    assert [{**row, "id": 0} for row in held(journal, Proposal)] == proposals != []


def test_turns_that_come_later_are_added_to_those_that_are_there(journal: Journal) -> None:
    written(journal, replace(FULL, turns=FULL.turns[:1]))
    row = written(journal, replace(FULL, turns=FULL.turns[1:]))
    assert (row.messages, row.fallbacks, row.outcome) == (2, 1, PROPOSED)
    assert [each["seq"] for each in held(journal, Turn)] == [2, 4]


def test_a_conversation_is_summed_up_by_its_turns(journal: Journal) -> None:
    row = written(journal, FULL)
    assert (row.region, row.mrc, row.municipality, row.sector) == ("R04", "mrc-maskinonge", "51015", None)
    assert (row.need, row.least_confidence, row.waited_for, row.unmet_need) == ("mentorat", 0.2, None, None)
    # Half past three in the morning in UTC is still the day before in Québec.
    assert row.begun_on.isoformat() == "2026-11-28"
    assert [(each["actor"], each["seq"], each["rank"]) for each in held(journal, Proposal)] == [("pole-mauricie", 4, 1)]
    assert held(journal, Words)[0]["words"] == " un mentor a louiseville"


def test_what_staff_made_of_a_conversation_stays_when_it_is_written_again(journal: Journal) -> None:
    row = written(journal, FULL)
    with journal.writing.begin() as session:
        session.get(Conversation, row.id).status = "done"
        session.add_all([Tag(conversation_id=row.id, name="suivi"), Note(conversation_id=row.id, author="a", written_at=BEGUN, text="vu")])
    again = written(journal, FULL)
    assert (again.id, again.status) == (row.id, "done")
    assert len(held(journal, Tag)) == len(held(journal, Note)) == 1


@pytest.mark.parametrize(
    ("turns", "outcome", "unmet"),
    [
        ([turn(1, came_of=FOUND, profile={"need": "mentorat"})], PROPOSED, None),
        ([turn(1, came_of=NOTHING_NEAR, profile={"need": "mentorat"})], NOTHING_FOUND, "mentorat"),
        (
            [turn(1, came_of=NOTHING_NEAR, profile={"need": "mentorat"}), turn(2, came_of=FOUND, profile={"need": "formation"})],
            PROPOSED,
            "mentorat",
        ),
        ([turn(1, asked="place")], ABANDONED, None),
        ([turn(1, asked="place"), turn(2, came_of=FOUND)], PROPOSED, None),
        ([turn(1, intent="ask_amount")], ANSWERED, None),
        ([turn(1, intent="ask_unheld", came_of=NOT_HELD, matter="le quorum")], UNANSWERED, None),
        ([turn(1, came_of=NOT_UNDERSTOOD)], UNANSWERED, None),
        ([turn(1, intent=None, failed=True)], UNANSWERED, None),
        ([turn(1, intent="greet")], GREETED, None),
        ([turn(1, intent="insult"), turn(2, intent="greet")], GREETED, None),
        ([turn(1, intent="out_of_scope"), turn(2, intent="insult")], UNANSWERED, None),
        ([turn(1, intent="out_of_scope"), turn(2, intent="ask_amount")], ANSWERED, None),
    ],
)
def test_what_came_of_a_conversation_is_told(journal: Journal, turns: Sequence[Told], outcome: str, unmet: str | None) -> None:
    row = written(journal, conversation(*turns))
    assert (row.outcome, row.unmet_need) == (outcome, unmet)


def test_starting_over_does_not_make_the_journal_forget_the_need(journal: Journal) -> None:
    known = turn(1, profile={"need": "formation", "place": LOUISEVILLE}, came_of=FOUND)
    row = written(journal, conversation(known, turn(2, "on recommence", intent="start_over")))
    assert (row.need, row.mrc) == ("formation", "mrc-maskinonge")


def test_thumbs_are_counted_with_that_of_the_whole_conversation(journal: Journal) -> None:
    judged = turn(1, replies=[{"seq": 2, "text": "a", "rating": "down"}, {"seq": 3, "text": "b", "rating": "up"}])
    row = written(journal, conversation(judged, rating="up", comment="bien"))
    assert (row.thumbs_up, row.thumbs_down, row.comment) == (2, 1, "bien")
    assert held(journal, Turn)[0]["rating"] == "down"


def test_a_sentence_said_again_is_marked_and_hardly_read_ones_are_doubtful(journal: Journal) -> None:
    first = turn(1, "ça prend combien de membres fondateurs", confidence=0.3)
    again = turn(2, "combien de membres fondateurs ça prend", confidence=0.8)
    written(journal, conversation(first, again))
    assert [(each["rephrased"], each["doubtful"]) for each in held(journal, Turn)] == [(True, True), (False, False)]


def test_a_press_of_a_button_is_never_doubtful(journal: Journal) -> None:
    pressed = replace(turn(1, "Oui", confidence=None), kind="choice")
    row = written(journal, conversation(pressed))
    assert (row.least_confidence, held(journal, Turn)[0]["doubtful"]) == (None, False)


def test_the_sample_is_drawn_once_and_evenly(journal: Journal) -> None:
    names = [f"web:{number}" for number in range(400)]
    written(journal, *(conversation(turn(1), name=name) for name in names))
    with journal.reading() as session:
        lots = session.execute(select(Conversation.lot)).scalars().all()
    assert len(set(lots)) > 250
    assert 120 < sum(lot < 500 for lot in lots) < 280
    before = row_of(journal, digest_of("web:7")).lot
    assert written(journal, conversation(turn(1), turn(2), name="web:7")).lot == before


def test_hostile_texts_are_kept_as_they_are(journal: Journal) -> None:
    text = "<script>alert(1)</script> \u202e =cmd|' 'a" + "x" * 5000
    written(journal, conversation(turn(1, text)))
    with journal.reading() as session:
        assert session.execute(select(Turn.text)).scalar_one() == text
        assert session.execute(select(func.count()).select_from(Words)).scalar_one() == 1


def test_the_actions_say_what_a_turn_came_to_in_the_words_of_the_journal() -> None:
    names = ("FOUND", "NOTHING_NEAR", "NOT_HELD", "NOT_UNDERSTOOD")
    assert [getattr(actions_reply, name) for name in names] == [getattr(told, name) for name in names]
