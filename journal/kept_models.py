"""The tables of what outlives the conversations: counts without text, reports of what was deleted, the register of incidents."""

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, String, Text

from directory.base import UtcDateTime
from journal.models import Base


class Count(Base):
    """How many conversations of a day that were purged said the same: what is left of them."""

    __tablename__ = "journal_count"
    __table_args__ = (Index(None, "day"),)

    id = Column(Integer, primary_key=True)
    day = Column(Date, nullable=False)
    channel = Column(String(16), nullable=False)
    region = Column(String(32))
    mrc = Column(String(64))
    need = Column(String(32))
    outcome = Column(String(16), nullable=False)
    unmet_need = Column(String(32))
    waited_for = Column(String(16))
    rating = Column(String(8))
    conversations = Column(Integer, nullable=False)


class PastProposal(Base):
    """How many conversations of a day that were purged had been shown an actor."""

    __tablename__ = "journal_past_proposal"
    __table_args__ = (Index(None, "day"),)

    id = Column(Integer, primary_key=True)
    day = Column(Date, nullable=False)
    actor = Column(String(96), nullable=False)
    conversations = Column(Integer, nullable=False)


class PastQuestion(Base):
    """How many turns of a day that were purged had no answer, by what they were read as."""

    __tablename__ = "journal_past_question"
    __table_args__ = (Index(None, "day"),)

    id = Column(Integer, primary_key=True)
    day = Column(Date, nullable=False)
    label = Column(String(96), nullable=False)
    turns = Column(Integer, nullable=False)


class Purge(Base):
    """The report of a purge or of an erasure: who asked, why, how much went, and, of one conversation, the proof's number."""

    __tablename__ = "journal_purge"

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False, index=True)
    by = Column(String(64), nullable=False)
    reason = Column(String(16), nullable=False)
    proof = Column(String(16))
    conversations = Column(Integer, nullable=False)
    turns = Column(Integer, nullable=False)
    before = Column(UtcDateTime)


class Incident(Base):
    """A confidentiality incident of the register that the law asks for; it is completed, never removed: what it said before is in
    `earlier`, [{at, by, said: {field: value}}]."""

    __tablename__ = "journal_incident"

    id = Column(Integer, primary_key=True)
    happened_on = Column(String(64), nullable=False)
    discovered_on = Column(Date, nullable=False)
    information = Column(Text, nullable=False)
    circumstances = Column(Text, nullable=False)
    people = Column(String(64), nullable=False)
    serious_risk = Column(Boolean, nullable=False)
    assessment = Column(Text, nullable=False)
    commission_told_on = Column(Date)
    people_told_on = Column(Date)
    measures = Column(Text, nullable=False)
    earlier = Column(JSON, nullable=False, default=list)
    author = Column(String(64), nullable=False)
    written_at = Column(UtcDateTime, nullable=False)
