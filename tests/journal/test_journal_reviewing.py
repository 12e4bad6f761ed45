"""What staff make of a conversation: statuses, tags, flags, notes, what was read, views."""

from collections.abc import Callable, Iterator

import pytest
from made import NOON, make, turn
from sqlalchemy import select
from sqlalchemy.orm import Session

from journal import inbox, queues
from journal.erasing import erase
from journal.filters import Filters, read
from journal.models import Conversation
from journal.notes import delete_note, names_in, notes_of, read_mentions, unread_mentions, write_note
from journal.review_models import Flag, Mention, Note, Seen, Tag
from journal.reviewing import (
    ChangedMeanwhile,
    Refused,
    assign,
    flag,
    flags_of,
    mark_seen,
    mark_unseen,
    put_tag,
    seen_of,
    set_status,
    tags_in_use,
    tags_of,
    take_tag,
    tidy,
    unflag,
)
from journal.store import Journal
from journal.told import NOT_UNDERSTOOD, digest_of
from journal.views import delete_view, save_view, views_for

PEOPLE = {"marie", "paul", "jean-luc.a"}


@pytest.fixture
def session(journal: Journal) -> Iterator[Session]:
    """A session that writes."""
    with journal.writing() as opened:
        yield opened


@pytest.fixture
def one(session: Session) -> int:
    """A conversation of two turns, numbered 2 and 4."""
    return make(session, "one", turn("bonjour", "greet"), turn("un prêt", "find_support"))


def _row(session: Session, id: int) -> Conversation:
    return session.execute(select(Conversation).where(Conversation.id == id).execution_options(populate_existing=True)).scalar_one()


def test_of_two_people_who_change_one_conversation_the_second_is_told(session: Session, one: int) -> None:
    read_by_both = _row(session, one).version
    set_status(session, one, "done", read_by_both)
    with pytest.raises(ChangedMeanwhile, match="revoyez-la"):
        set_status(session, one, "later", read_by_both)
    with pytest.raises(ChangedMeanwhile):
        assign(session, one, "paul", read_by_both)
    assert (_row(session, one).status, _row(session, one).assignee) == ("done", None)
    assign(session, one, "paul", _row(session, one).version)
    assert _row(session, one).assignee == "paul"


def test_what_staff_decided_stays_when_the_conversation_goes_on(session: Session, one: int) -> None:
    set_status(session, one, "later")
    put_tag(session, one, "prêt")
    flag(session, one, 4, "wrong", "marie", NOON)
    make(session, "one", turn("bonjour", "greet"), turn("un prêt", "find_support"), turn("à Laval", "inform"), at=NOON.replace(day=21))
    assert (_row(session, one).status, _row(session, one).flags, _row(session, one).messages) == ("later", 1, 3)
    assert tags_of(session, [one]) == {one: ["prêt"]}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  À   relire ", "à relire"),
        ("a\u202ebc\u200b\0d", "abcd"),
        ("e\u0301te\u0301", "été"),
        ("ligne\nsuivante\u00a0!", "ligne suivante !"),
        ("<b>x</b>", "<b>x</b>"),
    ],
)
def test_a_tag_is_kept_as_everybody_would_write_it(session: Session, one: int, typed: str, kept: str) -> None:
    put_tag(session, one, typed)
    put_tag(session, one, typed.upper())
    assert tags_of(session, [one])[one] == [kept]
    take_tag(session, one, kept)
    assert tags_of(session, [one]) == {}


@pytest.mark.parametrize("typed", ["", "  ", "\u200b\u202e", "x" * 49])
def test_a_tag_that_nobody_could_read_is_refused(session: Session, one: int, typed: str) -> None:
    with pytest.raises(Refused):
        put_tag(session, one, typed)


def test_a_conversation_has_no_more_tags_than_can_be_read(session: Session, one: int) -> None:
    for number in range(20):
        put_tag(session, one, f"t{number}")
    put_tag(session, one, "t3")
    with pytest.raises(Refused, match="déjà 20"):
        put_tag(session, one, "une autre")


def test_the_tags_most_in_use_are_suggested_first(session: Session, one: int) -> None:
    other = make(session, "other", turn("a"))
    for conversation, name in ((one, "rare"), (one, "courante"), (other, "courante")):
        put_tag(session, conversation, name)
    assert tags_in_use(session) == ["courante", "rare"]


def test_a_flag_is_of_one_turn_and_is_counted(session: Session, one: int) -> None:
    flag(session, one, 2, "wrong", "marie", NOON)
    flag(session, one, 2, "good", "paul", NOON)
    flag(session, one, 4, "missing", "marie", NOON)
    assert {seq: (row.reason, row.author) for seq, row in flags_of(session, one).items()} == {2: ("good", "paul"), 4: ("missing", "marie")}
    assert _row(session, one).flags == 2
    unflag(session, one, 2)
    unflag(session, one, 2)
    assert _row(session, one).flags == 1
    for seq, reason in ((3, "wrong"), (2, "beau"), (2, "")):
        with pytest.raises(Refused):
            flag(session, one, seq, reason, "marie", NOON)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@marie peux-tu regarder?", ["marie"]),
        ("Pour @Paul, @paul et @jean-luc.a.", ["paul", "jean-luc.a"]),
        ("(@marie)", ["marie"]),
        ("paul@marie.org, a.@marie, @@marie", []),
        ("@ marie @", []),
        ("@" + "a" * 500, []),
    ],
)
def test_a_note_names_those_that_follow_an_at_sign(text: str, names: list[str]) -> None:
    assert [name for name in names_in(text) if len(name) < 64] == names


def test_only_those_who_have_an_account_are_told_until_they_have_read(session: Session, one: int) -> None:
    written = write_note(session, one, "@marie et @nestor", "paul", NOON, PEOPLE)
    assert (written.named, written.unknown) == (("marie",), ("nestor",))
    assert queues.lengths(session, "marie")["named"] == 1
    assert queues.lengths(session, "nestor")["named"] == 0
    notes = notes_of(session, one)
    assert unread_mentions(session, notes, "marie") == {written.id}
    read_mentions(session, one, "paul", NOON)
    assert queues.lengths(session, "marie")["named"] == 1
    read_mentions(session, one, "marie", NOON)
    assert queues.lengths(session, "marie")["named"] == 0
    assert unread_mentions(session, notes, "marie") == set()


def test_a_note_is_its_author_s_to_delete(session: Session, one: int) -> None:
    written = write_note(session, one, "@marie", "paul", NOON, PEOPLE, seq=4)
    other = make(session, "other", turn("a"))
    assert not delete_note(session, one, written.id, "marie")
    assert not delete_note(session, other, written.id, "paul")
    assert [note.seq for note in notes_of(session, one)] == [4]
    assert delete_note(session, one, written.id, "paul")
    assert session.scalars(select(Mention)).all() == []


@pytest.mark.parametrize(("text", "seq"), [("", None), (" \n", None), ("x" * 4001, None), ("bon", 3)])
def test_a_note_that_cannot_be_kept_is_refused(session: Session, one: int, text: str, seq: int | None) -> None:
    with pytest.raises(Refused):
        write_note(session, one, text, "paul", NOON, PEOPLE, seq)
    assert notes_of(session, one) == []


def test_a_conversation_that_went_on_is_to_read_again(session: Session, one: int) -> None:
    mark_seen(session, _row(session, one), "marie")
    mark_seen(session, _row(session, one), "marie")
    assert seen_of(session, [_row(session, one)], "marie") == {one}
    assert seen_of(session, [_row(session, one)], "paul") == set()
    make(session, "one", turn("bonjour", "greet"), turn("encore"), at=NOON.replace(hour=18))
    assert seen_of(session, [_row(session, one)], "marie") == set()
    assert inbox.count(session, Filters(unread=True), "marie") == 1
    mark_seen(session, _row(session, one), "marie")
    assert inbox.count(session, Filters(unread=True), "marie") == 0
    mark_unseen(session, one, "marie")
    assert inbox.count(session, Filters(unread=True), "marie") == 1


def test_what_staff_wrote_goes_with_the_conversation(session: Session, one: int) -> None:
    put_tag(session, one, "a")
    write_note(session, one, "@marie", "paul", NOON, PEOPLE)
    flag(session, one, 2, "good", "marie", NOON)
    mark_seen(session, _row(session, one), "marie")
    erase(session, digest_of("one"), None, "marie", NOON)
    session.expire_all()
    left = [table.__tablename__ for table in (Tag, Note, Mention, Flag, Seen) if session.scalars(select(table)).first()]
    assert left == []


def test_a_view_is_its_author_s_and_those_of_all_are_seen(session: Session) -> None:
    save_view(session, "marie", " Mes \u200bprêts ", Filters(need="financement"), shared=False)
    save_view(session, "paul", "Laval", Filters(words="laval"), shared=True)
    with pytest.raises(Refused):
        save_view(session, "marie", "Mes prêts", Filters(need="reprise"), shared=True)
    save_view(session, "jean", "Mes prêts", Filters(need="reprise"), shared=False)
    assert [(view.name, view.query) for view in views_for(session, "marie")] == [
        ("Laval", "words=laval"),
        ("Mes prêts", "need=financement"),
    ]
    assert [(view.name, view.query) for view in views_for(session, "jean")] == [("Laval", "words=laval"), ("Mes prêts", "need=reprise")]
    shared = views_for(session, "jean")[0].id
    assert delete_view(session, shared, "marie") is None
    assert delete_view(session, shared, "paul") == "Laval"
    assert [view.name for view in views_for(session, "jean")] == ["Mes prêts"]


@pytest.mark.parametrize(("name", "filters"), [("", Filters(unread=True)), ("x" * 65, Filters(unread=True)), ("Tout", Filters())])
def test_a_view_without_name_or_filter_is_refused(session: Session, name: str, filters: Filters) -> None:
    with pytest.raises(Refused):
        save_view(session, "marie", name, filters, shared=False)


def test_a_queue_holds_what_is_still_to_review(session: Session, make_queues: Callable[[], dict[str, int]]) -> None:
    ids = make_queues()
    told = queues.lengths(session, "marie")
    assert {name: told[name] for name in ids} == dict.fromkeys(ids, 1)
    for each in ids.values():
        set_status(session, each, "done")
    told = queues.lengths(session, "marie")
    # Whoever is named is told whatever became of the conversation.
    assert {name: told[name] for name in ids} == dict.fromkeys(ids, 0) | {"named": 1}


@pytest.fixture
def make_queues(session: Session) -> Callable[[], dict[str, int]]:
    """Makes one conversation for each queue, and returns them by queue."""

    def make_all() -> dict[str, int]:
        ids = {
            "misunderstood": make(session, "q1", turn("xyz", came_of=NOT_UNDERSTOOD)),
            "thumbs_down": make(session, "q2", turn("a", "greet", replies=[{"seq": 3, "text": "b", "rating": "down"}])),
            "nothing_found": make(session, "q3", turn("a", "find_support", came_of="nothing_near")),
            "abandoned": make(session, "q4", turn("a", "find_support", asked="place")),
            "unheld": make(session, "q5", turn("a", "ask_unheld", came_of="not_held", matter="taux")),
            "named": make(session, "q6", turn("a", "greet")),
            "mine": make(session, "q7", turn("a", "greet")),
        }
        write_note(session, ids["named"], "@marie", "paul", NOON, PEOPLE)
        assign(session, ids["mine"], "marie")
        return ids

    return make_all


def test_the_sample_is_one_in_twenty_and_stays_the_same(session: Session) -> None:
    ids = [make(session, f"s{number}", turn("a")) for number in range(200)]
    sample = {row.id for row in inbox.page(session, queues.QUEUES["sample"], "marie").rows}
    assert 3 <= len(sample) <= 20
    make(session, "s0", turn("a"), turn("b"), at=NOON.replace(day=22))
    assert {row.id for row in inbox.page(session, queues.QUEUES["sample"], "paul").rows} == sample < {*ids}


def test_filters_are_written_and_read_whole_and_in_one_order() -> None:
    address = "status=done&words=l%27eau+%C3%A9t%C3%A9&place=mrc%3Amrc-maskinonge&below=35&unread=1&order=oldest"
    filters, untold = read(
        dict(pair.split("=") for pair in "order=oldest&unread=1&below=35&place=mrc:mrc-maskinonge&status=done".split("&"))
        | {"words": " l'eau  été "}
    )
    assert (str(filters), untold) == (address, [])
    assert str(filters.without("words", "status", "order")) == "place=mrc%3Amrc-maskinonge&below=35&unread=1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "fini"),
        ("since", "2026-13-01"),
        ("since", "hier"),
        ("until", "0001-01-01"),
        ("place", "mrc"),
        ("place", "planete:mars"),
        ("place", "mrc:a b"),
        ("below", "101"),
        ("below", "-1"),
        ("below", "٣"),
        ("min_messages", "9999999"),
        ("unread", "oui"),
        ("thumbs", "sideways"),
        ("words", "!!!"),
        ("words", "x" * 201),
        ("tag", "x" * 201),
        ("need", "FIN'; DROP TABLE"),
        ("order", "random"),
        ("channel", "pigeon"),
    ],
)
def test_a_value_that_no_filter_can_have_is_told(name: str, value: str) -> None:
    filters, untold = read({name: value, "tag" if name != "tag" else "need": "a"}, {"channel": {"web"}})
    assert [(each.name, each.value) for each in untold] == [(name, value[:200])]
    assert len(filters.asked) == 1


def test_hidden_signs_are_no_part_of_a_name() -> None:
    assert tidy("\u2066a\u2069\ufeff \u00ad\U000e0041b\ud800") == "a b"
