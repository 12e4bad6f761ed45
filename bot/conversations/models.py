"""The tables of the conversations. Every text in them has passed the door: personal data is masked before it is kept."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import declarative_base

from directory.base import NAMING_CONVENTION, UtcDateTime, one_of
from journal.told import digest_of

RECEIVED, ANSWERED, FAILED = "received", "answered", "failed"
# What a person sends that cannot be read (a photo, a voice message) is `MEDIA`: it is answered in words, without the model.
TEXT, CHOICE, RESTART, MEDIA = "text", "choice", "restart", "media"
# Why a person is told again that a robot answers: after a long silence; after a person of the page did.
LAPSE, HUMAN = "lapse", "human"
DUE, SENT, STOPPED = "due", "sent", "stopped"
RATINGS = ("up", "down")
REASONS = ("wrong", "beside", "unclear", "outdated", "other")

Base = declarative_base(metadata=MetaData(naming_convention=NAMING_CONVENTION))


def _of_conversation(**options: object) -> Column:
    return Column(ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, **options)


class Conversation(Base):
    """A conversation of one person on one channel; the journal knows it by its digest. `turns` counts the answers: who answers an older
    state has answered too late."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index(None, "begun_at"),
        Index(None, "digest", unique=True),
        # Those that are deleted by their last message.
        Index(None, "active_at", sqlite_where=text("NOT keep"), postgresql_where=text("NOT keep")),
    )

    id = Column(String(80), primary_key=True)
    digest = Column(String(64), default=lambda made: digest_of(made.get_current_parameters()["id"]))
    channel = Column(String(16), nullable=False)
    begun_at = Column(UtcDateTime, nullable=False)
    active_at = Column(UtcDateTime, nullable=False)
    keep = Column(Boolean, nullable=False)
    notice = Column(String(32), nullable=False)
    state = Column(JSON)
    turns = Column(Integer, nullable=False, default=0)
    last_seq = Column(Integer, nullable=False, default=0)


class Inbound(Base):
    """The inbox: a message as it came, stored before it is acknowledged. The channel's own id makes a redelivery no second message."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("conversation_id", "channel_id"),
        UniqueConstraint("conversation_id", "seq"),
        one_of("kind", (TEXT, CHOICE, RESTART, MEDIA)),
        one_of("status", (RECEIVED, ANSWERED, FAILED)),
        Index(None, "status", "conversation_id"),
    )

    id = Column(Integer, primary_key=True)
    conversation_id = _of_conversation()
    seq = Column(Integer, nullable=False)
    channel_id = Column(String(64), nullable=False)
    kind = Column(String(8), nullable=False)
    text = Column(Text, nullable=False)
    choice_id = Column(String(16))
    masked = Column(JSON, nullable=False, default=list)
    shortened = Column(Boolean, nullable=False, default=False)
    received_at = Column(UtcDateTime, nullable=False)
    status = Column(String(8), nullable=False, default=RECEIVED)
    attempts = Column(Integer, nullable=False, default=0)
    reading = Column(JSON)
    reintroduce = Column(String(8))


class Outbound(Base):
    """The outbox: a message of ours, from the transaction that closed its turn on; the widget fetches those above a number."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("conversation_id", "seq"),)

    id = Column(Integer, primary_key=True)
    conversation_id = _of_conversation()
    seq = Column(Integer, nullable=False)
    answers = Column(Integer)
    last = Column(Boolean, nullable=False)
    content = Column(JSON, nullable=False)
    sent_at = Column(UtcDateTime, nullable=False)


class Delivery(Base):
    """A message of ours for a channel that it is pushed to, request by request; the widget, which fetches, has none.

    `parts` of it were taken by the channel; `trying_at` stands while one is on its way. Of the next one, `attempts` were made, `unknown` of
    them with an outcome that nobody knows, and it is sent in `plain` text once it was refused as it was. `doubtful` counts all that were
    made again although they may have arrived.
    """

    __tablename__ = "delivery"
    __table_args__ = (one_of("state", (DUE, SENT, STOPPED)), Index(None, "conversation_id", "seq"), Index(None, "state", "next_at"))

    outbox_id = Column(ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True)
    conversation_id = _of_conversation()
    seq = Column(Integer, nullable=False)
    state = Column(String(8), nullable=False, default=DUE)
    reason = Column(String(16))
    parts = Column(Integer, nullable=False, default=0)
    attempts = Column(Integer, nullable=False, default=0)
    unknown = Column(Integer, nullable=False, default=0)
    plain = Column(Boolean, nullable=False, default=False)
    doubtful = Column(Integer, nullable=False, default=0)
    trying_at = Column(UtcDateTime)
    next_at = Column(UtcDateTime, nullable=False)


class Choice(Base):
    """A button that a conversation was given: outside, it is its id alone."""

    __tablename__ = "choice"

    id = Column(String(16), primary_key=True)
    conversation_id = _of_conversation(index=True)
    title = Column(Text, nullable=False)
    payload = Column(Text, nullable=False)


class Feedback(Base):
    """What a person thought of a message of ours, or, under the number 0, of the whole conversation."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("conversation_id", "seq"), one_of("rating", RATINGS))

    id = Column(Integer, primary_key=True)
    conversation_id = _of_conversation()
    seq = Column(Integer, nullable=False)
    rating = Column(String(8), nullable=False)
    reason = Column(String(16))
    comment = Column(Text)
    given_at = Column(UtcDateTime, nullable=False)


class Share(Base):
    """A page with the cards of one message, for whoever has its address, until it expires."""

    __tablename__ = "share"

    id = Column(String(32), primary_key=True)
    conversation_id = _of_conversation(index=True)
    cards = Column(JSON, nullable=False)
    shared_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False, index=True)


class Erasure(Base):
    """The proof of an erasure: the digest of the conversation's name, by which its token is told so, and counts without text; whether the
    journal knows (`journaled`)."""

    __tablename__ = "erasure"

    digest = Column(String(64), primary_key=True)
    proof = Column(String(16), nullable=False, unique=True)
    erased_at = Column(UtcDateTime, nullable=False, index=True)
    messages = Column(Integer, nullable=False)
    journaled = Column(Boolean, nullable=False, default=False, server_default=false(), index=True)


class JournalDue(Base):
    """A conversation that the journal does not know whole: what came from its message `since` on. `mark` grows each time that something
    comes."""

    __tablename__ = "journal_due"

    conversation_id = Column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    since = Column(Integer, nullable=False)
    mark = Column(Integer, nullable=False, default=1)


class Thread(Base):
    """The conversation of a person with a page on Messenger, under the page-scoped id by which Meta names the person.

    The channel's window counts from `heard_at`.
    """

    __tablename__ = "messenger_thread"
    __table_args__ = (UniqueConstraint("page_id", "psid"),)

    conversation_id = Column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    page_id = Column(String(32), nullable=False)
    psid = Column(String(32), nullable=False)
    heard_at = Column(UtcDateTime, nullable=False)


class Hold(Base):
    """Who answers someone on Messenger, known by a digest, with or without a conversation: a person of the page answered last at
    `human_at`; the thread was ours again at `bot_at`. Forgotten with the events."""

    __tablename__ = "messenger_hold"

    digest = Column(String(64), primary_key=True)
    human_at = Column(UtcDateTime)
    bot_at = Column(UtcDateTime)
    changed_at = Column(UtcDateTime, nullable=False, index=True)


class Event(Base):
    """The digest of an event of Meta's that was taken in, so that a redelivery is no second one, even after an erasure."""

    __tablename__ = "messenger_event"

    digest = Column(String(64), primary_key=True)
    taken_at = Column(UtcDateTime, nullable=False, index=True)


class Deletion(Base):
    """A request that Meta passed on to delete what is held of someone: its code, and the proof of the erasure when anything was found."""

    __tablename__ = "messenger_deletion"

    code = Column(String(32), primary_key=True)
    digest = Column(String(64), nullable=False, unique=True)
    asked_at = Column(UtcDateTime, nullable=False, index=True)
    proof = Column(String(16))
