"""The console's own tables: accounts, their sessions, tries at the door, and the audit trail."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, MetaData, String, Text
from sqlalchemy.orm import declarative_base

from directory.base import NAMING_CONVENTION, UtcDateTime, json_list

Base = declarative_base(metadata=MetaData(naming_convention=NAMING_CONVENTION))


class Account(Base):
    """A member of staff. Without `password`, they come in by the organisation's accounts, or by a link that sets one (`link_nonce`)."""

    __tablename__ = "console_account"

    id = Column(Integer, primary_key=True)
    username = Column(String(64), nullable=False, unique=True)
    name = Column(String(120), nullable=False)
    email = Column(String(254), unique=True)
    password = Column(String(256))
    roles = json_list()
    totp_secret = Column(String(64))
    # The last period of 30 s whose code was used: a code serves once.
    totp_last_step = Column(Integer)
    # SHA-256 of each recovery code that was not used.
    recovery_codes = json_list()
    active = Column(Boolean, nullable=False, default=True)
    oidc_subject = Column(String(255), unique=True)
    link_nonce = Column(String(32))
    created_at = Column(UtcDateTime, nullable=False)
    last_login_at = Column(UtcDateTime)


class StoredSession(Base):
    """A session: the digest of the id that the browser holds, and what it carries (the token of its forms, what was flashed)."""

    __tablename__ = "console_session"

    id = Column(Integer, primary_key=True)
    digest = Column(String(64), nullable=False, unique=True)
    account_id = Column(ForeignKey("console_account.id", ondelete="CASCADE"), nullable=False, index=True)
    begun_at = Column(UtcDateTime, nullable=False)
    seen_at = Column(UtcDateTime, nullable=False, index=True)
    ip = Column(String(45), nullable=False)
    browser = Column(String(200), nullable=False)
    content = Column(JSON, nullable=False)


class Tries(Base):
    """How many times someone tried to come in without success, under the digest of a name or of an address."""

    __tablename__ = "console_tries"

    key = Column(String(64), primary_key=True)
    count = Column(Integer, nullable=False)
    last_at = Column(UtcDateTime, nullable=False, index=True)
    closed_until = Column(UtcDateTime)


class AuditRow(Base):
    """Who did what, when, to which object; added, never changed. `hash` covers the row and the `hash` of the one before."""

    __tablename__ = "console_audit"

    id = Column(Integer, primary_key=True, autoincrement=False)
    at = Column(UtcDateTime, nullable=False, index=True)
    account = Column(String(64), nullable=False, index=True)
    action = Column(String(48), nullable=False, index=True)
    subject = Column(String(200), nullable=False, index=True)
    detail = Column(Text, nullable=False)
    result = Column(String(16), nullable=False)
    ip = Column(String(45), nullable=False)
    previous = Column(String(64), nullable=False)
    hash = Column(String(64), nullable=False)
