"""The made-up journal is what it says, on both databases, the console answers over it, and the report tells what was measured."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from bench.journal_asked import DRAWN, MAPPED, ONE, drawings, first_pages, further, maps, singles
from bench.journal_filled import fill
from bench.journal_made import READ, READ_ALL_LATELY, Made, batches
from bench.journal_section import section
from bench.journal_staff import NoPage, staff
from bench.journal_timed import plans, timed
from bench.journal_world import READINGS_A_LABEL, Wheel, World, own_word, zipf
from bench.journal_written import purging, sizes, telling
from directory import schema
from directory.database import make_engine, reachable
from journal import inbox, needs
from journal.filters import Filters
from journal.kept_models import Count
from journal.models import ABANDONED, NOTHING_FOUND, PROPOSED, Conversation, Proposal, Turn, Words
from journal.review_models import Flag, Seen
from journal.store import Journal

UNTIL = date(2026, 11, 29)
NOW = datetime(2026, 11, 29, 22, tzinfo=timezone.utc)
MADE = Made(conversations=300, until=UNTIL, days=6, past=3)


@pytest.fixture(scope="module")
def world() -> World:
    """A few sentences, actors and places."""
    labels = ["greet", "ask_topic/coop", "ask_topic/obnl", "thank"]
    said = [(f"une phrase {number} de l’usager", label) for label in labels for number in range(5)]
    cards = [{"name": "Un pôle", "does": "\\ aide\u00a0; « vite »", "why": ["sert Matane"], "actor": "pole-0"}]
    replies = [[{"seq": 1, "text": "Bonjour", "buttons": ["Plus"], "cards": each, "rating": None}] for each in ([], cards)]
    readings = [json.dumps({"ranking": [[label, 0.5]]}) for label in labels for _ in range(READINGS_A_LABEL)]
    places = [("R06", "mrc-a", "66023", "66023-x"), ("R10", None, "99060", None)]
    return World(
        said, [f"pole-{n}" for n in range(8)], places, [9, 1], [json.dumps(each, ensure_ascii=False) for each in replies], readings
    )


@pytest.fixture
def journal(new_database: Callable[[], str], world: World) -> Journal:
    """A journal that is full of them."""
    made = Journal(new_database())
    made.prepare()
    fill(made, world, MADE)
    yield made
    made.close()


def _count(session: Session, *where: object) -> int:
    return session.scalar(select(func.count()).select_from(Conversation).where(*where))


def test_as_many_conversations_and_turns_are_made_as_were_asked(journal: Journal) -> None:
    with journal.reading() as session:
        assert _count(session) == 300
        assert session.scalar(select(func.count()).select_from(Turn)) == 3000
        assert session.scalar(select(func.min(Conversation.begun_on))) == UNTIL - timedelta(days=5)
        assert session.scalar(select(func.max(Conversation.begun_on))) == UNTIL
        assert session.scalar(select(func.count(distinct(Count.day)))) == 3
    found = sizes(journal)
    assert (found["conversations"], found["turns"]) == (300, 3000)
    assert found["kb_each"] > 1


def test_a_conversation_sums_up_its_turns(journal: Journal) -> None:
    with journal.reading() as session:
        for row in session.scalars(select(Conversation)):
            turns = row.turns
            assert [turn.seq for turn in turns] == [*range(1, row.messages + 1)]
            assert row.fallbacks == sum(turn.fallback for turn in turns)
            assert row.unheld == sum(turn.unheld is not None for turn in turns)
            assert row.thumbs_down == sum(turn.rating == "down" for turn in turns) + (row.rating == "down")
            assert row.least_confidence == min(turn.confidence for turn in turns)
            assert row.active_at == turns[-1].at
            assert {turn.day for turn in turns} == {row.begun_on}
        flags = session.execute(select(Conversation.id, Conversation.flags).where(Conversation.flags > 0)).all()
        assert dict(flags) == dict(session.execute(select(Flag.conversation_id, func.count()).group_by(Flag.conversation_id)).all())


def test_what_conversations_came_to_agrees_with_what_they_hold(journal: Journal) -> None:
    with journal.reading() as session:
        proposed = {*session.scalars(select(Conversation.id).where(Conversation.outcome == PROPOSED))}
        assert {*session.scalars(select(Proposal.conversation_id))} == proposed
        assert _count(session, Conversation.unmet_need.is_not(None)) == _count(session, Conversation.outcome == NOTHING_FOUND) > 0
        assert _count(session, Conversation.waited_for.is_not(None)) == _count(session, Conversation.outcome == ABANDONED) > 0
        assert _count(session, Conversation.kept.is_(False), Conversation.begun_on < UNTIL) == 0


def test_shares_are_as_unequal_as_told(journal: Journal) -> None:
    with journal.reading() as session:
        fallbacks = session.scalar(select(func.count()).select_from(Turn).where(Turn.fallback))
        assert 0.03 < fallbacks / 3000 < 0.07
        assert _count(session, Conversation.region == "R06") > 4 * _count(session, Conversation.region == "R10") > 0
        assert 0.2 < _count(session, Conversation.status == "done") / 300 < 0.4
        by_actor = dict(session.execute(select(Proposal.actor, func.count()).group_by(Proposal.actor)).all())
        assert by_actor["pole-0"] == max(by_actor.values()) > 2 * by_actor["pole-7"]
        read = session.scalar(select(func.count()).select_from(Seen).where(Seen.account == "amelie"))
        assert abs(read / 300 - READ["amelie"]) < 0.1
        lately = {*session.scalars(select(Conversation.id).where(Conversation.begun_on == UNTIL))}
        assert {*session.scalars(select(Seen.conversation_id).where(Seen.account == READ_ALL_LATELY))} == lately


def test_what_is_kept_is_read_as_the_journal_reads_it(journal: Journal) -> None:
    with journal.reading() as session:
        turn = session.scalars(select(Turn).where(Turn.text.contains("’")).limit(1)).one()
        assert turn.reading["ranking"]
        assert {reply["cards"][0]["does"] for (reply,) in session.scalars(select(Turn.replies)) if reply["cards"]} == {
            "\\ aide\u00a0; « vite »"
        }
        words = session.scalars(select(Words.words).where(Words.conversation_id == turn.conversation_id)).one()
        assert " usager" in words
        assert inbox.count(session, Filters(words="usag phrase"), "amelie") == 300
        endings, _ = needs.endings(session, needs.Period(UNTIL - timedelta(days=30), UNTIL))
        assert sum(tally.gone for tally in endings.values()) == 3 * 50


def test_the_indexes_of_the_journal_are_there_again(journal: Journal) -> None:
    with journal.writing() as session:
        session.add(Conversation(digest="0" * 64, channel="web", kept=True, lot=1, begun_at=NOW, begun_on=UNTIL, active_at=NOW))
        session.flush()
        assert _count(session, Conversation.id == 301) == 1
        session.rollback()
    journal.prepare()


def test_the_same_seed_makes_the_same_conversations(world: World) -> None:
    one, other, another = (next(batches(world, Made(50, UNTIL, days=1, past=0, seed=seed))) for seed in (1, 1, 2))
    for table, columns in one.items():
        for name, values in columns.items():
            assert list(values) == list(other[table][name])
    assert list(one["journal_turn"]["text"]) != list(another["journal_turn"]["text"])


def test_a_wheel_draws_each_as_often_as_its_weight() -> None:
    drawn = np.bincount(Wheel(zipf(4)).draw(np.random.default_rng(1), 10_000), minlength=4) / 10_000
    assert drawn == pytest.approx(zipf(4) / zipf(4).sum(), abs=0.02)
    assert len({own_word(number) for number in range(5_000)}) == 5_000


def test_writing_and_purging_are_measured(journal: Journal, world: World) -> None:
    told = telling(journal, world, 3, 2, 1)
    assert told["turns"] == 30
    assert told["turns_a_second"] > 0
    with journal.reading() as session:
        assert _count(session) == 303
    gone = purging(journal, 60)
    assert gone["conversations"] >= 60
    with journal.reading() as session:
        assert _count(session) == 303 - gone["conversations"]


def test_every_filter_is_asked_for(world: World) -> None:
    asked = {name for filters in singles(world, UNTIL).values() for name in filters.asked}
    assert asked == {*Filters.__dataclass_fields__} - {"order"}


def test_the_console_answers_all_that_it_is_asked(journal: Journal, world: World, tmp_path: Path) -> None:
    directory = f"sqlite:///{tmp_path / 'directory.db'}"
    engine = make_engine(directory)
    with reachable(engine) as connection:
        schema.upgrade(connection)
    engine.dispose()
    with journal.reading() as session:
        beyond = [*further(session, world, UNTIL)]
    asked = [each for each in first_pages(world, UNTIL) if each.group == ONE]
    with staff(journal.engine.url.render_as_string(hide_password=False), directory, NOW) as people:
        rows = timed(people, [*asked[:3], *beyond[:3], *maps(UNTIL)], times=2)
        assert [row.asked.group for row in rows] == [ONE] * 3 + [each.group for each in beyond[:3]] + [MAPPED] * 6
        assert all(len(row.times) == 2 and row.p95 > 0 for row in rows)
        reader = people[asked[0].who]
        longest = plans(reader, next(each.address for each in asked if "unread" in each.name))
        assert any("journal_seen" in plan.statement and plan.plan for plan in longest)
        assert [plan.ms for plan in longest] == sorted((plan.ms for plan in longest), reverse=True)
        drawn = drawings(reader.get(next(maps(UNTIL)).address))
        assert drawn
        assert "<svg" in reader.get(drawn[0])
        with pytest.raises(NoPage):
            reader.get("/nulle-part")


def _part(times: list[float]) -> dict:
    pages = [{"group": group, "name": "a page", "address": "/", "who": "amelie", "times": times} for group in (ONE, MAPPED, DRAWN)]
    written = {"turns_a_second": 100.0, "longest_ms": 20.0, "at_once": 50}
    return {
        "sizes": {"conversations": 1_000_000, "turns": 10_000_000, "kb_each": 15.0},
        "filled_s": 600.0,
        "configuration": "As it is installed.",
        "pages": pages,
        "writing": {"one": written, "many": written},
        "purge": {"conversations": 100_000, "seconds": 100.0, "transactions": 200, "longest_ms": 900.0},
    }


def test_the_report_says_whether_the_targets_are_reached() -> None:
    head = {"versions": {"processor": "a machine"}, "on": "2026-11-29", "others": ""}
    text = section({**head, "postgresql": _part([900.0] * 20), "sqlite": _part([301.0] * 20)})
    first, second = text.split("### SQLite")
    assert "1,000,000 conversations, 10,000,000 turns" in first
    assert first.count("**reached**") == 2
    assert second.count("**not reached by 1 of 1**") == 2
    assert f"| {ONE} | 1 | 20 | 900 | 900 | 900 | 900 |" in first
    assert "SQLite" not in section({**head, "postgresql": _part([900.0] * 20)})
