"""The accounts, for those who administer them: the list, one account, a new one."""

from flask import abort, g, render_template, request

from console import clock
from console.accounts import administering
from console.accounts.blueprint import blueprint
from console.accounts.link import new_link
from console.audit import note
from console.databases import journal_session
from console.errors import AccountRefused
from console.models import Account
from console.permissions import ROLES
from console.sessions import of_account

ROLES_HELP = {
    "reader": "Lit les conversations dépersonnalisées et la carte des besoins.",
    "reviewer": "Trie les conversations, les annote, répare ce qui a été mal compris.",
    "editor": "Modifie le répertoire des organismes, des services et des réponses.",
    "privacy": "Exporte, efface, tient le registre des incidents; lit le registre d’audit.",
    "admin": "Gère les comptes et lit le registre d’audit; ne voit aucun texte de conversation.",
}


@blueprint.get("/comptes")
def listing() -> str:
    """Show every account."""
    session = journal_session()
    accounts = administering.all_accounts(session)
    note(session, "account.list")
    return render_template("accounts/listing.html", accounts=accounts)


@blueprint.get("/comptes/nouveau")
def new() -> str:
    """Show the form of a new account."""
    return render_template("accounts/new.html", person=administering.Person("", None, []), username="", help=ROLES_HELP)


@blueprint.post("/comptes/nouveau")
def add() -> str | tuple[str, int]:
    """Add an account, and show the link by which its person chooses a password, this once."""
    session, person, username = journal_session(), person_of_form(), request.form.get("username", "")
    try:
        account = administering.add(session, username, person, clock.now())
    except AccountRefused as refused:
        session.rollback()
        return render_template("accounts/new.html", person=person, username=username, error=str(refused), help=ROLES_HELP), 422
    link = new_link(account)
    note(session, "account.add", account.username, ", ".join(account.roles))
    session.commit()
    return render_template("accounts/link.html", account=account, link=link, added=True)


@blueprint.get("/comptes/<int:account_id>")
def account(account_id: int) -> str:
    """Show an account, and what may be done to it."""
    found = get_account(account_id)
    note(journal_session(), "account.view", found.username)
    return account_page(found, administering.Person(found.name, found.email, found.roles, found.oidc_subject))


def account_page(found: Account, person: administering.Person, error: str = "") -> str:
    """Return the page of an account, with what its form says."""
    going_on = len(of_account(journal_session(), found.id, clock.now()))
    shown = {"person": person, "error": error, "going_on": going_on, "help": ROLES_HELP, "is_own": found.id == g.account.id}
    return render_template("accounts/account.html", account=found, **shown)


def get_account(account_id: int) -> Account:
    """Return an account, or end with the page of what does not exist."""
    found = journal_session().get(Account, account_id)
    if found is None:
        abort(404)
    return found


def person_of_form() -> administering.Person:
    """Return what the form says of a member of staff."""
    says = {name: " ".join(request.form.get(name, "").split()) for name in ("name", "email", "subject")}
    roles = [role for role in ROLES if role in request.form.getlist("roles")]
    return administering.Person(says["name"], says["email"] or None, roles, says["subject"] or None)
