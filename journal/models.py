"""The tables of the journal: conversations as staff read them, and what staff made of them.

A conversation is known by the digest of its name, which only the channel holds. Every text of a person has passed the door: it is
depersonalised before it comes here. What follows from the conversations themselves can be rebuilt; what staff wrote cannot.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import declarative_base, relationship
from sqlalchemy.sql.elements import TextClause

from directory.base import NAMING_CONVENTION, UtcDateTime, one_of

# What came of a conversation, the most telling first.
PROPOSED, NOTHING_FOUND, ABANDONED, ANSWERED, UNANSWERED, GREETED = (
    "proposed",
    "nothing_found",
    "abandoned",
    "answered",
    "unanswered",
    "greeted",
)
OUTCOMES = (PROPOSED, NOTHING_FOUND, ABANDONED, ANSWERED, UNANSWERED, GREETED)
# Read with less than this, a sentence was hardly understood.
DOUBTFUL = 0.35
TO_REVIEW, DONE, LATER = "to_review", "done", "later"
STATUSES = (TO_REVIEW, DONE, LATER)
# An id of the largest tables, which SQLite numbers only when it is its own INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

Base = declarative_base(metadata=MetaData(naming_convention=NAMING_CONVENTION))


def of_conversation(**options: object) -> Column:
    """Return the column of what hangs from a conversation, and goes with it."""
    return Column(ForeignKey("journal_conversation.id", ondelete="CASCADE"), nullable=False, **options)


def _where(condition: str) -> dict[str, TextClause]:
    """Return how an index is told, on each kind of database, that it holds the rows of a condition only."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


# What the inbox looks for in few conversations.
_RARE = {
    "flagged": "flags > 0",
    "thumbs_down": "thumbs_down > 0",
    "thumbs_up": "thumbs_up > 0",
    "unheld": "unheld > 0",
    "unmet": "unmet_need IS NOT NULL",
}


def _rare(name: str, condition: str) -> Index:
    return Index(f"ix_journal_conversation_{name}", "active_at", "id", **_where(condition))


class Conversation(Base):
    """A conversation and what sums it up. `messages` counts what the person sent, `least_confidence` is the lowest of what they typed
    (0..1); the places are codes of territories, from the region down; `waited_for` is what the search asked when it was left."""

    __tablename__ = "journal_conversation"
    __table_args__ = (
        one_of("outcome", OUTCOMES),
        one_of("status", STATUSES),
        Index(None, "active_at", "id"),
        *(
            Index(None, column, "active_at")
            for column in ("channel", "need", "region", "mrc", "municipality", "sector", "outcome", "status", "assignee")
        ),
        Index(None, "kept", "active_at"),
        Index(None, "begun_at"),
        *(Index(None, column) for column in ("messages", "least_confidence", "lot")),
        *(_rare(name, condition) for name, condition in _RARE.items()),
        # All that the needs map counts, so that it reads nothing else.
        Index(
            "ix_journal_conversation_counted",
            *("begun_on", "outcome", "unmet_need", "need", "region", "mrc", "channel", "waited_for", "rating"),
            *("thumbs_down", "thumbs_up"),
        ),
    )

    id = Column(BigId, primary_key=True)
    digest = Column(String(64), nullable=False, unique=True)
    channel = Column(String(16), nullable=False)
    kept = Column(Boolean, nullable=False)
    begun_at = Column(UtcDateTime, nullable=False)
    begun_on = Column(Date, nullable=False)
    active_at = Column(UtcDateTime, nullable=False)
    messages = Column(Integer, nullable=False, default=0)
    least_confidence = Column(Float)
    fallbacks = Column(SmallInteger, nullable=False, default=0)
    unheld = Column(SmallInteger, nullable=False, default=0)
    failures = Column(SmallInteger, nullable=False, default=0)
    thumbs_up = Column(SmallInteger, nullable=False, default=0)
    thumbs_down = Column(SmallInteger, nullable=False, default=0)
    rating = Column(String(8))
    comment = Column(Text)
    need = Column(String(32))
    legal_form = Column(String(32))
    stage = Column(String(32))
    region = Column(String(32))
    mrc = Column(String(64))
    municipality = Column(String(64))
    sector = Column(String(96))
    outcome = Column(String(16), nullable=False, default=GREETED)
    unmet_need = Column(String(32))
    waited_for = Column(String(16))
    # Drawn once, evenly in 0..999: a random sample that stays the same.
    lot = Column(SmallInteger, nullable=False)
    status = Column(String(16), nullable=False, default=TO_REVIEW)
    assignee = Column(String(64))
    flags = Column(SmallInteger, nullable=False, default=0)
    version = Column(Integer, nullable=False, default=0)

    turns = relationship("Turn", order_by="Turn.seq", viewonly=True)


# What a member of staff may have to mend, and what had no answer: written the same in the index and in the query.
TO_MEND = "doubtful OR rephrased OR rating = 'down'"
NO_ANSWER = "fallback OR unheld IS NOT NULL"


class Turn(Base):
    """What a person sent, what was understood of it and what was answered, under the number `seq` of the message in its conversation; a
    turn of ours alone (a greeting) has no text. `day` is the one on which the conversation began.

    `doubtful` when it was hardly understood, or not at all (`fallback`); `rephrased` when the person then said the same again; `unheld`
    names what was asked and is not in the directory. `label` is the whole label of the intent, its topic included. `reading` says why:
    {ranking: [[label, evidence 0..1]], entities: [{entity, value, text}], fact, profile: {need, legal_form, stage, place}}. `replies` are
    as they were shown: [{seq, text, buttons: [title], cards: [{name, why, …}], rating, reason, comment}].
    """

    __tablename__ = "journal_turn"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        Index(None, "intent", "conversation_id"),
        Index(None, "label", "conversation_id"),
        Index("ix_journal_turn_to_mend", "at", **_where(TO_MEND)),
        Index("ix_journal_turn_unanswered", "label", "day", "conversation_id", **_where(NO_ANSWER)),
        Index("ix_journal_turn_unheld", "unheld", "day", "conversation_id", **_where("unheld IS NOT NULL")),
    )

    id = Column(BigId, primary_key=True)
    conversation_id = of_conversation()
    seq = Column(Integer, nullable=False)
    at = Column(UtcDateTime, nullable=False)
    day = Column(Date, nullable=False)
    kind = Column(String(8), nullable=False)
    text = Column(Text, nullable=False, default="")
    intent = Column(String(64))
    label = Column(String(96))
    confidence = Column(Float)
    fallback = Column(Boolean, nullable=False, default=False)
    doubtful = Column(Boolean, nullable=False, default=False)
    rephrased = Column(Boolean, nullable=False, default=False)
    unheld = Column(String(64))
    failed = Column(Boolean, nullable=False, default=False)
    rating = Column(String(8))
    model = Column(String(32))
    latency_ms = Column(Integer)
    reading = Column(JSON, nullable=False, default=dict)
    replies = Column(JSON, nullable=False, default=list)


class Proposal(Base):
    """An actor that a conversation was shown on a card, the first time: in the answer `seq`, at `rank` (from 1) among its cards."""

    __tablename__ = "journal_proposal"
    __table_args__ = (UniqueConstraint("conversation_id", "actor"), Index(None, "actor", "day"))

    id = Column(BigId, primary_key=True)
    conversation_id = of_conversation()
    actor = Column(String(96), nullable=False)
    seq = Column(Integer, nullable=False)
    rank = Column(SmallInteger, nullable=False)
    day = Column(Date, nullable=False)


class Words(Base):
    """What the person wrote in a conversation, folded, each word after a blank: « où est » is kept as " ou est"."""

    __tablename__ = "journal_words"

    conversation_id = Column(ForeignKey("journal_conversation.id", ondelete="CASCADE"), primary_key=True)
    words = Column(Text, nullable=False)


class Erased(Base):
    """A conversation that was erased, by the digest of its name: what comes late about it is not written again."""

    __tablename__ = "journal_erased"

    digest = Column(String(64), primary_key=True)
    erased_at = Column(UtcDateTime, nullable=False, index=True)


class Request(Base):
    """Staff asked that a conversation be erased: the assistant, which holds the rest of it, does so and gives the `proof`."""

    __tablename__ = "journal_request"

    digest = Column(String(64), primary_key=True)
    by = Column(String(64), nullable=False)
    asked_at = Column(UtcDateTime, nullable=False)
    done_at = Column(UtcDateTime, index=True)
    proof = Column(String(16))
