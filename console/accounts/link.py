"""The link that sets a password, once: for a new account, or for who forgot theirs."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from itsdangerous import BadSignature
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console import sessions
from console.accounts.blueprint import blueprint
from console.accounts.login import door
from console.accounts.passwords import check_password
from console.audit import note
from console.databases import journal_session
from console.errors import AccountRefused
from console.models import Account
from console.signing import signed, unsigned

PURPOSE = "set-password"
LASTS_S = 24 * 60 * 60
NOT_THE_SAME = "Les deux mots de passe ne sont pas les mêmes\u00a0: écrivez deux fois le même."


def new_link(account: Account) -> str:
    """Return the address where the person of `account` chooses a password, within a day, once; earlier links are worth nothing any more."""
    account.link_nonce = secrets.token_hex(16)
    return url_for("accounts.choose_password", token=signed([account.id, account.link_nonce], PURPOSE), _external=True)


def account_of(session: Session, token: str) -> Account | None:
    """Return the account of a link that may still be used."""
    try:
        (account_id, nonce), _ = unsigned(token, PURPOSE, LASTS_S)
    except (BadSignature, ValueError, TypeError):
        return None
    account = session.get(Account, account_id)
    return account if account is not None and account.active and account.link_nonce == nonce else None


@blueprint.route("/mot-de-passe/<token>", methods=["GET", "POST"])
def choose_password(token: str) -> str | Response | tuple[str, int]:
    """Show the form of a link, or keep the password that was chosen; every session of the account ends."""
    session = journal_session()
    account = account_of(session, token)
    if account is None:
        return render_template("accounts/link_over.html"), 410
    if request.method == "GET":
        return render_template("accounts/choose.html", account=account)
    try:
        password = chosen_password(account.username)
    except AccountRefused as refused:
        return render_template("accounts/choose.html", account=account, error=str(refused)), 422
    if not _use(session, account, door().passwords.keep(password)):
        return render_template("accounts/link_over.html"), 410
    sessions.end_all(session, account.id)
    note(session, "account.password", account.username, account=account.username)
    session.commit()
    flash("Votre mot de passe est gardé. Connectez-vous.")
    return redirect(url_for("accounts.login"), 303)


def _use(session: Session, account: Account, kept: str) -> bool:
    """Return whether the link was still to be used: of two at the same moment, one is."""
    query = update(Account).where(Account.id == account.id, Account.link_nonce == account.link_nonce)
    query = query.values(password=kept, link_nonce=None).execution_options(synchronize_session=False)
    return session.execute(query).rowcount == 1


def chosen_password(username: str) -> str:
    """Return the new password of the form.

    Raises:
        AccountRefused: it may not be chosen, or was not typed twice the same.
    """
    password = request.form.get("new_password", "")
    check_password(password, username)
    if password != request.form.get("again", ""):
        raise AccountRefused(NOT_THE_SAME)
    return password
