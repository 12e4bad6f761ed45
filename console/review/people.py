"""The accounts, as review needs them: who may have a conversation, and be named in a note."""

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.models import Account
from console.permissions import READER, REVIEWER


def people(session: Session) -> dict[str, str]:
    """Return the names of those who read conversations, by username, in the order of their names."""
    rows = session.execute(select(Account.username, Account.name, Account.roles).where(Account.active).order_by(Account.name)).all()
    return {username: name for username, name, roles in rows if not {READER, REVIEWER}.isdisjoint(roles)}


def me() -> str:
    """Return the username of the request's account."""
    return g.account.username
