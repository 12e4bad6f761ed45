"""One's own account: password and sessions."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from console import clock, sessions, visits
from console.accounts.blueprint import blueprint
from console.accounts.link import chosen_password
from console.accounts.login import door, tried
from console.audit import REFUSED, note
from console.databases import journal_session
from console.errors import AccountRefused, LoginRefused
from console.models import Account

BROWSERS = (("Edg", "Edge"), ("Firefox/", "Firefox"), ("Chrom", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


@blueprint.get("/mon-compte")
def own() -> str:
    """Show the account, its second factor and its sessions."""
    return own_page()


def own_page(**errors: Any) -> str:
    """Return the page of one's own account, with the errors of its forms by name."""
    session = journal_session()
    account = session.get(Account, g.account.id)
    going_on = sessions.of_account(session, account.id, clock.now())
    return render_template("accounts/own.html", account=account, sessions=going_on, current=g.stored.id, **errors)


@blueprint.post("/mon-compte/mot-de-passe")
def change_password() -> Response | tuple[str, int]:
    """Keep a new password; the other sessions end, and this one goes on under another id."""
    session = journal_session()
    try:
        account = door().confirm(session, tried(g.account.username))
        account.password = door().passwords.keep(chosen_password(account.username))
    except (AccountRefused, LoginRefused) as refused:
        session.rollback()
        if isinstance(refused, LoginRefused):
            note(session, "own.password", g.account.username, result=REFUSED)
        return own_page(password_error=str(refused)), 422
    account.link_nonce = None
    renew(account)
    note(session, "own.password", account.username)
    session.commit()
    flash("Votre nouveau mot de passe est gardé. Vos autres séances sont fermées.")
    return redirect(url_for("accounts.own"), 303)


def renew(account: Account) -> None:
    """Leave the account of the request one session, this one, under a new id."""
    session = journal_session()
    visits.log_in(account.id)
    sessions.end_all(session, account.id, but=visits.given_digest())


@blueprint.post("/mon-compte/seances/<int:session_id>/fermer")
def end_session(session_id: int) -> Response:
    """End one session of the account; those of others are not found."""
    session = journal_session()
    if sessions.end(session, session_id, g.account.id):
        note(session, "own.session", g.account.username)
        session.commit()
        flash("La séance est fermée.")
    return redirect(url_for("accounts.own"), 303)


@blueprint.post("/mon-compte/seances/fermer")
def end_sessions() -> Response:
    """End every session of the account but this one."""
    session = journal_session()
    sessions.end_all(session, g.account.id, but=g.stored.digest)
    note(session, "own.sessions", g.account.username)
    session.commit()
    flash("Vos autres séances sont fermées.")
    return redirect(url_for("accounts.own"), 303)


@blueprint.app_template_filter()
def browser_told(says: str) -> str:
    """Return « Firefox, Windows » from what a browser says that it is; several say that they are others too, hence the order."""
    browser = next((name for sign, name in BROWSERS if sign in says), "Navigateur inconnu")
    system = next((name for sign, name in SYSTEMS if sign in says), "")
    return f"{browser}, {system}" if system else browser
