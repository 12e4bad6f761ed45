"""The first page: what waits for the account that is logged in."""

from flask import Blueprint, Response, render_template

from console.features import features
from console.sessions import IDLE

blueprint = Blueprint("home", __name__, template_folder="templates")
MENU = (("home.home", "Accueil"),)


@blueprint.app_context_processor
def _idle() -> dict[str, int]:
    """Give the pages how long a session lasts without a page, in seconds."""
    return {"idle_s": int(IDLE.total_seconds())}


@blueprint.get("/")
def home() -> str:
    """Show what waits, the features in the order of the navigation."""
    waiting = [each for feature in features() if feature.waiting for each in feature.waiting()]
    return render_template("home/home.html", waiting=waiting)


@blueprint.get("/presence")
def presence() -> Response:
    """Answer nothing: whoever asks is there, and their session goes on."""
    return Response(status=204)
