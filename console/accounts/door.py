"""Who comes in, and who does not: a name, a password and, for those who have one, a code."""

import logging
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from console.accounts import second_factor, throttle
from console.accounts.passwords import Passwords
from console.audit import DONE, REFUSED, Entry, enter
from console.errors import LoginRefused
from console.models import Account

logger = logging.getLogger("console")
NOT_RIGHT = "Le nom, le mot de passe ou le code ne va pas. Vérifiez-les; si vous avez activé le code à six chiffres, donnez-en un nouveau."
NOT_YOURS = "Votre mot de passe actuel n’est pas celui-là."


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


class Door:
    """Lets in. Tries are counted in transactions of `writing`, which are over before a session that is given reads anything."""

    def __init__(self, writing: sessionmaker, passwords: Passwords) -> None:
        self._writing, self.passwords = writing, passwords

    def come_in(self, session: Session, tried: Tried) -> Account:
        """Return the account that may come in, with its login noted in `session`, which the caller commits.

        Raises:
            LoginRefused: with the same words whether the account exists or not.
        """
        self._count(tried)
        # Two at once with one code wait for one another: the second sees that it has served.
        account = find(session, tried.username, lock=True)
        # As long for a name that nobody has as for another: the password is read either way.
        right = self.passwords.recognises(account.password if account else None, tried.password)
        if not right or not account.active or not second_factor.accepts(account, tried.code, tried.at):
            raise LoginRefused(NOT_RIGHT)
        throttle.forgive(session, tried.keys)
        if self.passwords.is_outdated(account.password):
            account.password = self.passwords.keep(tried.password)
        welcome(session, account, tried.ip, tried.at)
        return account

    def confirm(self, session: Session, tried: Tried) -> Account:
        """Return the account of someone who is logged in, and gave its password again.

        Raises:
            LoginRefused: it is another one.
        """
        self._count(tried)
        account = find(session, tried.username)
        if account is None or not self.passwords.recognises(account.password, tried.password):
            raise LoginRefused(NOT_YOURS)
        throttle.forgive(session, tried.keys)
        return account

    def _count(self, tried: Tried) -> None:
        with self._writing.begin() as session:
            throttle.one_at_a_time(session)
            closed = throttle.closed_until(session, tried.keys, tried.at)
            for kind in [] if closed else throttle.count_try(session, tried.keys, tried.at):
                _sound(session, tried, kind)
        if closed:
            minutes = max(1, round((closed - tried.at).total_seconds() / 60))
            raise LoginRefused(f"Trop d’essais. Attendez {minutes}\u00a0minute{'s' if minutes > 1 else ''}, puis recommencez.")


def find(session: Session, username: str, lock: bool = False) -> Account | None:
    """Return the account of that name, without case; with `lock`, nobody else changes it before the transaction ends."""
    query = select(Account).where(Account.username == username.strip().lower())
    return session.execute(query.with_for_update() if lock else query).scalar_one_or_none()


def welcome(session: Session, account: Account, ip: str, at: datetime, way: str = "") -> None:
    """Note that an account comes in, and by which way when it is not its password."""
    account.last_login_at = at
    enter(session, Entry(at, account.username, "door.login", account.username, way, DONE, ip))


def _sound(session: Session, tried: Tried, kind: str) -> None:
    """Tell the operator and the trail; the name that was typed is in neither."""
    told = f"{throttle.ALARM[kind]} essais ou plus sans succès ({'même compte' if kind == 'account' else 'même adresse'})"
    logger.warning("console: alarm at the door, %s, from %s", told, tried.ip)
    enter(session, Entry(tried.at, "", "door.alarm", kind, told, REFUSED, tried.ip))
