"""The names that the form of the inbox offers while one types."""

from flask import render_template, request

from console.databases import directory_session
from console.review.names import find_actors, find_places
from console.review.routes import blueprint

SHORTEST, LONGEST = 2, 100


@blueprint.get("/lieux")
def suggest_places() -> str:
    """Offer the places that the typed name may stand for."""
    return _options([told for _, told in find_places(directory_session(), typed)] if (typed := _typed("place_name")) else [])


@blueprint.get("/organismes")
def suggest_actors() -> str:
    """Offer the organisations that the typed name may stand for."""
    return _options([told for _, told in find_actors(directory_session(), typed)] if (typed := _typed("actor_name")) else [])


def _typed(name: str) -> str:
    text = request.args.get(name, "").strip()
    return text if SHORTEST <= len(text) <= LONGEST else ""


def _options(names: list[str]) -> str:
    return render_template("review/_options.html", names=names)
