"""The inbox: filters, what they find page by page, the queues and the saved views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from console.audit import note
from console.databases import directory_session, journal_session
from console.filters import count
from console.permissions import REVIEWER, may
from console.review import intents, words
from console.review.asked import Asked, address_of, asked, with_filters
from console.review.chips import LABELS, chips, told_filters
from console.review.names import Codes, Names, place_of, read_names
from console.review.people import me, people
from console.review.routes import blueprint
from directory.vocabulary import NEEDS
from journal import inbox as box
from journal.filters import ANY, ME, NOBODY, Filters
from journal.models import STATUSES, TO_REVIEW, Conversation
from journal.queues import MOST_TOLD, QUEUES, lengths
from journal.reviewing import seen_of, tags_in_use, tags_of
from journal.views import views_for

CONFIDENCES = (20, 35, 50, 75)


@dataclass(frozen=True)
class Row:
    """A conversation in the list."""

    conversation: Conversation
    words: str
    place: str
    tags: Sequence[str]
    unread: bool
    address: str


@blueprint.get("/")
def inbox() -> str | Response:
    """Show what the filters of the address find; alone, without the rest of the page, to a page of ours that asks for it."""
    found = asked()
    alone = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    if not alone and not found.choices and not found.untold and not _is_canonical(found.address):
        return redirect(found.address, 303)
    session, staff = journal_session(), people(journal_session())
    shown = box.page(session, found.filters, me(), found.after, found.before)
    note(session, "conversation.search", detail=told_filters(found.filters))
    names = _names(shown.rows, found.filters)
    told = _told(session, found, shown, names, staff)
    if alone:
        return Response(render_template("review/_found.html", **told, alone=True), headers={"HX-Push-Url": found.address})
    return render_template("review/inbox.html", **told, **_around(session, found.filters, names, staff))


def _is_canonical(address: str) -> bool:
    return sorted(parse_qsl(urlsplit(address).query)) == sorted(request.args.items(multi=True))


def _names(rows: Sequence[Conversation], filters: Filters) -> Names:
    codes = Codes(places={place.code for row in rows if (place := place_of(row))})
    if filters.place:
        codes.places.add(filters.place.code)
    if filters.actor:
        codes.actors.add(filters.actor)
    labels = filter(None, (filters.intent, filters.unanswered))
    codes.topics |= {label.removeprefix(intents.TOPIC) for label in labels if label.startswith(intents.TOPIC)}
    return read_names(directory_session(), codes)


def _told(session: Session, found: Asked, shown: box.Page, names: Names, staff: Mapping[str, str]) -> dict[str, Any]:
    """Return what the list of a page says."""
    filters = found.filters
    return {
        "asked": found,
        "rows": _rows(session, filters, shown.rows, names),
        "told_number": _number(box.number_of(session, filters, me(), shown)),
        "chips": chips(filters, names, staff),
        "newer": address_of(filters, before=str(shown.before)) if shown.before else None,
        "older": address_of(filters, after=str(shown.after)) if shown.after else None,
        "staff": staff,
        "tags": tags_in_use(session),
        "words": words,
        "statuses": STATUSES,
        "changes": may(REVIEWER),
        "bulk": with_filters(url_for("review.change_several"), filters),
        "keep": with_filters(url_for("review.save_view"), filters),
        "labels": LABELS,
        "needs": NEEDS,
    }


def _number(found: int) -> str:
    """Return « 12 conversations », « Plus de 1 000 conversations »."""
    if found > box.MOST_COUNTED:
        return f"Plus de {count(box.MOST_COUNTED)} conversations"
    return {0: "Aucune conversation", 1: "1\u00a0conversation"}.get(found, f"{count(found)}\u00a0conversations")


def _rows(session: Session, filters: Filters, rows: Sequence[Conversation], names: Names) -> list[Row]:
    ids = [row.id for row in rows]
    said, tags, seen = box.first_words(session, ids), tags_of(session, ids), seen_of(session, rows, me())
    told = []
    for row in rows:
        place = place_of(row)
        address = with_filters(url_for("review.conversation", conversation=row.id), filters)
        told.append(
            Row(row, said.get(row.id, ""), names.place(place.code) if place else "", tags.get(row.id, ()), row.id not in seen, address)
        )
    return told


def _around(session: Session, filters: Filters, names: Names, staff: Mapping[str, str]) -> dict[str, Any]:
    """Return what stands around the list: queues, views, and the form of the filters."""
    numbers = lengths(session, me())
    return {
        "queues": [(words.QUEUES[name], address_of(each), numbers[name], each == filters) for name, each in QUEUES.items()],
        "most_told": MOST_TOLD,
        "starts": [
            ("À revoir", address_of(Filters(status=TO_REVIEW)), filters == Filters(status=TO_REVIEW)),
            ("Toutes", address_of(Filters()), filters == Filters()),
        ],
        "views": [(view, f"{url_for('review.inbox')}?{view.query}", view.query == str(filters)) for view in views_for(session, me())],
        "me": me(),
        "place_name": names.place(filters.place.code) if filters.place else "",
        "actor_name": names.actor(filters.actor) if filters.actor else "",
        "intents": _intents(filters, names),
        "unmet": {ANY: "n’importe lequel", **NEEDS},
        "tag_choices": _with_present({name: name for name in tags_in_use(session)}, filters.tag),
        "assignee_choices": _with_present({ME: "moi", NOBODY: "personne", **staff}, filters.assignee),
        "confidences": sorted({*CONFIDENCES, *([filters.below] if filters.below is not None else [])}),
        "kept": [(name, value) for name, value in parse_qsl(str(filters)) if name not in IN_THE_FORM],
        "narrowed": len({*filters.asked} - IN_SIGHT),
    }


def _intents(filters: Filters, names: Names) -> Mapping[str, str]:
    return _with_present(intents.names(), filters.intent, intents.name_of(filters.intent or "", names.topics))


def _with_present(choices: Mapping[str, str], code: str | None, name: str | None = None) -> Mapping[str, str]:
    """Return the choices of a list, with the present one first when it is not among them."""
    return choices if not code or code in choices else {code: name or code, **choices}


# The filters of the form that are always seen, and all those that it holds.
IN_SIGHT = {"words", "status", "since", "until"}
IN_THE_FORM = IN_SIGHT | {
    *("place", "need", "outcome", "unmet", "actor", "channel", "intent", "below", "fallback", "unheld", "thumbs", "tag", "assignee"),
    *("unread", "named", "flagged", "min_messages", "max_messages", "order"),
}
