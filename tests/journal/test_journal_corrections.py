"""Sentences that were misunderstood are found, decided of once, exported, and forgotten with their conversation."""

from datetime import datetime, timedelta, timezone

import pytest
from made import make, reply, turn
from sqlalchemy import func, select, text

from journal.corrections import (
    REASONS,
    AlreadyDecided,
    NotThere,
    accept,
    accepted_sentences,
    count_by_state,
    decisions,
    forget,
    heard_digest,
    ignore,
    mark_exported,
    take_back,
    to_export,
)
from journal.misunderstood import DOUBTFUL, DOWN, FALLBACK, FLAGGED, REPHRASED, Heard, heard_in, misunderstood, rankings
from journal.models import TO_MEND, Conversation, Turn
from journal.rephrasing import says_again
from journal.review_models import ACCEPTED, EXPORTED, IGNORED, Correction, Flag
from journal.store import Journal
from journal.told import NOT_UNDERSTOOD

LOST = {"came_of": NOT_UNDERSTOOD}
NOW = datetime(2026, 11, 29, 17, tzinfo=timezone.utc)
MONTH = timedelta(days=30)


def _conversation(session, turns: list[dict], at: datetime = NOW) -> list[Turn]:
    """Write a conversation of these turns, one a minute until `at`."""
    number = session.execute(select(func.count()).select_from(Conversation)).scalar_one()
    told = [turn(**{"intent": "ask_amount", **given}) for given in turns]
    conversation = make(session, f"conversation {number}", *told, at=at)
    return session.execute(select(Turn).where(Turn.conversation_id == conversation).order_by(Turn.seq)).scalars().all()


def _judged(rating: str) -> dict:
    """Return what makes a turn of one whose answer was judged."""
    return {"replies": [reply(1, rating=rating)]}


def _found(session, **options) -> list[Heard]:
    return misunderstood(session, NOW - MONTH, NOW + timedelta(days=1), **options)


@pytest.fixture
def session(journal: Journal):
    with journal.writing() as opened:
        yield opened


def test_each_sign_of_a_misunderstanding_makes_a_candidate_and_an_understood_sentence_none(session):
    _conversation(
        session,
        [
            {"text": "xyz kapout", **LOST},
            {"text": "le machin du truc", "confidence": 0.2},
            {"text": "c'est pas ça", **_judged("down")},
            {"text": "combien prête le risq"},
            {"text": "le risq prête combien d'argent"},
            {"text": "bien comprise"},
            {"text": "aimée", **_judged("up")},
            {"text": "Ça marche pas", "kind": "choice", **_judged("down")},
        ],
    )
    assert {each.text: {*each.signs} for each in _found(session)} == {
        "xyz kapout": {FALLBACK},
        "le machin du truc": {DOUBTFUL},
        "c'est pas ça": {DOWN},
        "combien prête le risq": {REPHRASED},
    }


def test_a_sentence_that_staff_flagged_is_a_candidate_whatever_the_assistant_thought(session):
    one, other = _conversation(session, [{"text": "c'est quoi le fli"}, {"text": "et le fls"}])
    for flagged, reason in ((one, "misunderstood"), (other, "praise")):
        session.add(Flag(conversation_id=flagged.conversation_id, seq=flagged.seq, reason=reason, author="lea", flagged_at=NOW))
    session.flush()
    assert [(each.text, {*each.signs}) for each in _found(session)] == [("c'est quoi le fli", {FLAGGED})]


def test_the_same_sentence_is_counted_however_it_is_spelt_and_the_most_said_comes_first(session):
    _conversation(session, [{"text": "une fois", **LOST}])
    _conversation(session, [{"text": "Ça prend quoi?", **LOST, "label": "ask_conditions", "confidence": 0.3}])
    _conversation(session, [{"text": "ca prend quoi", "confidence": 0.1}], NOW + timedelta(hours=1))
    first, second = _found(session)
    assert (first.times, first.text, first.confidence) == (2, "ca prend quoi", 0.1)
    assert first.labels == {"ask_conditions": 1, "ask_amount": 1}
    assert second.text == "une fois"


def test_a_period_and_signs_are_respected(session):
    _conversation(session, [{"text": "trop tôt", **LOST}], NOW - 2 * MONTH)
    _conversation(session, [{"text": "à temps", **LOST}, {"text": "un pouce en bas", **_judged("down")}])
    assert {each.text for each in _found(session)} == {"à temps", "un pouce en bas"}
    assert {each.text for each in _found(session, signs=(DOWN,))} == {"un pouce en bas"}
    assert [each.text for each in _found(session, most=1)] == ["un pouce en bas"]


def test_what_was_decided_does_not_come_back_however_it_is_spelt(session):
    _conversation(session, [{"text": "Hein?", **LOST}, {"text": "quossé ça", **LOST}, {"text": "le reste", **LOST}])
    ignore(session, heard_digest("hein"), "off_topic", "lea", NOW)
    accept(session, heard_digest("QUOSSÉ ÇA"), "c'est quoi ça", "rephrase", "lea", NOW, None)
    assert [each.text for each in _found(session)] == ["le reste"]


def test_a_second_decision_is_refused_and_says_whose_the_first_was(session):
    accept(session, heard_digest("allo"), "allo", "greet", "lea", NOW, None)
    with pytest.raises(AlreadyDecided) as refused:
        ignore(session, heard_digest("Allo!"), "off_topic", "sam", NOW)
    assert (refused.value.correction.author, refused.value.correction.label) == ("lea", "greet")
    session.commit()
    assert count_by_state(session) == {ACCEPTED: 1, EXPORTED: 0, IGNORED: 0}


def test_a_sentence_whose_message_was_erased_is_not_there(session):
    with pytest.raises(NotThere):
        accept(session, heard_digest("allo"), "allo", "greet", "lea", NOW, 999)
    session.commit()
    assert count_by_state(session) == {ACCEPTED: 0, EXPORTED: 0, IGNORED: 0}


def test_two_people_deciding_at_once_keep_one_decision(journal: Journal):
    if journal.is_sqlite:
        # SQLite's writers wait for one another from their beginning: the second one sees the first decision.
        with journal.writing.begin() as one:
            accept(one, heard_digest("allo"), "allo", "greet", "lea", NOW, None)
        with journal.writing.begin() as other, pytest.raises(AlreadyDecided):
            accept(other, heard_digest("allo"), "allo", "thank", "sam", NOW, None)
    else:
        import threading

        told = []
        with journal.writing.begin() as one:
            accept(one, heard_digest("allo"), "allo", "greet", "lea", NOW, None)

            def second() -> None:
                with journal.writing.begin() as other:
                    try:
                        accept(other, heard_digest("allo"), "allo", "thank", "sam", NOW, None)
                    except AlreadyDecided as refused:
                        told.append(refused.correction.author)

            waiting = threading.Thread(target=second)
            waiting.start()
            waiting.join(0.5)
            assert waiting.is_alive(), "the second one did not wait for the first"
        waiting.join(10)
        assert told == ["lea"]
    with journal.reading() as session:
        assert session.execute(select(Correction.label)).scalars().all() == ["greet"]


def test_no_word_of_an_ignored_sentence_is_kept(session):
    ignore(session, heard_digest("mon nom est Zébulon Tremblay"), "personal", "lea", NOW)
    session.commit()
    row = session.execute(select(Correction)).scalar_one()
    assert "zebulon" not in " ".join(str(value).lower() for value in vars(row).values())
    assert (row.sentence, row.label, row.turn_id) == (None, None, None)


@pytest.mark.parametrize("reason", ["", "because", None])
def test_a_reason_that_is_none_of_ours_is_refused(session, reason):
    with pytest.raises(ValueError, match=f"^{reason}$"):
        ignore(session, heard_digest("x"), reason, "lea", NOW)
    assert reason not in REASONS


def test_a_decision_may_be_taken_back_until_it_is_exported(session):
    (heard,) = _conversation(session, [{"text": "c'est combien", **LOST}])
    kept = accept(session, heard_digest(heard.text), "c'est combien", "ask_amount", "lea", NOW, heard.id)
    assert _found(session) == []
    assert take_back(session, kept.id).sentence == "c'est combien"
    assert len(_found(session)) == 1
    again = accept(session, heard_digest(heard.text), "c'est combien", "ask_amount", "lea", NOW, heard.id)
    mark_exported(session, [again.id], NOW)
    assert take_back(session, again.id) is None
    assert take_back(session, 10_000) is None


def test_what_was_exported_is_exported_again_only_when_asked(session):
    one = accept(session, heard_digest("b"), "b bb", "greet", "lea", NOW, None)
    mark_exported(session, [one.id], NOW)
    accept(session, heard_digest("a"), "a aa", "greet", "lea", NOW, None)
    ignore(session, heard_digest("c"), "off_topic", "lea", NOW)
    assert [each.sentence for each in to_export(session)] == ["a aa"]
    assert [each.sentence for each in to_export(session, again=True)] == ["a aa", "b bb"]
    assert accepted_sentences(session) == [("b bb", "greet"), ("a aa", "greet")]
    assert [each.state for each in decisions(session, (ACCEPTED, EXPORTED, IGNORED), 2, 1)] == [ACCEPTED, EXPORTED]
    assert session.get(Correction, one.id).exported_at == NOW


def test_erasing_a_conversation_takes_its_words_along_and_no_other(session):
    (mine, exported), (other,) = (
        _conversation(session, [{"text": "mes mots"}, {"text": "déjà exportés"}]),
        _conversation(session, [{"text": "les siens"}]),
    )
    accept(session, heard_digest("mes mots"), "mes mots", "greet", "lea", NOW, mine.id)
    out = accept(session, heard_digest("déjà exportés"), "déjà exportés", "greet", "lea", NOW, exported.id)
    mark_exported(session, [out.id], NOW)
    accept(session, heard_digest("les siens"), "les siens", "greet", "lea", NOW, other.id)
    forget(session, [mine.conversation_id])
    session.delete(session.get(Conversation, mine.conversation_id))
    session.commit()
    assert accepted_sentences(session) == [("les siens", "greet")]
    assert {(each.state, each.sentence) for each in decisions(session, (ACCEPTED, EXPORTED), 10)} == {
        (EXPORTED, None),
        (ACCEPTED, "les siens"),
    }


def test_the_readings_of_a_turn_are_given_best_first(session):
    ranking = [("ask_amount", 0.3), ("ask_cost", 0.2)]
    one, other = _conversation(session, [{"text": "combien", "ranking": ranking}, {"text": "rien"}])
    assert rankings(session, [one.id, other.id]) == {one.id: [("ask_amount", 0.3), ("ask_cost", 0.2)], other.id: []}


def test_the_sentence_of_any_message_may_be_decided_of_once(session):
    typed, pressed = _conversation(session, [{"text": "bien comprise"}, {"text": "Voir d’autres", "kind": "choice"}])
    heard = heard_in(session, typed.id)
    assert (heard.text, heard.turn_ids, heard.seq, heard.times) == ("bien comprise", (typed.id,), typed.seq, 1)
    assert heard_in(session, pressed.id) is heard_in(session, 10_000) is None
    accept(session, heard.digest, "bien comprise", "greet", "lea", NOW, typed.id)
    assert heard_in(session, typed.id) is None


def test_the_sentences_to_mend_are_found_by_their_own_index(session):
    _conversation(session, [{"text": "bien"}] * 50)
    asked = f"SELECT id FROM journal_turn WHERE ({TO_MEND}) AND at >= '2026-11-01' ORDER BY at DESC LIMIT 5"
    if session.get_bind().dialect.name == "sqlite":
        plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all())
    else:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = str(session.execute(text(f"EXPLAIN {asked}")).all())
    assert "ix_journal_turn_to_mend" in plan


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("combien prête la fiducie", "la fiducie prete combien d'argent"),
        ("on cherche de l'argent pour notre coop", "je cherche de l’argent pour une COOP"),
        ("quel est le taux", "c'est quoi le taux d'intérêt"),
        ("j'ai besoin d'un prêt", "non, j'ai besoin d'un pret pas d'une subvention"),
    ],
)
def test_a_question_asked_again_is_known(before, after):
    assert says_again(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("je ne sais pas", "je ne sais pas"),
        ("encore d'autres", "d'autres encore svp"),
        ("oui", "oui"),
        ("c'est quoi le rôle du CA", "c'est quoi le rôle d'un mentor"),
        ("combien prête la fiducie", "combien prête le RISQ"),
        ("on est une coop à Granby", "oups c'est à Magog, pas à Granby"),
        ("", "une coop ça prend quoi"),
    ],
)
def test_another_question_or_an_answer_is_no_repetition(before, after):
    assert not says_again(before, after)
