"""The inbox finds what its filters ask for, and nothing else, on each kind of database."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timezone
from typing import Any

import pytest
from made import LOUISEVILLE, NOON, card, make, reply, turn
from sqlalchemy.orm import Session

from journal import inbox
from journal.filters import Filters, Place
from journal.finding import words_of
from journal.models import Conversation
from journal.review_models import Mention, Note, Seen, Tag
from journal.reviewing import flag
from journal.store import Journal
from journal.told import FOUND, NOT_HELD, NOT_UNDERSTOOD, NOTHING_NEAR


def _profile(**more: Any) -> dict[str, Any]:
    return {"need": "financement", "place": LOUISEVILLE, **more}


@pytest.fixture
def writing(journal: Journal) -> Iterator[Session]:
    """A session of the journal, in which a test writes and looks."""
    with journal.writing() as session:
        yield session


@pytest.fixture
def find(writing: Session) -> Callable[..., set[str]]:
    """Returns the letters of the conversations that filters find, for the account « marie »."""
    ids = _conversations(writing)
    writing.flush()

    def names(**asked: Any) -> set[str]:
        found = inbox.page(writing, Filters(**asked), "marie").rows
        return {name for name, id in ids.items() if id in {row.id for row in found}}

    return names


def _conversations(session: Session) -> dict[str, int]:
    """Write five conversations: a found, b nothing found, c left midway, d not understood, e with everything of staff."""
    shown = reply(3, "Voici.", card("risq"), card("cdrq"), rating="up")
    said = {
        "a": [turn("Où est l’argent à Louiseville?", "find_support", came_of=FOUND, profile=_profile(), replies=[shown])],
        "b": [turn("du mentorat", "find_support", came_of=NOTHING_NEAR, profile=_profile(need="mentorat"))],
        "c": [turn("bonjour", "greet"), turn("hypothèque", label="find_support/immobilier", asked="place")],
        "d": [turn("xyz", None, came_of=NOT_UNDERSTOOD, confidence=0.1, replies=[reply(3, "Hein?", rating="down")])],
        "e": [turn("le taux?", label="ask_topic/risq_taux", came_of=NOT_HELD, matter="taux", confidence=0.4) for _ in range(4)],
    }
    channels = {"d": "messenger"}
    ids = {
        name: make(session, name, *turns, at=NOON.replace(day=20 + number), channel=channels.get(name, "widget"))
        for number, (name, turns) in enumerate(said.items())
    }
    note = Note(conversation_id=ids["e"], author="paul", written_at=NOON, text="@marie")
    session.add(note)
    session.flush()
    session.add_all(
        [
            Tag(conversation_id=ids["e"], name="à relire"),
            Mention(note_id=note.id, account="marie"),
            Seen(conversation_id=ids["a"], account="marie", seen_at=NOON),
            Seen(conversation_id=ids["b"], account="marie", seen_at=NOON),
            Seen(conversation_id=ids["c"], account="paul", seen_at=NOON.replace(day=28)),
        ]
    )
    flag(session, ids["e"], 2, "wrong", "paul", NOON)
    row = session.get(Conversation, ids["e"])
    row.status, row.assignee = "done", "marie"
    session.get(Conversation, ids["d"]).assignee = "paul"
    return ids


ASKED: list[tuple[dict[str, Any], str]] = [
    ({}, "abcde"),
    ({"status": "to_review"}, "abcd"),
    ({"status": "done"}, "e"),
    ({"since": date(2026, 11, 23)}, "de"),
    ({"until": date(2026, 11, 21)}, "ab"),
    ({"since": date(2026, 11, 21), "until": date(2026, 11, 22)}, "bc"),
    ({"place": Place("region", "R04")}, "ab"),
    ({"place": Place("mrc", "mrc-maskinonge")}, "ab"),
    ({"place": Place("municipality", "51015")}, "ab"),
    ({"place": Place("municipality", "99999")}, ""),
    ({"place": Place("sector", "51015")}, ""),
    ({"need": "mentorat"}, "b"),
    ({"outcome": "proposed"}, "a"),
    ({"outcome": "nothing_found"}, "b"),
    ({"outcome": "abandoned"}, "c"),
    ({"unmet": "any"}, "b"),
    ({"unmet": "mentorat"}, "b"),
    ({"unmet": "financement"}, ""),
    ({"actor": "cdrq"}, "a"),
    ({"actor": "cdr"}, ""),
    ({"channel": "messenger"}, "d"),
    ({"intent": "find_support"}, "abc"),
    ({"intent": "find_support/immobilier"}, "c"),
    ({"intent": "ask_topic/risq"}, ""),
    ({"below": 35}, "d"),
    ({"below": 41}, "de"),
    ({"fallback": True}, "d"),
    ({"unheld": True}, "e"),
    ({"thumbs": "up"}, "a"),
    ({"thumbs": "down"}, "d"),
    ({"thumbs": "any"}, "ad"),
    ({"tag": "à relire"}, "e"),
    ({"tag": "à"}, ""),
    ({"assignee": "@me"}, "e"),
    ({"assignee": "paul"}, "d"),
    ({"assignee": "@nobody"}, "abc"),
    # « b » went on since it was read, and what Paul has read counts for Paul.
    ({"unread": True}, "bcde"),
    ({"named": True}, "e"),
    ({"flagged": True}, "e"),
    ({"min_messages": 2}, "ce"),
    ({"max_messages": 1}, "abd"),
    ({"min_messages": 2, "max_messages": 3}, "c"),
    ({"lot": 1000}, "abcde"),
    ({"lot": 0}, ""),
    ({"words": "LOUISE argent"}, "a"),
    ({"words": "ou"}, "a"),
    # Short words are looked for whole: « lou » is no word of theirs, « loui » begins one.
    ({"words": "lou"}, ""),
    ({"words": "loui"}, "a"),
    ({"words": "taux"}, "e"),
    ({"words": "hypotheque"}, "c"),
    ({"words": "theque"}, ""),
    ({"words": "louiseville mentorat"}, ""),
    ({"need": "financement", "thumbs": "up", "words": "argent", "channel": "widget"}, "a"),
]


def test_a_filter_finds_what_it_says_and_nothing_else(find: Callable[..., set[str]]) -> None:
    wrong = [(asked, "".join(sorted(got))) for asked, found in ASKED if (got := find(**asked)) != {*found}]
    assert wrong == []


def test_a_day_is_a_day_of_quebec(writing: Session) -> None:
    late = make(writing, "late", turn("a"), at=datetime(2026, 11, 21, 4, 59, tzinfo=timezone.utc))
    early = make(writing, "early", turn("a"), at=datetime(2026, 11, 21, 5, 0, tzinfo=timezone.utc))
    of_the_20th = inbox.page(writing, Filters(since=date(2026, 11, 20), until=date(2026, 11, 20)), "marie").rows
    of_the_21st = inbox.page(writing, Filters(since=date(2026, 11, 21)), "marie").rows
    assert [row.id for row in of_the_20th] == [late]
    assert [row.id for row in of_the_21st] == [early]


# Those that look like a number, or like an order of the search engine.
ODD = ["1e5", "12abc", "3e5x", "0x1f", "a&b | !c", "(d", "e:*", "50 %", "l'eau", "f\\g", "x" * 70, "-7", "a.b@c.d"]


def test_any_word_that_was_written_is_found_by_itself_and_by_its_beginning(writing: Session) -> None:
    ids = {typed: make(writing, typed, turn(f"zut {typed} zut")) for typed in ODD}
    other = make(writing, "other", turn("zut"))
    wrong = []
    for typed, wanted in ids.items():
        for asked in (typed, words_of(typed)[0][:4], f"ZUT {typed}"):
            found = {row.id for row in inbox.page(writing, Filters(words=asked), "marie").rows}
            wrong += [asked] if wanted not in found or other in found else []
    assert wrong == []


def test_no_sign_of_the_search_engine_stands_for_anything(writing: Session) -> None:
    make(writing, "one", turn("bonjour à tous"))
    for asked in ("b%r", "b_njour", "bonjour & xyz", "xyz | bonjour", "!xyz bonjour", "bon&njo", "t | us", "bon:*"):
        assert inbox.count(writing, Filters(words=asked), "marie") == 0, asked


def test_pages_follow_one_another_both_ways_without_gap_nor_repeat(writing: Session) -> None:
    ids = [make(writing, f"c{number}", turn("a"), at=NOON) for number in range(7)]
    for order, expected in (("newest", ids[::-1]), ("oldest", ids)):
        filters = Filters(order=order)
        first = inbox.page(writing, filters, "marie", size=3)
        second = inbox.page(writing, filters, "marie", after=inbox.read_mark(str(first.after)), size=3)
        third = inbox.page(writing, filters, "marie", after=second.after, size=3)
        assert [row.id for shown in (first, second, third) for row in shown.rows] == expected
        assert first.before is None
        assert third.after is None
        back = inbox.page(writing, filters, "marie", before=third.before, size=3)
        assert [row.id for row in back.rows] == [row.id for row in second.rows]
        again = inbox.page(writing, filters, "marie", before=back.before, size=3)
        assert ([row.id for row in again.rows], again.before) == (expected[:3], None)


def test_what_comes_before_a_page_is_the_beginning_when_it_is_short(writing: Session) -> None:
    ids = [make(writing, f"c{number}", turn("a"), at=NOON.replace(day=1 + number)) for number in range(5)]
    newest_but_one = inbox.mark_of(writing.get(Conversation, ids[3]))
    shown = inbox.page(writing, Filters(), "marie", before=newest_but_one, size=3)
    assert [row.id for row in shown.rows] == ids[:1:-1]
    assert shown.after is not None


def test_a_page_beyond_the_end_leads_back(writing: Session) -> None:
    ids = [make(writing, f"c{number}", turn("a"), at=NOON.replace(day=1 + number)) for number in range(3)]
    beyond = inbox.page(writing, Filters(), "marie", after=inbox.mark_of(writing.get(Conversation, ids[0])), size=2)
    assert (beyond.rows, beyond.after) == ([], None)
    assert [row.id for row in inbox.page(writing, Filters(), "marie", before=beyond.before, size=2).rows] == ids[:0:-1]
    assert inbox.number_of(writing, Filters(), "marie", beyond) == 3


def test_the_next_and_the_previous_are_those_of_the_same_filters(find: Callable[..., set[str]], writing: Session) -> None:
    rows = {row.messages: row for row in inbox.page(writing, Filters(min_messages=2, order="oldest"), "marie").rows}
    c, e = rows[2], rows[4]
    assert inbox.neighbours(writing, Filters(min_messages=2), "marie", inbox.mark_of(c)) == (e.id, None)
    assert inbox.neighbours(writing, Filters(min_messages=2, order="oldest"), "marie", inbox.mark_of(c)) == (None, e.id)
    # One that no longer answers the filters has its place among those that do.
    done = Filters(status="done")
    assert inbox.neighbours(writing, done, "marie", inbox.mark_of(c)) == (e.id, None)


def test_a_count_stops_where_it_is_told(find: Callable[..., set[str]], writing: Session) -> None:
    assert inbox.count(writing, Filters(), "marie") == 5
    assert inbox.count(writing, Filters(), "marie", most=3) == 4
    assert inbox.count(writing, Filters(status="done"), "marie", most=3) == 1
    for filters in (Filters(), Filters(status="done"), Filters(need="nothing")):
        for size in (2, 5, 50):
            shown = inbox.page(writing, filters, "marie", size=size)
            assert inbox.number_of(writing, filters, "marie", shown) == inbox.count(writing, filters, "marie")


@pytest.mark.parametrize("text", ["", "1", "1.", ".1", "a.b", "1.2.3", "-1.2", "1" * 40 + ".1", "1." + "9" * 40, "１.１"])
def test_a_mark_that_nobody_wrote_is_none(text: str) -> None:
    assert inbox.read_mark(text) is None
