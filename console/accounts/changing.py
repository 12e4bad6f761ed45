"""What is done to an account by those who administer them."""

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from console import sessions, visits
from console.accounts import administering, second_factor
from console.accounts.blueprint import blueprint
from console.accounts.link import new_link
from console.accounts.listing import account_page, get_account, person_of_form
from console.audit import note
from console.databases import journal_session
from console.errors import AccountRefused
from console.models import Account
from console.permissions import roles_told

TOLD = {"name": "nom", "email": "courriel", "oidc_subject": "identifiant de l’organisation"}
OWN_ROLES = "Vos propres rôles ne se changent pas d’ici\u00a0: une autre personne qui administre les comptes peut le faire."


@blueprint.post("/comptes/<int:account_id>")
def change(account_id: int) -> Response | tuple[str, int]:
    """Write what is now true of an account; when its roles change, or who may come in as it, its sessions end."""
    session, found, person = journal_session(), get_account(account_id), person_of_form()
    before = roles_told(found.roles)
    try:
        _refuse_own_roles(found, person)
        changed = administering.change(session, found, person)
    except AccountRefused as refused:
        session.rollback()
        return account_page(get_account(account_id), person, str(refused)), 422
    ended = bool(administering.ENDING & {*changed})
    note(session, "account.change", found.username, _changes_told(changed, before, roles_told(found.roles)))
    told = "Le compte est modifié. Ses séances sont fermées\u00a0: la personne devra se reconnecter." if ended else "Le compte est modifié."
    return _done(found, told, ended)


def _refuse_own_roles(account: Account, person: administering.Person) -> None:
    if account.id == g.account.id and sorted(account.roles) != sorted(person.roles):
        raise AccountRefused(OWN_ROLES)


def _changes_told(changed: list[str], before: str, after: str) -> str:
    """Return the names of the fields that changed, and the roles before and after; never what else was written of a person."""
    return ", ".join(TOLD.get(field) or f"rôles\u00a0: {before} → {after}" for field in changed)


@blueprint.post("/comptes/<int:account_id>/desactiver")
def stop(account_id: int) -> Response:
    """Close an account."""
    session, found = journal_session(), get_account(account_id)
    try:
        administering.stop(session, found)
    except AccountRefused as refused:
        session.rollback()
        flash(str(refused), "error")
        return redirect(url_for("accounts.account", account_id=account_id), 303)
    note(session, "account.stop", found.username)
    return _done(found, "Le compte est désactivé et ses séances sont fermées.", True)


@blueprint.post("/comptes/<int:account_id>/reactiver")
def start(account_id: int) -> Response:
    """Open an account again."""
    found = get_account(account_id)
    found.active = True
    note(journal_session(), "account.start", found.username)
    return _done(found, "Le compte est réactivé.")


@blueprint.post("/comptes/<int:account_id>/lien")
def link(account_id: int) -> str | Response:
    """Show a link by which the person chooses a new password, this once."""
    session, found = journal_session(), get_account(account_id)
    if not found.active:
        flash("Ce compte est désactivé\u00a0: réactivez-le d’abord.", "error")
        return redirect(url_for("accounts.account", account_id=account_id), 303)
    address = new_link(found)
    note(session, "account.link", found.username)
    session.commit()
    return render_template("accounts/link.html", account=found, link=address, added=False)


@blueprint.post("/comptes/<int:account_id>/second-facteur/retirer")
def remove_factor_of(account_id: int) -> Response:
    """Leave an account without a second factor, when its person has lost it; its sessions end."""
    session, found = journal_session(), get_account(account_id)
    second_factor.remove(found)
    sessions.end_all(session, found.id)
    note(session, "account.no_second_factor", found.username)
    return _done(found, "Le second facteur est retiré et les séances du compte sont fermées.", True)


def _done(found: Account, told: str, ended: bool = False) -> Response:
    """Commit, and go back to the account; who ended their own sessions goes to the login."""
    own = ended and found.id == g.account.id
    if own:
        visits.log_out()
    journal_session().commit()
    flash(told)
    return redirect(url_for("accounts.login") if own else url_for("accounts.account", account_id=found.id), 303)
