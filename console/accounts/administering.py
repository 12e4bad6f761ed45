"""What those who administer accounts may do to them, on a session that they commit."""

import re
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from console import sessions
from console.errors import AccountRefused
from console.models import Account
from console.permissions import ADMIN, ROLES

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# What a person may do, and who may come in as them.
ENDING = {"roles", "email", "oidc_subject"}
LONGEST_NAME, LONGEST_EMAIL, LONGEST_SUBJECT = 120, 254, 255


class Person(NamedTuple):
    """What is written of a member of staff. `subject` is how the organisation's accounts name them."""

    name: str
    email: str | None
    roles: list[str]
    subject: str | None = None


def all_accounts(session: Session) -> list[Account]:
    """Return every account, by name."""
    return list(session.execute(select(Account).order_by(Account.active.desc(), Account.username)).scalars())


def add(session: Session, username: str, person: Person, now: datetime) -> Account:
    """Add an account, without a password yet.

    Raises:
        AccountRefused: something of it cannot be, or is another's.
    """
    username = username.strip().lower()
    if not USERNAME.fullmatch(username):
        raise AccountRefused(
            "Nom d’utilisateur\u00a0: de 3 à 64 lettres sans accent, chiffres, points ou traits, par exemple «\u00a0m.tremblay\u00a0»."
        )
    if session.execute(select(Account.id).where(Account.username == username)).first():
        raise AccountRefused(f"Nom d’utilisateur\u00a0: «\u00a0{username}\u00a0» est déjà pris. Choisissez-en un autre.")
    account = Account(username=username, created_at=now)
    _write(session, account, person)
    session.add(account)
    session.flush()
    return account


def change(session: Session, account: Account, person: Person) -> list[str]:
    """Write what is now true of an account, and return the fields that changed; with one of `ENDING`, its sessions have ended.

    Raises:
        AccountRefused: something of it cannot be, or nobody would administer the accounts any more.
    """
    before = _written(account)
    if ADMIN not in person.roles:
        require_another_admin(session, account)
    _write(session, account, person)
    changed = [field for field, value in _written(account).items() if value != before[field]]
    if ENDING & {*changed}:
        sessions.end_all(session, account.id)
    return changed


def _written(account: Account) -> dict[str, object]:
    return {"name": account.name, "email": account.email, "oidc_subject": account.oidc_subject, "roles": sorted(account.roles)}


def stop(session: Session, account: Account) -> None:
    """Close an account: its sessions end, its links are worth nothing.

    Raises:
        AccountRefused: nobody would administer the accounts any more.
    """
    require_another_admin(session, account)
    account.active, account.link_nonce = False, None
    sessions.end_all(session, account.id)


def require_another_admin(session: Session, account: Account) -> None:
    """Do nothing when an active account administers the others without this one; two who remove each other wait for one another.

    Raises:
        AccountRefused: it is the last.
    """
    active = session.execute(select(Account).where(Account.active).order_by(Account.id).with_for_update()).scalars().all()
    if ADMIN in account.roles and not any(ADMIN in each.roles for each in active if each.id != account.id):
        raise AccountRefused("C’est le dernier compte d’administration\u00a0: donnez d’abord ce rôle à quelqu’un d’autre.")


def _write(session: Session, account: Account, person: Person) -> None:
    _check(person)
    account.name, account.roles = person.name, sorted(person.roles, key=list(ROLES).index)
    account.email, account.oidc_subject = person.email and person.email.lower(), person.subject
    with session.no_autoflush:
        _check_unique(session, account)


def _check(person: Person) -> None:
    if not person.name or len(person.name) > LONGEST_NAME:
        raise AccountRefused(f"Nom\u00a0: écrivez de 1 à {LONGEST_NAME} signes.")
    if person.email and (len(person.email) > LONGEST_EMAIL or not EMAIL.fullmatch(person.email)):
        raise AccountRefused("Courriel\u00a0: cette adresse n’en est pas une. Écrivez-la au complet, ou laissez le champ vide.")
    if not person.roles or not {*person.roles} <= {*ROLES}:
        raise AccountRefused("Rôles\u00a0: cochez-en au moins un.")
    if person.subject and len(person.subject) > LONGEST_SUBJECT:
        raise AccountRefused(f"Identifiant de l’organisation\u00a0: {LONGEST_SUBJECT} signes au plus.")


def _check_unique(session: Session, account: Account) -> None:
    same = [Account.email == account.email] if account.email else []
    same += [Account.oidc_subject == account.oidc_subject] if account.oidc_subject else []
    if same and session.execute(select(Account.id).where(or_(*same), Account.id != (account.id or 0))).first():
        raise AccountRefused(
            "Courriel ou identifiant de l’organisation\u00a0: un autre compte l’a déjà. Vérifiez lequel des deux est le bon."
        )
