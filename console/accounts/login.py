"""The login and the logout."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console import clock, visits
from console.accounts.blueprint import blueprint
from console.accounts.door import Door, Tried
from console.audit import REFUSED, note
from console.databases import journal_session
from console.errors import LoginRefused

# It travels in a cookie, which holds 4 kB.
LONGEST_ADDRESS = 1500


@blueprint.route("/connexion", methods=["GET", "POST"])
def login() -> str | Response | tuple[str, int]:
    """Show the form, or let in who gave what is right, then to the page that they asked for."""
    if g.account:
        return redirect(url_for("home.home"), 303)
    if request.method == "GET":
        return _form()
    try:
        account = door().come_in(journal_session(), tried(request.form.get("username", ""), request.form.get("code", "")))
    except LoginRefused as refused:
        note(journal_session(), "door.login", result=REFUSED)
        return _form(str(refused)), 422
    visits.log_in(account.id)
    journal_session().commit()
    return redirect(next_page(request.args.get("suite", "")), 303)


def _form(error: str = "") -> str:
    username = request.form.get("username", "")[:200]
    provider = current_app.extensions["console_config"].provider
    return render_template("accounts/login.html", error=error, username=username, provider=provider, next=request.args.get("suite", ""))


def door() -> Door:
    """Return the door of the console that answers."""
    return current_app.extensions["console_door"]


def tried(username: str, code: str = "") -> Tried:
    """Return a try at the door: the password of the form, for that name."""
    return Tried(username[:200], request.form.get("password", ""), code[:40], (request.remote_addr or "")[:45], clock.now())


def next_page(asked: str) -> str:
    """Return the page of ours that was asked for, else the first one: nobody is sent elsewhere."""
    inside = (
        len(asked) <= LONGEST_ADDRESS and asked.startswith("/") and not asked.startswith("//") and asked.isprintable() and "\\" not in asked
    )
    return asked if inside else url_for("home.home")


@blueprint.post("/deconnexion")
def logout() -> Response:
    """End the session."""
    note(journal_session(), "door.logout", g.account.username)
    visits.log_out()
    journal_session().commit()
    flash("Vous êtes déconnecté.")
    return redirect(url_for("accounts.login"), 303)
