"""The first page: what waits for the account that is logged in."""

from flask import Blueprint, render_template

from console.features import features

blueprint = Blueprint("home", __name__, template_folder="templates")
MENU = (("home.home", "Accueil"),)


@blueprint.get("/")
def home() -> str:
    """Show what waits, the features in the order of the navigation."""
    waiting = [each for feature in features() if feature.waiting for each in feature.waiting()]
    return render_template("home/home.html", waiting=waiting)
