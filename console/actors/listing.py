"""The lists: organisations with their filters, answers, names of places; and each as a file."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from flask import Response, render_template, request, url_for

from console.actors.kinds import address
from console.actors.routes import blueprint
from console.clock import today
from console.databases import directory_session
from directory.editing import FIELDS
from directory.exporting import csv_table
from directory.labels import Names
from directory.records import load_entity
from directory.searching import LATE, NEVER, RECENT, FoundActor, Wanted, find_actors, find_answers, find_place_names
from directory.territories import Territories
from directory.vocabulary import ACTOR_KINDS, NEEDS, STATUSES, SUBJECTS

A_PAGE = 50
AGES = {LATE: "à vérifier (jamais vu, ou il y a plus d’un an)", NEVER: "jamais vérifié", RECENT: "vérifié depuis moins d’un an"}
Item = TypeVar("Item")


class Page(NamedTuple):
    """A part of a list: its items, its number from 1, how many parts there are, how many items in all."""

    items: Sequence
    number: int
    pages: int
    total: int


def paged(items: Sequence[Item]) -> Page:
    """Return the part of a list that the request asks for; the last one when it asks for more."""
    pages = max(1, -(-len(items) // A_PAGE))
    asked = request.args.get("page", "1")
    number = min(max(1, int(asked)), pages) if asked.isdecimal() and len(asked) < 7 else 1
    return Page(items[(number - 1) * A_PAGE : number * A_PAGE], number, pages, len(items))


def page_url(endpoint: str) -> Callable[[int], str]:
    """Return what gives the address of a part of the list, its filters kept."""
    kept = {name: value for name, value in request.args.items() if name != "page" and value}
    return lambda number: url_for(endpoint, **{**kept, "page": number})


class Place(NamedTuple):
    """The place of a filter: what was typed, the code that it means ("" without one), or the labels of those that it may mean."""

    said: str
    code: str
    choices: list[str]


def place_asked(territories: Territories) -> Place:
    """Return the place that the request asks for."""
    said = request.args.get("lieu", "").strip()
    found = territories.find(said) if said else []
    return Place(said, found[0] if len(found) == 1 else "", [territories.label(code) for code in found] if len(found) > 1 else [])


def _wanted(place: Place) -> Wanted:
    args = request.args
    known = {"genre": ACTOR_KINDS, "etat": STATUSES, "besoin": NEEDS, "age": AGES}
    kind, status, need, age = (args.get(name, "") if args.get(name) in codes else "" for name, codes in known.items())
    return Wanted(args.get("texte", "")[:200], kind, status, need, place.code, "dedans" in args, age)


def _found(territories: Territories) -> tuple[Place, list[FoundActor]]:
    place = place_asked(territories)
    if place.said and not place.code:
        return place, []
    return place, find_actors(directory_session(), _wanted(place), territories, today())


@blueprint.get("/")
def listing() -> str:
    """Show the organisations that are all that is asked."""
    territories = Territories.load(directory_session())
    place, found = _found(territories)
    codes = {"kinds": ACTOR_KINDS, "statuses": STATUSES, "needs": NEEDS, "ages": AGES}
    links = {"page_url": page_url("actors.listing"), "file": url_for("actors.actors_file", **_kept())}
    return render_template("actors/listing.html", page=paged(found), place=place, territories=territories, choose=_choose, **codes, **links)


def _kept() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name != "page" and value}


def _choose(label: str) -> str:
    return url_for("actors.listing", **{**_kept(), "lieu": label})


@blueprint.get("/organismes.csv")
def actors_file() -> Response:
    """Give the organisations of the list as a file, in the columns that an import reads."""
    _, found = _found(Territories.load(directory_session()))
    return table_file("actor", [each.slug for each in found], "organismes")


@blueprint.get("/services.csv")
def services_file() -> Response:
    """Give the services of the organisations of the list as a file."""
    _, found = _found(Territories.load(directory_session()))
    slugs = {each.slug for each in found}
    services = load_entity(directory_session(), "service")
    return table_file("service", [key for key, service in services.items() if service["actor"] in slugs], "services")


@blueprint.get("/reponses.csv")
def answers_file() -> Response:
    """Give the answers of the list as a file."""
    return table_file("answer", [each.slug for each in _answers()], "reponses")


def table_file(entity: str, keys: Sequence[str], name: str) -> Response:
    """Return these records as a file to keep, in the columns that an import reads."""
    records = load_entity(directory_session(), entity)
    answer = Response(csv_table((records[key] for key in keys), FIELDS[entity]), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}-{today().isoformat()}.csv")
    return answer


def _answers() -> list:
    args = request.args
    subject, status = args.get("matiere", ""), args.get("etat", "")
    return find_answers(directory_session(), args.get("texte", "")[:200], subject, args.get("organisme", ""), status)


@blueprint.get("/reponses")
def answers() -> str:
    """Show the answers that are all that is asked."""
    names, codes = Names.load(directory_session()), {"subjects": SUBJECTS, "statuses": STATUSES}
    links = {"page_url": page_url("actors.answers"), "file": url_for("actors.answers_file", **_kept())}
    actors = sorted(names.names["actor"].items(), key=lambda each: each[1].casefold())
    return render_template("actors/answers.html", page=paged(_answers()), names=names, actors=actors, **codes, **links)


@blueprint.get("/lieux")
def place_names() -> str:
    """Show the other names of places."""
    found = find_place_names(directory_session(), request.args.get("texte", "")[:200])
    names = Names.load(directory_session())
    rows = [(name, address("place_alias", name), [names.of("territory", code) for code in codes]) for name, codes in found]
    return render_template("actors/place_names.html", page=paged(rows), page_url=page_url("actors.place_names"))
