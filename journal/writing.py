"""Write conversations into the journal: as often as one likes, the result is the same.

What staff made of a conversation stays as it is.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, select, text
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
_SMALL_TALK = {"greet", "goodbye", "thank", "how_are_you", "affirm", "deny", "laugh_or_compliment"}
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


def _write_one(session: Session, told: ToldConversation) -> None:
    row = session.execute(select(Conversation).where(Conversation.digest == told.digest)).scalar_one_or_none()
    if row is None:
        row = Conversation(digest=told.digest, lot=_lot(told.digest), channel=told.channel, begun_at=told.begun_at)
        row.begun_on = told.begun_at.astimezone(QUEBEC).date()
        session.add(row)
    row.kept, row.active_at, row.rating, row.comment = told.kept, told.active_at, told.rating, told.comment
    session.flush()
    held = {turn.seq: turn for turn in session.execute(select(Turn).where(Turn.conversation_id == row.id)).scalars()}
    for each in told.turns:
        turn = held.get(each.seq)
        if turn is None:
            turn = held[each.seq] = Turn(conversation_id=row.id, seq=each.seq, day=row.begun_on)
            session.add(turn)
        _fill(turn, each)
    turns = [held[seq] for seq in sorted(held)]
    _note_rephrased(turns)
    _sum_up(row, turns)
    session.flush()
    _write_proposals(session, row, turns)
    _write_words(session, row, turns)


def _lot(digest: str) -> int:
    return int(hashlib.sha256(digest.encode()).hexdigest()[:8], 16) % LOTS


def _fill(turn: Turn, told: Told) -> None:
    turn.at, turn.kind, turn.text, turn.intent, turn.label = told.at, told.kind, told.text, told.intent, told.label
    turn.confidence, turn.failed, turn.model = told.confidence, told.failed, told.model
    turn.latency_ms = None if told.latency_ms is None else round(told.latency_ms)
    turn.fallback = told.came_of == NOT_UNDERSTOOD
    turn.doubtful = turn.fallback or (told.kind == TYPED and told.confidence is not None and told.confidence < DOUBTFUL)
    turn.unheld = (told.matter or NOT_HELD)[:64] if told.came_of == NOT_HELD else None
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
    }


def _note_rephrased(turns: Sequence[Turn]) -> None:
    """Mark each sentence that the person said again right after."""
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        typed = following is not None and turn.kind == following.kind == TYPED
        turn.rephrased = typed and says_again(turn.text, following.text)


def _sum_up(row: Conversation, turns: Sequence[Turn]) -> None:
    read = [turn for turn in turns if turn.text]
    row.messages = len(read)
    row.least_confidence = min((t.confidence for t in read if t.kind == TYPED and t.confidence is not None), default=None)
    row.fallbacks = sum(turn.fallback for turn in turns)
    row.unheld = sum(turn.unheld is not None for turn in turns)
    row.failures = sum(turn.failed for turn in turns)
    given = [each["rating"] for turn in turns for each in turn.replies if each.get("rating")] + ([row.rating] if row.rating else [])
    row.thumbs_up, row.thumbs_down = given.count("up"), given.count("down")
    _note_project(row, turns)
    came_of = [turn.reading.get("came_of") for turn in turns]
    missed = next((turn for turn in reversed(turns) if turn.reading.get("came_of") == NOTHING_NEAR), None)
    row.unmet_need = missed.reading["profile"].get("need") if missed else None
    row.waited_for = turns[-1].reading.get("asked") if turns else None
    row.outcome = _outcome(came_of, row, turns)


def _note_project(row: Conversation, turns: Sequence[Turn]) -> None:
    """Keep the last need, form, stage and place that were known: starting over forgets them, the journal does not."""
    profiles = [turn.reading.get("profile") or {} for turn in reversed(turns)]
    for name in ("need", "legal_form", "stage"):
        setattr(row, name, next((each[name] for each in profiles if each.get(name)), None))
    place: Mapping[str, str] = next((each["place"] for each in profiles if each.get("place")), {})
    for level in _LEVELS:
        setattr(row, level, place.get(level))


def _outcome(came_of: Sequence[str | None], row: Conversation, turns: Sequence[Turn]) -> str:
    if FOUND in came_of:
        return PROPOSED
    if NOTHING_NEAR in came_of:
        return NOTHING_FOUND
    if row.waited_for:
        return ABANDONED
    missed = row.fallbacks + row.unheld + row.failures
    told = [turn for turn in turns if turn.intent and turn.intent not in _SMALL_TALK]
    if len(told) > missed:
        return ANSWERED
    return UNANSWERED if missed else GREETED


def _write_proposals(session: Session, row: Conversation, turns: Sequence[Turn]) -> None:
    session.execute(delete(Proposal).where(Proposal.conversation_id == row.id).execution_options(synchronize_session=False))
    seen: dict[str, Proposal] = {}
    for turn in turns:
        cards = [card for reply in turn.replies for card in reply.get("cards", ()) if card.get("actor")]
        for rank, card in enumerate(cards, start=1):
            new = Proposal(conversation_id=row.id, actor=card["actor"][:96], seq=turn.seq, rank=rank, day=row.begun_on)
            seen.setdefault(new.actor, new)
    session.add_all(seen.values())


def _write_words(session: Session, row: Conversation, turns: Sequence[Turn]) -> None:
    said = dict.fromkeys(word for turn in turns for word in words_of(turn.text))
    words = session.get(Words, row.id) or Words(conversation_id=row.id)
    words.words = "".join(f" {word}" for word in said)
    session.add(words)
