"""Write conversations into the journal: as often as one likes, the result is the same.

What staff made of a conversation stays as it is.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from directory.text import QUEBEC
from journal.finding import words_of
from journal.models import (
    ABANDONED,
    ANSWERED,
    DOUBTFUL,
    GREETED,
    NOTHING_FOUND,
    PROPOSED,
    UNANSWERED,
    Conversation,
    Erased,
    Proposal,
    Turn,
    Words,
)
from journal.rephrasing import says_again
from journal.told import FOUND, NOT_HELD, NOT_UNDERSTOOD, NOTHING_NEAR, Told, ToldConversation

# Any fixed number: on PostgreSQL, those who write wait for one another, so that nothing erased comes back.
LOCK = 20261130
TYPED = "text"
LOTS = 1000
# Said by pressing a button, or answered whatever is said: not a sign that something was answered.
_SMALL_TALK = {"greet", "goodbye", "thank", "how_are_you", "affirm", "deny", "laugh_or_compliment", "insult", "complain_bot"}
# Read as nothing, or as nothing of ours: whatever is said, it answers no question.
_BESIDE = {"out_of_scope", "near_miss", "noise", "nlu_fallback"}
LONGEST_ACTOR = Proposal.__table__.c.actor.type.length
_LEVELS = ("region", "mrc", "municipality", "sector")


def lock(session: Session) -> None:
    """Wait for whoever writes into the journal; on SQLite, a session that writes has waited already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})


def write(session: Session, conversations: Iterable[ToldConversation]) -> None:
    """Write conversations, and those of their turns that are told; one that was erased is left out. The caller commits."""
    lock(session)
    for told in conversations:
        if session.get(Erased, told.digest) is None:
            _write_one(session, told)


def holds(session: Session, digest: str) -> bool:
    """Return whether the journal holds the conversation of that digest: if not, it must be told whole."""
    return session.execute(select(Conversation.id).where(Conversation.digest == digest)).first() is not None


def _write_one(session: Session, told: ToldConversation) -> None:
    row = session.execute(select(Conversation).where(Conversation.digest == told.digest)).scalar_one_or_none()
    if row is None:
        row = Conversation(digest=told.digest, lot=_lot(told.digest), channel=told.channel, begun_at=told.begun_at)
        row.begun_on = told.begun_at.astimezone(QUEBEC).date()
        session.add(row)
    row.kept, row.active_at, row.rating, row.comment = told.kept, told.active_at, told.rating, told.comment
    session.flush()
    for each in told.turns:
        turn = session.execute(select(Turn).where(Turn.conversation_id == row.id, Turn.seq == each.seq)).scalar_one_or_none()
        if turn is None:
            turn = Turn(conversation_id=row.id, seq=each.seq, day=row.begun_on)
            session.add(turn)
        _fill(turn, each)
    session.flush()
    lines = _lines(session, row)
    _note_rephrased(session, lines, {each.seq for each in told.turns})
    _sum_up(row, lines)
    session.flush()
    _write_proposals(session, row, told.turns)
    _write_words(session, row, told.turns)


def _lot(digest: str) -> int:
    return int(hashlib.sha256(digest.encode()).hexdigest()[:8], 16) % LOTS


def _set(row: Any, **values: Any) -> None:
    """Set columns of a row; a text that is longer than its column is cut: nothing that comes may stop what comes after it."""
    for name, value in values.items():
        most = getattr(row.__table__.c[name].type, "length", None)
        setattr(row, name, value[:most] if most and isinstance(value, str) else value)


def _fill(turn: Turn, told: Told) -> None:
    _set(turn, kind=told.kind, intent=told.intent, label=told.label, model=told.model)
    turn.at, turn.text, turn.confidence, turn.failed = told.at, told.text, told.confidence, told.failed
    turn.latency_ms = None if told.latency_ms is None else round(told.latency_ms)
    turn.fallback = told.came_of == NOT_UNDERSTOOD
    turn.doubtful = turn.fallback or (told.kind == TYPED and told.confidence is not None and told.confidence < DOUBTFUL)
    _set(turn, unheld=(told.matter or NOT_HELD) if told.came_of == NOT_HELD else None)
    ratings = [each["rating"] for each in told.replies if each.get("rating")]
    turn.rating = "down" if "down" in ratings else next(iter(ratings), None)
    turn.replies = [dict(each) for each in told.replies]
    turn.reading = {
        "ranking": [list(each) for each in told.ranking],
        "entities": [dict(each) for each in told.entities],
        "fact": told.fact,
        "profile": dict(told.profile),
        "asked": told.asked,
        "came_of": told.came_of,
        "ratings": ratings,
    }


class _Line(NamedTuple):
    """What a conversation is summed up from, of one of its turns; what was answered, the longest part, is not read again."""

    id: int
    seq: int
    kind: str
    text: str
    intent: str | None
    confidence: float | None
    fallback: bool
    unheld: str | None
    failed: bool
    rephrased: bool
    reading: Mapping[str, Any]


def _lines(session: Session, row: Conversation) -> list[_Line]:
    columns = [getattr(Turn, name) for name in _Line._fields]
    return [_Line(*each) for each in session.execute(select(*columns).where(Turn.conversation_id == row.id).order_by(Turn.seq))]


def _note_rephrased(session: Session, lines: Sequence[_Line], told: Collection[int]) -> None:
    """Mark each sentence that the person said again right after, among the turns that are told and those just before them."""
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        if line.seq not in told and (following is None or following.seq not in told):
            continue
        typed = following is not None and line.kind == following.kind == TYPED
        again = typed and says_again(line.text, following.text)
        if again is not line.rephrased:
            marked = update(Turn).where(Turn.id == line.id).values(rephrased=again)
            session.execute(marked.execution_options(synchronize_session=False))


def _sum_up(row: Conversation, lines: Sequence[_Line]) -> None:
    read = [line for line in lines if line.text]
    row.messages = len(read)
    row.least_confidence = min((each.confidence for each in read if each.kind == TYPED and each.confidence is not None), default=None)
    row.fallbacks = sum(each.fallback for each in lines)
    row.unheld = sum(each.unheld is not None for each in lines)
    row.failures = sum(each.failed for each in lines)
    given = [rating for line in lines for rating in line.reading.get("ratings", ())] + ([row.rating] if row.rating else [])
    row.thumbs_up, row.thumbs_down = given.count("up"), given.count("down")
    _note_project(row, lines)
    came_of = [line.reading.get("came_of") for line in lines]
    missed = next((line for line in reversed(lines) if line.reading.get("came_of") == NOTHING_NEAR), None)
    _set(row, unmet_need=missed.reading["profile"].get("need") if missed else None)
    _set(row, waited_for=lines[-1].reading.get("asked") if lines else None)
    row.outcome = _outcome(came_of, row, lines)


def _note_project(row: Conversation, lines: Sequence[_Line]) -> None:
    """Keep the last need, form, stage and place that were known: starting over forgets them, the journal does not."""
    profiles = [line.reading.get("profile") or {} for line in reversed(lines)]
    for name in ("need", "legal_form", "stage"):
        _set(row, **{name: next((each[name] for each in profiles if each.get(name)), None)})
    place: Mapping[str, str] = next((each["place"] for each in profiles if each.get("place")), {})
    for level in _LEVELS:
        _set(row, **{level: place.get(level)})


def _outcome(came_of: Sequence[str | None], row: Conversation, lines: Sequence[_Line]) -> str:
    if FOUND in came_of:
        return PROPOSED
    if NOTHING_NEAR in came_of:
        return NOTHING_FOUND
    if row.waited_for:
        return ABANDONED
    missed = [line for line in lines if line.fallback or line.unheld or line.failed or line.intent in _BESIDE]
    told = [line for line in lines if line.intent and line.intent not in _SMALL_TALK and line not in missed]
    if told:
        return ANSWERED
    return UNANSWERED if missed else GREETED


def _write_proposals(session: Session, row: Conversation, turns: Sequence[Told]) -> None:
    """Write the actors that these turns showed and that no earlier one did."""
    shown = {each.actor: each for each in session.execute(select(Proposal).where(Proposal.conversation_id == row.id)).scalars()}
    for turn in turns:
        cards = [card for reply in turn.replies for card in reply.get("cards", ()) if card.get("actor")]
        for rank, card in enumerate(cards, start=1):
            actor = card["actor"][:LONGEST_ACTOR]
            first = shown.setdefault(actor, Proposal(conversation_id=row.id, actor=actor, seq=turn.seq, rank=rank, day=row.begun_on))
            if turn.seq < first.seq:
                first.seq, first.rank = turn.seq, rank
    session.add_all(shown.values())


def _write_words(session: Session, row: Conversation, turns: Sequence[Told]) -> None:
    words = session.get(Words, row.id) or Words(conversation_id=row.id, words="")
    said = dict.fromkeys([*words.words.split(), *(word for turn in turns for word in words_of(turn.text))])
    words.words = "".join(f" {word}" for word in said)
    session.add(words)
