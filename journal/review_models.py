"""The tables of what staff make of conversations: tags, notes, flags, saved views, and what they decided of sentences."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from directory.base import UtcDateTime, one_of
from journal.models import Base, of_conversation

ACCEPTED, IGNORED, EXPORTED = "accepted", "ignored", "exported"


class Tag(Base):
    """A word that staff put on a conversation."""

    __tablename__ = "journal_tag"
    __table_args__ = (Index(None, "name", "conversation_id"),)

    conversation_id = Column(ForeignKey("journal_conversation.id", ondelete="CASCADE"), primary_key=True)
    name = Column(String(48), primary_key=True)


class Note(Base):
    """What a member of staff wrote about a conversation, or about one of its turns (`seq`)."""

    __tablename__ = "journal_note"

    id = Column(Integer, primary_key=True)
    conversation_id = of_conversation(index=True)
    seq = Column(Integer)
    author = Column(String(64), nullable=False)
    written_at = Column(UtcDateTime, nullable=False)
    text = Column(Text, nullable=False)


class Mention(Base):
    """A member of staff named in a note (`@nom`), until they have read it."""

    __tablename__ = "journal_mention"
    __table_args__ = (Index(None, "account", "read_at"),)

    note_id = Column(ForeignKey("journal_note.id", ondelete="CASCADE"), primary_key=True)
    account = Column(String(64), primary_key=True)
    read_at = Column(UtcDateTime)


class Flag(Base):
    """A turn that a member of staff marked, with the reason that they gave."""

    __tablename__ = "journal_flag"

    conversation_id = Column(ForeignKey("journal_conversation.id", ondelete="CASCADE"), primary_key=True)
    seq = Column(Integer, primary_key=True)
    reason = Column(String(32), nullable=False)
    author = Column(String(64), nullable=False)
    flagged_at = Column(UtcDateTime, nullable=False)


class Seen(Base):
    """How much of a conversation a member of staff has read: all that was there at `seen_at`."""

    __tablename__ = "journal_seen"

    conversation_id = Column(ForeignKey("journal_conversation.id", ondelete="CASCADE"), primary_key=True)
    account = Column(String(64), primary_key=True)
    seen_at = Column(UtcDateTime, nullable=False)


class View(Base):
    """A search of the inbox that was given a name: the filters as the address writes them; everybody's when `shared`."""

    __tablename__ = "journal_view"
    __table_args__ = (UniqueConstraint("author", "name"),)

    id = Column(Integer, primary_key=True)
    author = Column(String(64), nullable=False)
    name = Column(String(64), nullable=False)
    query = Column(Text, nullable=False)
    shared = Column(Boolean, nullable=False, default=False)


class Correction(Base):
    """What staff decided of a sentence that was heard (the digest of its folded words): the label that it trains from now on, or that it is
    ignored; of one that is ignored, no word is kept."""

    __tablename__ = "journal_correction"
    __table_args__ = (one_of("state", (ACCEPTED, IGNORED, EXPORTED)),)

    id = Column(Integer, primary_key=True)
    heard = Column(String(64), nullable=False, unique=True)
    sentence = Column(Text)
    label = Column(String(120))
    state = Column(String(8), nullable=False, index=True)
    reason = Column(String(16))
    author = Column(String(64), nullable=False)
    decided_at = Column(UtcDateTime, nullable=False, index=True)
    exported_at = Column(UtcDateTime)
    turn_id = Column(ForeignKey("journal_turn.id", ondelete="SET NULL"), index=True)
