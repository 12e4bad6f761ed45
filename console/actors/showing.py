"""The page of a record: what it says, told without codes; and its history."""

from typing import NamedTuple

from flask import abort, render_template
from sqlalchemy import func, select

from console.actors.kinds import Kind, address, kind_of
from console.actors.listing import A_PAGE, paged
from console.actors.routes import blueprint
from console.actors.sheet import SHEETS
from console.clock import today
from console.databases import directory_session
from directory.editing import seen
from directory.labels import Names, field_label, told
from directory.links import is_link, last_visits, links_of
from directory.merging import Difference, differences
from directory.models import Revision
from directory.overdue import is_overdue, name_of
from directory.queries import answers_for_actor, services_of
from directory.records import Record, load_record
from directory.revisions import revisions_query

# Who writes without an account.
COMMANDS = {
    "directory import": "chargement des données de départ",
    "directory import-csv": "fichier importé en ligne de commande",
}


class Fact(NamedTuple):
    """A field as it is read: its label, its values, what the last visit found of those that are addresses."""

    field: str
    label: str
    values: list[str]


class Shown(NamedTuple):
    """A record on its page."""

    kind: Kind
    key: str
    name: str
    record: Record


def record_or_404(word: str, key: str) -> Shown:
    """Return a record of the directory, or end the request: there is none, or not any more."""
    kind = kind_of(word)
    record = load_record(directory_session(), kind.entity, key)
    if record is None:
        abort(404)
    return Shown(kind, key, name_of(record), record)


def facts(entity: str, record: Record, names: Names) -> list[tuple[str, list[Fact]]]:
    """Return what a record says, by section of its form; the fields that say nothing are left out."""
    sections = []
    for section in SHEETS[entity]:
        said = [(each.field, told(each.field, held(record, each.field), names)) for each in section.inputs]
        sections.append((section.title, [Fact(field, field_label(entity, field), values) for field, values in said if values]))
    return [(title, found) for title, found in sections if found]


def held(record: Record, field: str) -> object:
    """Return the value of a field, `contact.phone` for a part of the contact."""
    if field.startswith("contact."):
        return (record.get("contact") or {}).get(field.removeprefix("contact."))
    return record.get(field)


@blueprint.get("/<word>/<path:key>")
def show(word: str, key: str) -> str:
    """Show a record; an organisation with its services, its answers, and where it serves."""
    shown, session = record_or_404(word, key), directory_session()
    names, entity = Names.load(session), shown.kind.entity
    visits = last_visits(session, [url for _, url in links_of(shown.record)])
    more = {}
    if entity == "actor":
        more = {"services": services_of(session, key), "answers": answers_for_actor(session, key), "served": served(shown.record, names)}
        more["late"] = is_overdue(shown.record["verified_on"], today())
    return render_template(
        "actors/record.html", shown=shown, sections=facts(entity, shown.record, names), visits=visits, names=names, is_link=is_link,
        seen=seen(shown.record), **more,
    )  # fmt: skip


class Served(NamedTuple):
    """Where an organisation serves: municipalities by region (name, served, all), how many, how many there are, in part only or not."""

    regions: list[tuple[str, int, int]]
    towns: int
    total: int
    some_in_part: bool


def served(record: Record, names: Names) -> Served:
    """Return where the organisation of a record serves."""
    territories, covers = names.territories, record["covers"]
    towns = territories.municipalities(place["code"] for place in covers)
    return Served(territories.by_region(towns), len(towns), territories.total(), any(place["part"] for place in covers))


class Past(NamedTuple):
    """A change of the history: who, what, which fields (label, before, after)."""

    revision: Revision
    author: str
    title: str
    rows: list[tuple[str, list[str], list[str]]]


def told_differences(entity: str, found: list[Difference], names: Names) -> list[tuple[str, list[str], list[str]]]:
    """Return differences as people read them: label, values before, values after."""
    return [(field_label(entity, each.field), told(each.field, each.before, names), told(each.field, each.after, names)) for each in found]


def author_told(author: str) -> str:
    """Return who made a change, as people read it."""
    return COMMANDS.get(author, author)


def past(revision: Revision, names: Names) -> Past:
    """Return a change as people read it."""
    title = "Ajoutée" if revision.before is None else "Supprimée" if revision.after is None else "Modifiée"
    if revision.before == revision.after:
        title = "Inchangée (confirmée par le chargement)"
    rows = told_differences(revision.entity, differences(revision.before, revision.after), names)
    return Past(revision, author_told(revision.author), title, rows)


@blueprint.get("/<word>/<path:key>/historique")
def history(word: str, key: str) -> str:
    """Show who changed what of a record, newest first; a record that was taken away has its history too."""
    kind, session = kind_of(word), directory_session()
    total = session.scalar(select(func.count()).select_from(Revision).where(Revision.entity == kind.entity, Revision.key == key))
    record = load_record(session, kind.entity, key)
    if not total and record is None:
        abort(404)
    page = paged(range(total))
    first = (page.number - 1) * A_PAGE
    found = session.scalars(revisions_query(kind.entity, key).offset(first).limit(A_PAGE)).all()
    names = Names.load(session)
    name = name_of(record) if record else name_of(found[0].before or {}) if found else key
    return render_template(
        "actors/history.html", kind=kind, key=key, name=name, record=record, page=page, past=[past(each, names) for each in found],
        page_url=lambda number: address(kind.entity, key, "actors.history", page=number),
    )  # fmt: skip
