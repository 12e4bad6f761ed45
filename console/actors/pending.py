"""What waits for somebody: to verify, doubtful, closed, incomplete, dead links, taken away."""

from typing import NamedTuple

from flask import abort, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.actors.kinds import BY_ENTITY, address
from console.actors.listing import paged
from console.actors.routes import blueprint
from console.actors.showing import author_told
from console.clock import today
from console.databases import directory_session
from directory import overdue
from directory.labels import ENTITY_LABELS, Names, field_label, told
from directory.links import BROKEN, LinkResult, Use, last_visits, uses
from directory.models import Revision
from directory.records import Records, load_records
from directory.vocabulary import LINK_STATUSES

TITLES = {
    "verifier": "À vérifier",
    "douteux": "Marqués «\u00a0à vérifier\u00a0»",
    "incomplets": "Incomplets",
    "liens": "Liens",
    "fermes": "Fermés",
    "supprimes": "Supprimés",
}


class Row(NamedTuple):
    """A line of a list: the kind of record, its name, its address (None without a page), what is said of it, another address."""

    kind: str
    name: str
    url: str | None
    said: str = ""
    undo: str | None = None


@blueprint.get("/a-faire/<what>")
def pending(what: str) -> str:
    """Show one of the lists; the others are named with their counts."""
    if what not in TITLES:
        abort(404)
    session = directory_session()
    records = load_records(session)
    lists = {
        "verifier": overdue.overdue(records, today()),
        "douteux": overdue.doubtful(records),
        "fermes": overdue.closed(records),
        "supprimes": removed(session, records),
    }
    visits, used = last_visits(session), uses(records)
    gaps, links = overdue.gaps(records), _links(visits, used)
    counts = {name: len(found) for name, found in lists.items()}
    counts |= {"incomplets": sum(len(each.records) for each in gaps), "liens": len(links)}
    gap = next((each for each in gaps if each.code == request.args.get("manque")), gaps[0] if gaps else None)
    page = paged(_rows(what, lists, gap, records, session) if what != "liens" else links)
    tabs = [(name, title, counts[name], url_for("actors.pending", what=name)) for name, title in TITLES.items()]
    kept = {"manque": gap.code} if gap and what == "incomplets" else {}
    return render_template(
        "actors/pending.html", what=what, title=TITLES[what], tabs=tabs, page=page, gaps=gaps, gap=gap, visits=_visits(visits, used),
        page_url=lambda number: url_for("actors.pending", what=what, page=number, **kept),
    )  # fmt: skip


def _rows(what: str, lists: dict[str, list], gap: overdue.Gaps | None, records: Records, session: Session) -> list[Row]:
    if what == "supprimes":
        return lists[what]
    if what == "incomplets":
        found = gap.records if gap else []
        return [Row(ENTITY_LABELS[entity], name or key, address(entity, key), said) for entity, key, name, said in found]
    names = Names.load(session)
    return [_waiting(what, each, records, names) for each in lists[what]]


def _waiting(what: str, each: overdue.Waiting, records: Records, names: Names) -> Row:
    record = records[each.entity][each.key]
    if what == "verifier":
        said = f"vérifié le {told('verified_on', each.since, names)[0]}" if each.since else "jamais vérifié"
    elif what == "fermes":
        successor = told("successor", record.get("successor"), names)
        said = "; ".join(filter(None, [record.get("note"), *(f"suite\u00a0: {name}" for name in successor)]))
    else:
        said = str(record.get("note") or "")
    return Row(ENTITY_LABELS[each.entity], each.name, address(each.entity, each.key), said)


def removed(session: Session, records: Records) -> list[Row]:
    """Return the records that were taken away and are still away, the last taken first."""
    last = select(func.max(Revision.id)).where(Revision.entity.in_([*BY_ENTITY])).group_by(Revision.entity, Revision.key)
    query = select(Revision).where(Revision.id.in_(last), Revision.after.is_(None)).order_by(Revision.id.desc())
    found = [each for each in session.scalars(query) if each.key not in records[each.entity]]
    return [
        Row(
            *(ENTITY_LABELS[each.entity], overdue.name_of(each.before or {}) or each.key),
            address(each.entity, each.key, "actors.history"),
            f"par {author_told(each.author)}",
            url_for("actors.undoing", number=each.id),
        )
        for each in found
    ]


class Link(NamedTuple):
    """An address to look at: what its visit found, and the records that hold it (name, field, address of the page)."""

    result: LinkResult
    status: str
    uses: list[tuple[str, str, str | None]]


def _links(visits: dict[str, LinkResult], used: dict[str, list[Use]]) -> list[Link]:
    found = [each for url, each in visits.items() if each.status in BROKEN and url in used]
    found.sort(key=lambda each: (BROKEN.index(each.status), each.url))
    return [Link(each, LINK_STATUSES[each.status], [_use(use) for use in used[each.url]]) for each in found]


def _use(use: Use) -> tuple[str, str, str | None]:
    return use.name, field_label(use.entity, use.field).lower(), address(use.entity, use.key)


def _visits(visits: dict[str, LinkResult], used: dict[str, list[Use]]) -> dict[str, object]:
    """Return what is to be said of the last visits: how many addresses there are, how many were visited, when the last one was."""
    seen_at = [each.checked_at for url, each in visits.items() if url in used]
    return {"all": len(used), "seen": len(seen_at), "last": max(seen_at, default=None)}
