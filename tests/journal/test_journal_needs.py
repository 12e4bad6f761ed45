"""The figures of the needs map: what is counted, over which days, of conversations that are there and of those that were purged."""

import itertools
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest
from needs_made import keep
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journal import needs
from journal.erasing import purge
from journal.models import Conversation
from journal.needs import Ending, Period, Spot, Tally
from journal.results import MET, NONE, RESULTS, UNMET, is_result, is_theme
from journal.store import Journal

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
TODAY = datetime(2026, 11, 30, 17, tzinfo=timezone.utc)
MASKINONGE = {"region": "R04", "mrc": "mrc-maskinonge"}


@pytest.fixture
def session(journal: Journal) -> Iterator[Session]:
    """A session that writes into an empty journal."""
    with journal.writing() as opened:
        yield opened


def test_a_need_is_met_when_something_was_proposed_and_nothing_was_missed(session: Session) -> None:
    keep(session, "proposed", need="mentorat", **MASKINONGE)
    keep(session, "proposed", need="financement", unmet_need="mentorat", **MASKINONGE)
    keep(session, "nothing_found", need="mentorat", **MASKINONGE)
    keep(session, "answered", need="mentorat", **MASKINONGE)
    found = needs.spots(session, NOVEMBER)
    assert found == {
        Spot("R04", "mrc-maskinonge", "mentorat", MET): Tally(1),
        Spot("R04", "mrc-maskinonge", "mentorat", UNMET): Tally(2),
    }


def test_what_was_not_said_is_counted_apart(session: Session) -> None:
    keep(session, "nothing_found")
    keep(session, "nothing_found", region="R04")
    assert {*needs.spots(session, NOVEMBER)} == {Spot(None, None, None, UNMET), Spot("R04", None, None, UNMET)}


def test_the_first_and_the_last_day_are_counted_and_no_other(session: Session) -> None:
    for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)):
        keep(session, "proposed", day, need="mentorat")
    assert sum(tally.all for tally in needs.spots(session, NOVEMBER).values()) == 2
    assert {each.day for each in needs.days(session, NOVEMBER)} == {date(2026, 11, 1), date(2026, 11, 30)}


def test_each_conversation_has_one_result(session: Session) -> None:
    outcomes = ("proposed", "nothing_found", "abandoned", "answered", "unanswered", "greeted")
    for outcome, unmet in itertools.product(outcomes, (None, "mentorat")):
        keep(session, outcome, unmet_need=unmet)
    counted = [session.scalar(select(func.count()).where(is_result(Conversation, result))) for result in RESULTS]
    assert sum(counted) == 12
    assert needs.summed((ending.result, tally) for ending, tally in needs.endings(session, NOVEMBER)[0].items()) == {
        result: Tally(number) for result, number in zip(RESULTS, counted, strict=True)
    }


def test_a_purge_changes_no_figure_but_what_can_be_opened(session: Session) -> None:
    asked = {"label": "ask_topic/risq_taux", "intent": "ask_topic", "fallback": True}
    for _ in range(3):
        keep(session, "proposed", date(2026, 11, 2), asked, need="mentorat", rating="up", actors=("risq",), **MASKINONGE)
        keep(session, "abandoned", date(2026, 11, 2), waited_for="amount")
    keep(session, "proposed", date(2026, 11, 29), asked, need="mentorat", rating="up", actors=("risq",), **MASKINONGE)
    session.commit()
    readings = (needs.spots, lambda *asked: needs.endings(*asked)[0], needs.referrals, needs.questions, needs.days)
    before = [read(session, NOVEMBER) for read in readings]
    assert purge(session, timedelta(days=14), "test", TODAY).conversations == 6
    after = [read(session, NOVEMBER) for read in readings]
    for old, new in zip(before, after, strict=True):
        assert {key: tally.all for key, tally in new.items()} == {key: tally.all for key, tally in old.items()}
    assert after[0] == {Spot("R04", "mrc-maskinonge", "mentorat", MET): Tally(1, 3)}
    assert after[2] == {"risq": Tally(1, 3)}
    assert after[1][Ending("web", "abandoned", "amount", None)] == Tally(0, 3)


def test_where_a_search_was_left_counts_only_when_it_was_left(session: Session) -> None:
    keep(session, "abandoned", waited_for="place")
    keep(session, "proposed", waited_for="place")
    assert {(ending.result, ending.waited) for ending in needs.endings(session, NOVEMBER)[0]} == {("abandoned", "place"), (MET, None)}


def test_a_question_asked_twice_in_a_conversation_counts_one_conversation(session: Session) -> None:
    missed = {"label": "ask_cost", "fallback": True}
    keep(session, "unanswered", date(2026, 11, 5), missed, missed, {"label": "ask_cost"})
    keep(session, "answered", date(2026, 11, 5), {"label": "ask_cost"})
    keep(session, "unanswered", date(2026, 10, 5), missed)
    assert needs.questions(session, NOVEMBER) == {"ask_cost": Tally(1)}


def test_what_the_directory_does_not_hold_is_counted_by_what_it_is(session: Session) -> None:
    keep(session, "unanswered", date(2026, 11, 5), {"label": "ask_unheld", "unheld": "les assurances"})
    keep(session, "unanswered", date(2026, 11, 6), {"label": "ask_unheld", "unheld": "les assurances"}, {"label": "ask_cost"})
    assert needs.matters(session, NOVEMBER) == {"les assurances": Tally(2)}
    assert needs.questions(session, NOVEMBER) == {"ask_unheld": Tally(2)}


def test_thumbs_count_conversations(session: Session) -> None:
    keep(session, "answered", thumbs_up=3)
    keep(session, "answered", thumbs_up=1, thumbs_down=1)
    keep(session, "answered", date(2026, 10, 1), thumbs_down=1)
    assert needs.endings(session, NOVEMBER)[1] == {"up": Tally(2), "down": Tally(1)}


def test_the_theme_of_an_unmet_need_is_what_was_missed(session: Session) -> None:
    row = keep(session, "proposed", need="financement", unmet_need="mentorat")
    bare = keep(session, "nothing_found")

    def of(theme: str) -> list[int]:
        return session.execute(select(Conversation.id).where(is_theme(Conversation, theme))).scalars().all()

    assert (of("mentorat"), of("financement"), of(NONE)) == ([row.id], [], [bare.id])
