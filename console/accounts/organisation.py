"""The login by an organisation's own accounts (OpenID Connect): code flow, PKCE, state and nonce bound to the browser that asked.

Nobody is given an account by it: it must be there, with the subject that the provider names, or the e-mail that it has checked. The
provider's own second factor counts: ours is not asked.
"""

import logging

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from flask import Flask, abort, current_app, flash, redirect, request, session, url_for
from flask.blueprints import BlueprintSetupState
from joserfc.errors import JoseError
from requests import RequestException
from sqlalchemy import select
from werkzeug.wrappers import Response

from console import clock, visits
from console.accounts import door
from console.accounts.blueprint import blueprint
from console.accounts.login import next_page
from console.audit import REFUSED, note
from console.config import Provider
from console.databases import journal_session
from console.models import Account

logger = logging.getLogger("console")
ALGORITHMS = ["RS256"]
TIMEOUT_S = 10
LEEWAY_S = 60
NEXT = "next"


@blueprint.record_once
def _know_the_provider(state: BlueprintSetupState) -> None:
    provider = state.app.extensions["console_config"].provider
    state.app.extensions["console_provider"] = provider and _client(state.app, provider)


def _client(app: Flask, provider: Provider) -> FlaskOAuth2App:
    """Return Authlib's client. Every address is given: nothing that the provider publishes can change them."""
    return OAuth(app).register(
        "organisation",
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        authorize_url=provider.authorize_url,
        access_token_url=provider.token_url,
        jwks_uri=provider.keys_url,
        issuer=provider.issuer,
        id_token_signing_alg_values_supported=ALGORITHMS,
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "default_timeout": TIMEOUT_S},
    )


def _provider() -> FlaskOAuth2App:
    client = current_app.extensions["console_provider"]
    if client is None:
        abort(404)
    return client


@blueprint.get("/connexion/organisation")
def ask_organisation() -> Response:
    """Send to the provider, which sends back."""
    client = _provider()
    for asked_before in [name for name in session if name.startswith("_state_")]:
        # Authlib keeps each for an hour, and a cookie holds few.
        del session[asked_before]
    session[NEXT] = next_page(request.args.get("suite", ""))
    return client.authorize_redirect(url_for("accounts.from_organisation", _external=True))


@blueprint.get("/connexion/organisation/retour")
def from_organisation() -> Response:
    """Let in who the provider says that it is, when there is an account of theirs."""
    client, after = _provider(), next_page(session.pop(NEXT, ""))
    try:
        claims = _claims(client)
    except RequestException as error:
        return _sent_back("unreachable", error, "Le service de connexion de votre organisation ne répond pas. Réessayez dans une minute.")
    # Authlib leaves a token without what it needs, or of another shape, to whatever error comes of it.
    except (OAuthError, JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        return _sent_back("refused", error, "Votre organisation ne nous a pas dit qui vous êtes. Recommencez la connexion.")
    writing = journal_session(write=True)
    account = _account_of(claims)
    if account is None:
        return _sent_back("no_account", None, "Aucun compte de la console n’est le vôtre\u00a0: voyez la personne qui les administre.")
    visits.log_in(account.id)
    door.welcome(writing, account, (request.remote_addr or "")[:45], clock.now(), "organisation")
    writing.commit()
    return redirect(after, 303)


def _claims(client: FlaskOAuth2App) -> dict:
    """Return what the provider says of a person, in a token that it signed, for us, for this browser, now.

    Raises:
        OAuthError, JoseError, RequestException, ValueError: it is none.
    """
    issuer, client_id = client.server_metadata["issuer"], client.client_id
    options = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}, "sub": {"essential": True}}
    token = client.authorize_access_token(claims_options=options, leeway=LEEWAY_S)
    if not token.get("userinfo"):
        raise ValueError("the provider gave no token of identity")
    return token["userinfo"]


def _account_of(claims: dict) -> Account | None:
    """Return the account of the provider's subject; else the one of the e-mail that it has checked, which is theirs from then on."""
    writing, subject = journal_session(write=True), str(claims["sub"])
    active = select(Account).where(Account.active)
    account = writing.execute(active.where(Account.oidc_subject == subject)).scalar_one_or_none()
    if account is not None:
        return account
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return None
    account = writing.execute(active.where(Account.email == email.lower(), Account.oidc_subject.is_(None))).scalar_one_or_none()
    if account is not None:
        account.oidc_subject = subject
        note(writing, "account.subject", account.username, account=account.username)
    return account


def _sent_back(why: str, error: Exception | None, told: str) -> Response:
    """Send back to the login with what to do; the log has the reason, without what the provider said of the person."""
    logger.warning("console: login by the organisation %s (%s)", why, type(error).__name__ if error else "no account")
    note(journal_session(), "door.login", detail="organisation", result=REFUSED)
    flash(told, "error")
    return redirect(url_for("accounts.login"), 303)
