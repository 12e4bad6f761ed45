"""Accounts: the login, one's own account, their administration, the audit trail; one module each."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, template_folder="templates")
MENU: tuple[tuple[str, str], ...] = ()

from console.accounts import login  # noqa: E402, F401 - its routes join the blueprint above
