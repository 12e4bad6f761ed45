"""The sentences that were misunderstood, as far as one can tell, and that nobody has decided of yet."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, text
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from journal.corrections import decided_among, heard_digest
from journal.models import TO_MEND, Turn
from journal.review_models import Flag
from journal.reviewing import MISUNDERSTOOD

FALLBACK, DOUBTFUL, DOWN, REPHRASED, FLAGGED = "fallback", "doubtful", "down", "rephrased", "flagged"
# Why a sentence is thought to have been misunderstood, the surest sign first.
SIGNS = (FLAGGED, FALLBACK, DOWN, REPHRASED, DOUBTFUL)
TYPED = "text"
# The last turns alone are read, so that a page always comes; and the ways of writing a sentence that are shown.
MOST_TURNS = 20_000
_COLUMNS = (
    *(Turn.id, Turn.conversation_id, Turn.seq, Turn.at, Turn.text, Turn.label),
    *(Turn.confidence, Turn.fallback, Turn.doubtful, Turn.rephrased, Turn.rating),
)


@dataclass(frozen=True)
class Heard:
    """A sentence, in the words of whoever said it last: its digest, its turns (the last first), the conversation of the last one and its
    number there, how often it was read as which label, with the lowest confidence (0..1), and how many turns bear each sign."""

    digest: str
    text: str
    turn_ids: tuple[int, ...]
    conversation_id: int
    seq: int
    last_at: datetime
    labels: Counter[str]
    confidence: float | None
    signs: Counter[str]

    @property
    def times(self) -> int:
        """How often it was said."""
        return len(self.turn_ids)


def misunderstood(
    session: Session, since: datetime, until: datetime, signs: Collection[str] = SIGNS, most: int = MOST_TURNS
) -> list[Heard]:
    """Return the sentences said in `since` ≤ time < `until` that bear one of `signs` and that nobody has decided of, the most said first.

    Of more than `most` turns, the last alone.
    """
    found = {row.id: (row, _signs(row)) for row in session.execute(_marked_query(since, until).limit(most))}
    if FLAGGED in signs:
        for row in session.execute(_flagged_query(since, until).limit(most)):
            found[row.id] = (row, [*found[row.id][1], FLAGGED] if row.id in found else [*_signs(row), FLAGGED])
    wanted = [(row, borne) for row, borne in found.values() if not {*borne}.isdisjoint(signs)]
    gathered = _gather(sorted(wanted, key=lambda pair: (pair[0].at, pair[0].id), reverse=True))
    decided = decided_among(session, gathered)
    heard = [_heard(digest, rows) for digest, rows in gathered.items() if digest not in decided]
    return sorted(heard, key=lambda each: (-each.times, each.text, each.digest))


def _marked_query(since: datetime, until: datetime) -> Select:
    # Written as the partial index is, so that both databases use it.
    return _typed(select(*_COLUMNS).where(text(f"({TO_MEND})")), since, until)


def _flagged_query(since: datetime, until: datetime) -> Select:
    flagged = and_(Flag.conversation_id == Turn.conversation_id, Flag.seq == Turn.seq, Flag.reason == MISUNDERSTOOD)
    return _typed(select(*_COLUMNS).join(Flag, flagged), since, until)


def _typed(query: Select, since: datetime, until: datetime) -> Select:
    typed = query.where(Turn.at >= since, Turn.at < until, Turn.kind == TYPED, Turn.text != "")
    return typed.order_by(Turn.at.desc(), Turn.id.desc())


def _signs(row: Row) -> list[str]:
    borne = {FALLBACK: row.fallback, DOUBTFUL: row.doubtful and not row.fallback, REPHRASED: row.rephrased, DOWN: row.rating == "down"}
    return [sign for sign, is_borne in borne.items() if is_borne]


def _gather(rows: Iterable[tuple[Row, list[str]]]) -> dict[str, list[tuple[Row, list[str]]]]:
    gathered: dict[str, list[tuple[Row, list[str]]]] = defaultdict(list)
    for row, borne in rows:
        gathered[heard_digest(row.text)].append((row, borne))
    return gathered


def _heard(digest: str, rows: Sequence[tuple[Row, list[str]]]) -> Heard:
    last = rows[0][0]
    sure = [row.confidence for row, _ in rows if row.confidence is not None]
    return Heard(
        digest,
        last.text,
        tuple(row.id for row, _ in rows),
        last.conversation_id,
        last.seq,
        last.at,
        Counter(row.label or "" for row, _ in rows),
        min(sure, default=None),
        Counter(sign for _, borne in rows for sign in borne),
    )


def heard_in(session: Session, turn_id: int) -> Heard | None:
    """Return the sentence of one turn, whatever became of it; None when nobody typed it, when it is gone, or when it was decided of."""
    row = session.execute(select(*_COLUMNS).where(Turn.id == turn_id, Turn.kind == TYPED, Turn.text != "")).first()
    if row is None or decided_among(session, [heard_digest(row.text)]):
        return None
    return _heard(heard_digest(row.text), [(row, _signs(row))])


def rankings(session: Session, turn_ids: Collection[int]) -> dict[int, list[tuple[str, float]]]:
    """Return the first readings of turns, by the id of the turn: (label, evidence 0..1), the best first."""
    query = select(Turn.id, Turn.reading).where(Turn.id.in_(list(turn_ids)))
    return {number: [tuple(each) for each in (reading or {}).get("ranking") or ()] for number, reading in session.execute(query)}
