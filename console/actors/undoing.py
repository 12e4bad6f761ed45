"""Undo a change, or bring a record back: what the record said before it, looked at first, and a change of the history too."""

from typing import NamedTuple

from flask import abort, flash, g, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.actors.changing import sentence
from console.actors.kinds import BY_ENTITY, Kind, address, subject
from console.actors.quick import OVERTAKEN
from console.actors.routes import blueprint
from console.actors.showing import author_told, told_differences
from console.audit import note
from console.databases import commit_both, directory_session, journal_session
from directory.editing import problems_among, seen, wait_for_writers
from directory.labels import Names
from directory.merging import differences
from directory.models import Revision
from directory.overdue import name_of
from directory.records import Record, load_record, load_records
from directory.revisions import undo

# More than any organisation has services.
MOST_ALONG = 500


class Undoing(NamedTuple):
    """A change that may be undone: what the record says, what it would say, what stands in the way, the services that come back along."""

    revision: Revision
    kind: Kind
    current: Record | None
    problems: list[str]
    along: list[Revision]

    @property
    def name(self) -> str:
        """What the record is called."""
        return name_of(self.current or self.revision.before or self.revision.after or {}) or self.revision.key

    @property
    def is_last(self) -> bool:
        """Nothing was changed after it: undoing it undoes nothing else."""
        return seen(self.current) == seen(self.revision.after)


def _undoing(number: int) -> Undoing:
    session = directory_session()
    revision = session.get(Revision, number)
    if revision is None or revision.entity not in BY_ENTITY:
        abort(404)
    current, along = load_record(session, revision.entity, revision.key), services_along(session, revision)
    changes = {(each.entity, each.key): each.before for each in (revision, *along)}
    found = problems_among(load_records(session), changes)
    told = [sentence(each.told) for problems in found.values() for each in problems]
    return Undoing(revision, BY_ENTITY[revision.entity], current, list(dict.fromkeys(told)), along)


def services_along(session: Session, revision: Revision) -> list[Revision]:
    """Return the revisions by which the services of an organisation were taken away with it, and that are still away."""
    if revision.entity != "actor" or revision.after is not None or revision.before is None:
        return []
    before = select(Revision).where(Revision.id < revision.id, Revision.author == revision.author).order_by(Revision.id.desc())
    found = []
    for each in session.scalars(before.limit(MOST_ALONG)):
        if each.entity != "service" or each.after is not None or (each.before or {}).get("actor") != revision.key:
            break
        if load_record(session, "service", each.key) is None:
            found.append(each)
    return found[::-1]


@blueprint.get("/changements/<int:number>")
def undoing(number: int) -> str:
    """Show what undoing a change would do."""
    return _page(_undoing(number))


def _page(found: Undoing) -> str:
    names = Names.load(directory_session())
    rows = told_differences(found.revision.entity, differences(found.current, found.revision.before), names)
    along = [name_of(each.before or {}) for each in found.along]
    author = author_told(found.revision.author)
    return render_template("actors/undoing.html", found=found, rows=rows, along=along, author=author, seen=seen(found.current))


@blueprint.post("/changements/<int:number>")
def undo_change(number: int) -> tuple[str, int] | Response:
    """Bring back what the record said before a change, and the services that went with it."""
    session = directory_session()
    wait_for_writers(session)
    found = _undoing(number)
    entity, key = found.revision.entity, found.revision.key
    if request.form.get("seen") != seen(found.current):
        flash(OVERTAKEN, "warning")
        return redirect(address(entity, key, "actors.history"), 303)
    if found.problems:
        return _page(found), 422
    for each in (found.revision, *found.along):
        undo(session, g.account.username, each)
        session.flush()
    note(journal_session(), "directory.undo", subject(entity, key))
    commit_both()
    flash("C’est défait. L’assistant s’en sert dès le prochain message.")
    gone = found.revision.before is None
    return redirect(address(entity, key, "actors.history" if gone else "actors.show"), 303)
