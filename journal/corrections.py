"""What staff decide of sentences that were misunderstood: each sentence that was heard is decided once.

An accepted sentence is kept as staff wrote it, without anything that tells who said it; of an ignored one, only a digest is kept.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from directory.text import fold
from journal.models import Turn
from journal.review_models import ACCEPTED, EXPORTED, IGNORED, Correction

OFF_TOPIC, UNREADABLE, UNDERSTOOD, PERSONAL = "off_topic", "unreadable", "understood", "personal"
# Why a sentence is ignored.
REASONS = (OFF_TOPIC, UNREADABLE, UNDERSTOOD, PERSONAL)
AT_ONCE = 500


class AlreadyDecided(Exception):
    """Someone decided of this sentence meanwhile; `correction` says who, and what."""

    def __init__(self, correction: Correction) -> None:
        super().__init__(f"correction {correction.id}")
        self.correction = correction


def sentence_key(text: str) -> str:
    """Return a sentence without case, accents and punctuation: what two sentences that are the same have in common."""
    return " ".join(fold(text).replace("'", " ").split())


def heard_digest(text: str) -> str:
    """Return the digest (SHA-256, hexadecimal) by which a sentence that was heard is known, however it was spelt."""
    return hashlib.sha256((sentence_key(text) or text.strip()).encode()).hexdigest()


class NotThere(Exception):
    """The message that the sentence was read in was erased meanwhile."""


def accept(session: Session, heard: str, sentence: str, label: str, author: str, at: datetime, turn_id: int | None) -> Correction:
    """Keep `sentence` for the training of `label`, in place of the one whose digest is `heard`. The caller commits.

    Raises:
        AlreadyDecided, NotThere: as their names say.
    """
    return _decide(
        session, Correction(heard=heard, sentence=sentence, label=label, state=ACCEPTED, author=author, decided_at=at, turn_id=turn_id)
    )


def ignore(session: Session, heard: str, reason: str, author: str, at: datetime) -> Correction:
    """Never show the sentence whose digest is `heard` again. The caller commits.

    Raises:
        AlreadyDecided: as its name says.
        ValueError: `reason` is none of `REASONS`.
    """
    if reason not in REASONS:
        raise ValueError(reason)
    return _decide(session, Correction(heard=heard, state=IGNORED, reason=reason, author=author, decided_at=at))


def _decide(session: Session, correction: Correction) -> Correction:
    try:
        with session.begin_nested():
            session.add(correction)
    except IntegrityError:
        held = session.execute(select(Correction).where(Correction.heard == correction.heard)).scalar_one_or_none()
        raise (NotThere() if held is None else AlreadyDecided(held)) from None
    return correction


def take_back(session: Session, correction_id: int) -> Correction | None:
    """Return the decision that is taken back, so that the sentence waits again; None when there is none, or when it was exported: it is in
    the training data. The caller commits."""
    correction = session.get(Correction, correction_id)
    if correction is None or correction.state == EXPORTED:
        return None
    session.delete(correction)
    session.flush()
    return correction


def decided_among(session: Session, digests: Iterable[str]) -> set[str]:
    """Return those of `digests` that were decided."""
    asked, found = list(digests), set()
    for start in range(0, len(asked), AT_ONCE):
        query = select(Correction.heard).where(Correction.heard.in_(asked[start : start + AT_ONCE]))
        found |= {*session.execute(query).scalars()}
    return found


def decisions_query(states: Collection[str]) -> Select:
    """Select the decisions in those states, the last first."""
    return select(Correction).where(Correction.state.in_(states)).order_by(Correction.decided_at.desc(), Correction.id.desc())


def decisions(session: Session, states: Collection[str], limit: int, offset: int = 0) -> Sequence[Correction]:
    """Return a page of the decisions in those states, the last first."""
    return session.execute(decisions_query(states).limit(limit).offset(offset)).scalars().all()


def count_by_state(session: Session) -> dict[str, int]:
    """Return how many decisions are in each state."""
    found = dict(session.execute(select(Correction.state, func.count()).group_by(Correction.state)).all())
    return {state: found.get(state, 0) for state in (ACCEPTED, EXPORTED, IGNORED)}


def to_export(session: Session, again: bool = False) -> Sequence[Correction]:
    """Return what was accepted and never exported, by label then sentence; `again`, what was exported already too."""
    states = (ACCEPTED, EXPORTED) if again else (ACCEPTED,)
    query = select(Correction).where(Correction.state.in_(states), Correction.sentence.isnot(None))
    return session.execute(query.order_by(Correction.label, Correction.sentence, Correction.id)).scalars().all()


def mark_exported(session: Session, ids: Iterable[int], at: datetime) -> None:
    """Note that the corrections of `ids` were exported. The caller commits."""
    asked = list(ids)
    for start in range(0, len(asked), AT_ONCE):
        changed = update(Correction).where(Correction.id.in_(asked[start : start + AT_ONCE])).values(state=EXPORTED, exported_at=at)
        session.execute(changed.execution_options(synchronize_session="fetch"))


def accepted_sentences(session: Session) -> list[tuple[str, str]]:
    """Return each sentence that was accepted, exported or not, with its label."""
    query = select(Correction.sentence, Correction.label).where(Correction.sentence.isnot(None)).order_by(Correction.id)
    return [tuple(row) for row in session.execute(query)]


def forget(session: Session, conversations: Collection[int]) -> None:
    """Delete the words that come from conversations, before they go: what was accepted, and our copy of what was exported.

    What was exported stays in the training data, where staff have read it and nothing tells who said it.
    """
    of_them = Correction.turn_id.in_(select(Turn.id).where(Turn.conversation_id.in_(conversations)))
    kept = update(Correction).where(of_them, Correction.state == EXPORTED).values(sentence=None, turn_id=None)
    session.execute(kept.execution_options(synchronize_session="fetch"))
    session.execute(delete(Correction).where(of_them).execution_options(synchronize_session="fetch"))
