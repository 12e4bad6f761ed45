"""What is done to several conversations of the list at once."""

from collections.abc import Callable

from flask import flash, redirect, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.audit import note
from console.databases import journal_session
from console.review.access import LARGEST
from console.review.asked import address_of, carried
from console.review.people import people
from console.review.routes import blueprint
from console.review.words import STATUSES
from journal import reviewing
from journal.models import Conversation
from journal.reviewing import Refused

MOST = 200
# Python refuses to read thousands of digits.
LONGEST_NUMBER = len(str(LARGEST))


@blueprint.post("/lot")
def change_several() -> Response:
    """Change the status, the tags or the assignee of the conversations that are ticked, all or none."""
    session = journal_session()
    try:
        ids = _ticked(session)
        done = _CHANGES.get(request.form.get("do", ""), _nothing)(session, ids)
    except Refused as refused:
        session.rollback()
        flash(str(refused), "error")
    else:
        session.commit()
        flash(f"{len(ids)}\u00a0conversation{'s' if len(ids) > 1 else ''}\u00a0: {done}.")
    return redirect(address_of(carried()), 303)


def _ticked(session: Session) -> list[int]:
    """Return the ids of the ticked conversations that are still there."""
    texts = [text for text in request.form.getlist("id")[:MOST] if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER]
    asked = [number for number in map(int, texts) if number <= LARGEST]
    # None is erased before what is written of it is committed.
    there = select(Conversation.id).where(Conversation.id.in_(asked)).order_by(Conversation.id)
    found = list(session.scalars(there.with_for_update(read=True, key_share=True)))
    if not found:
        raise Refused("Cochez d’abord les conversations à changer.")
    return found


def _status(session: Session, ids: list[int]) -> str:
    status = request.form.get("status", "")
    if status not in STATUSES:
        raise Refused("Choisissez l’état à donner.")
    _each(session, ids, "conversation.status", STATUSES[status], lambda id: reviewing.set_status(session, id, status))
    return f"état «\u00a0{STATUSES[status]}\u00a0»"


def _tag(session: Session, ids: list[int]) -> str:
    name = request.form.get("tag", "")
    _each(session, ids, "conversation.tag", "", lambda id: reviewing.put_tag(session, id, name))
    return f"étiquette «\u00a0{reviewing.tidy(name).lower()}\u00a0»"


def _assign(session: Session, ids: list[int]) -> str:
    account, staff = request.form.get("assignee", ""), people(session)
    if account and account not in staff:
        raise Refused("Choisissez la personne à qui assigner ces conversations.")
    _each(session, ids, "conversation.assign", account, lambda id: reviewing.assign(session, id, account or None))
    return f"assignées à {staff[account]}" if account else "assignées à personne"


def _nothing(_session: Session, _ids: list[int]) -> str:
    raise Refused("Choisissez ce qu’il faut faire des conversations cochées.")


def _each(session: Session, ids: list[int], action: str, detail: str, change: Callable[[int], object]) -> None:
    for id in ids:
        change(id)
        note(session, action, id, detail)


_CHANGES = {"status": _status, "tag": _tag, "assign": _assign}
