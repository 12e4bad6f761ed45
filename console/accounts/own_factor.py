"""The second factor of one's own account: to activate it, to renew its recovery codes, to remove it."""

import io
from collections.abc import Callable

import segno
from flask import Response as FlaskResponse
from flask import abort, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from console import clock
from console.accounts import second_factor
from console.accounts.blueprint import blueprint
from console.accounts.login import door, tried
from console.accounts.own import own_page, renew
from console.audit import REFUSED, note
from console.databases import journal_session
from console.errors import LoginRefused
from console.models import Account

# The secret that is shown and not yet confirmed, in the session on the server.
SHOWN = "second_factor"
WRONG_CODE = "Ce code n’est pas celui que nous attendions. Vérifiez l’heure de votre appareil, puis donnez le code qui s’affiche."


@blueprint.get("/mon-compte/second-facteur")
def factor() -> str | Response:
    """Show a new secret, as a QR code and as text, until a code of it is given."""
    if g.account.has_totp:
        return redirect(url_for("accounts.own"), 303)
    if SHOWN not in session:
        session[SHOWN] = second_factor.new_secret()
    return _factor_page(session[SHOWN])


def _factor_page(secret: str, **more: str) -> str:
    """Return the page of a secret that is shown, with the errors of its form by name, and the code that was typed."""
    account = journal_session().get(Account, g.account.id)
    return render_template("accounts/factor.html", secret=secret, has_password=account.password is not None, **more)


@blueprint.get("/mon-compte/second-facteur.svg")
def factor_image() -> FlaskResponse:
    """Return the QR code of the secret that is shown."""
    if SHOWN not in session:
        abort(404)
    image = io.BytesIO()
    code = segno.make(second_factor.address_of(session[SHOWN], g.account.username), error="m")
    code.save(image, kind="svg", scale=4, border=4, xmldecl=False)
    return FlaskResponse(image.getvalue(), content_type="image/svg+xml")


@blueprint.post("/mon-compte/second-facteur")
def activate_factor() -> str | Response | tuple[str, int]:
    """Activate the second factor, once a code proves that the application has the secret; show the recovery codes, this once.

    The password is asked: who finds a session open must not lock its owner out.
    """
    shown = session.get(SHOWN)
    if shown is None or g.account.has_totp:
        return redirect(url_for("accounts.own"), 303)
    code = "".join(request.form.get("code", "").split())
    step = second_factor.step_of(shown, code, clock.now()) if code.isascii() else None
    if step is None:
        return _factor_page(shown, error=WRONG_CODE), 422
    writing = journal_session()
    try:
        account = _confirmed("own.second_factor")
    except LoginRefused as refused:
        return _factor_page(shown, password_error=str(refused), code=code), 422
    account.totp_secret, account.totp_last_step = shown, step
    codes = second_factor.renew_recovery(account)
    renew(account)
    note(writing, "own.second_factor", account.username)
    writing.commit()
    return render_template("accounts/codes.html", codes=codes)


@blueprint.post("/mon-compte/codes-de-secours")
def renew_codes() -> str | Response | tuple[str, int]:
    """Show new recovery codes, this once; the earlier ones are worth nothing any more."""
    return _with_password("own.recovery_codes", second_factor.renew_recovery)


@blueprint.post("/mon-compte/second-facteur/retirer")
def remove_factor() -> str | Response | tuple[str, int]:
    """Leave the account without a second factor."""
    return _with_password("own.no_second_factor", second_factor.remove)


def _confirmed(action: str) -> Account:
    """Return the account of the request, once its password is given again; one that has none comes in by its organisation alone.

    Raises:
        LoginRefused: it is another password; the trail has it.
    """
    writing = journal_session()
    # Read elsewhere: the door counts the try before `writing` begins.
    if journal_session(write=False).get(Account, g.account.id).password is None:
        return writing.get(Account, g.account.id)
    try:
        return door().confirm(writing, tried(g.account.username))
    except LoginRefused:
        writing.rollback()
        note(writing, action, g.account.username, result=REFUSED)
        raise


def _with_password(action: str, change: Callable[[Account], list[str] | None]) -> str | Response | tuple[str, int]:
    writing = journal_session()
    try:
        account = _confirmed(action)
    except LoginRefused as refused:
        return own_page(codes_error=str(refused)), 422
    codes = change(account)
    renew(account)
    note(writing, action, account.username)
    writing.commit()
    if codes:
        return render_template("accounts/codes.html", codes=codes)
    flash("Le second facteur est retiré. Vos autres séances sont fermées.")
    return redirect(url_for("accounts.own"), 303)
