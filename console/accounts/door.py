"""Who comes in, and who does not: a name, a password and, for those who have one, a code."""

import logging
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from console.accounts import second_factor, throttle
from console.accounts.passwords import Passwords
from console.audit import DONE, REFUSED, Entry, enter
from console.errors import LoginRefused
from console.models import Account

logger = logging.getLogger("console")
NOT_RIGHT = "Le nom, le mot de passe ou le code ne va pas. Vérifiez-les; si vous avez activé le code à six chiffres, donnez-en un nouveau."


class Tried(NamedTuple):
    """What was typed at the door, where from and when."""

    username: str
    password: str
    code: str
    ip: str
    at: datetime

    @property
    def keys(self) -> dict[str, str]:
        """The digests under which the try is counted."""
        return {"account": throttle.key_of("account", self.username), "ip": throttle.key_of("ip", self.ip)}


def come_in(writing: sessionmaker, session: Session, passwords: Passwords, tried: Tried) -> Account:
    """Return the account that may come in, with its login noted in `session`, which the caller commits.

    The try is counted in a transaction of `writing`, of its own.

    Raises:
        LoginRefused: with the same words whether the account exists or not.
    """
    _count(writing, tried)
    account = find(session, tried.username)
    # As long for a name that nobody has as for another: the password is read either way.
    right = passwords.recognises(account.password if account else None, tried.password)
    if not right or not account.active or not second_factor.accepts(account, tried.code, tried.at):
        raise LoginRefused(NOT_RIGHT)
    throttle.forgive(session, tried.keys)
    if passwords.is_outdated(account.password):
        account.password = passwords.keep(tried.password)
    account.last_login_at = tried.at
    return account


def find(session: Session, username: str) -> Account | None:
    """Return the account of that name, without case."""
    return session.execute(select(Account).where(Account.username == func.lower(username.strip()))).scalar_one_or_none()


def _count(writing: sessionmaker, tried: Tried) -> None:
    with writing.begin() as session:
        closed = throttle.closed_until(session, tried.keys, tried.at)
        alarms = [] if closed else throttle.count_try(session, tried.keys, tried.at)
        for kind in alarms:
            _sound(session, tried, kind)
    if closed:
        minutes = max(1, round((closed - tried.at).total_seconds() / 60))
        raise LoginRefused(f"Trop d’essais. Attendez {minutes}\u00a0minute{'s' if minutes > 1 else ''}, puis recommencez.")


def _sound(session: Session, tried: Tried, kind: str) -> None:
    """Tell the operator and the trail; the name that was typed is in neither."""
    told = f"{throttle.ALARM[kind]} essais ou plus sans succès ({'même compte' if kind == 'account' else 'même adresse'})"
    logger.warning("console: alarm at the door, %s from %s", told, tried.ip)
    enter(session, Entry(tried.at, "", "door.alarm", kind, told, REFUSED, tried.ip))


def note_login(session: Session, account: Account, tried: Tried) -> None:
    """Note that an account came in."""
    enter(session, Entry(tried.at, account.username, "door.login", account.username, "", DONE, tried.ip))
