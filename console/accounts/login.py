"""The login and the logout."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console import clock, visits
from console.accounts import door
from console.accounts.passwords import Passwords
from console.accounts.routes import blueprint
from console.audit import REFUSED, note
from console.databases import databases, journal_session
from console.errors import LoginRefused


@blueprint.route("/connexion", methods=["GET", "POST"])
def login() -> str | Response | tuple[str, int]:
    """Show the form, or let in who gave what is right, then to the page that they asked for."""
    if g.account:
        return redirect(url_for("home.home"), 303)
    if request.method == "GET":
        return _form()
    tried = door.Tried(
        request.form.get("username", "")[:200],
        request.form.get("password", ""),
        request.form.get("code", "")[:40],
        (request.remote_addr or "")[:45],
        clock.now(),
    )
    try:
        account = door.come_in(databases().journal.writing, journal_session(), passwords(), tried)
    except LoginRefused as refused:
        note(journal_session(), "door.login", result=REFUSED)
        return _form(str(refused)), 422
    door.note_login(journal_session(), account, tried)
    visits.log_in(account.id)
    journal_session().commit()
    return redirect(next_page(request.args.get("suite", "")), 303)


def _form(error: str = "") -> str:
    return render_template("accounts/login.html", error=error, username=request.form.get("username", "")[:200])


def passwords() -> Passwords:
    """Return what keeps and recognises the passwords of this console."""
    extensions = current_app.extensions
    if "console_passwords" not in extensions:
        extensions["console_passwords"] = Passwords(extensions["console_config"].hash_cost)
    return extensions["console_passwords"]


def next_page(asked: str) -> str:
    """Return the page of ours that was asked for, else the first one: nobody is sent elsewhere."""
    inside = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable() and "\\" not in asked
    return asked if inside else url_for("home.home")


@blueprint.post("/deconnexion")
def logout() -> Response:
    """End the session."""
    note(journal_session(), "door.logout")
    visits.log_out()
    journal_session().commit()
    flash("Vous êtes déconnecté.")
    return redirect(url_for("accounts.login"), 303)
