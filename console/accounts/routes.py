"""Accounts: the login, one's own account, their administration, the audit trail; one module each."""

from flask import g, url_for
from flask.blueprints import BlueprintSetupState

from console.accounts import changing, link, listing, login, organisation, own, own_factor, trail  # noqa: F401 - their routes join it
from console.accounts.blueprint import blueprint
from console.accounts.door import Door
from console.accounts.passwords import Passwords
from console.features import Waiting
from console.permissions import ADMIN, may

MENU = (("accounts.listing", "Comptes"), ("accounts.trail", "Registre"))
ACTIONS = {
    "door.login": "connexion",
    "door.logout": "déconnexion",
    "door.alarm": "alarme\u00a0: trop d’essais de connexion",
    "access": "page refusée",
    "own.password": "mot de passe changé",
    "own.second_factor": "second facteur activé",
    "own.no_second_factor": "second facteur retiré",
    "own.recovery_codes": "nouveaux codes de secours",
    "own.session": "séance fermée",
    "own.sessions": "autres séances fermées",
    "account.list": "comptes consultés",
    "account.view": "compte consulté",
    "account.add": "compte ajouté",
    "account.change": "compte modifié",
    "account.stop": "compte désactivé",
    "account.start": "compte réactivé",
    "account.link": "lien de mot de passe donné",
    "account.password": "mot de passe choisi par un lien",
    "account.no_second_factor": "second facteur retiré par l’administration",
    "account.subject": "compte lié à celui de l’organisation",
    "trail.view": "registre consulté",
    "trail.export": "registre exporté",
}


@blueprint.record_once
def _hang_the_door(state: BlueprintSetupState) -> None:
    extensions = state.app.extensions
    passwords = Passwords(extensions["console_config"].hash_cost)
    extensions["console_door"] = Door(extensions["console_databases"].journal.writing, passwords)


def waiting() -> list[Waiting]:
    """Return what an account lacks: those who administer the others should have a second factor."""
    if may(ADMIN) and not g.account.has_totp:
        return [Waiting("second facteur à activer\u00a0: votre compte administre les autres", 1, url_for("accounts.own"))]
    return []
