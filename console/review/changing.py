"""What those who review change of a conversation: its status, who has it, its tags; and what anyone who reads has still to read."""

from flask import abort, flash, g, redirect, request
from werkzeug.wrappers import Response

from console.audit import note
from console.databases import journal_session
from console.review.access import conversation_for
from console.review.asked import address_of, carried
from console.review.people import me, people
from console.review.reading import address, answer, refuse
from console.review.routes import blueprint
from console.review.words import STATUSES
from journal import reviewing
from journal.inbox import mark_of, neighbours
from journal.reviewing import ChangedMeanwhile, Refused


@blueprint.post("/<int:conversation>/etat")
def change_status(conversation: int) -> str | Response:
    """Give the conversation a status; with `then=next`, go on to the next one of the same filters."""
    row, status = conversation_for(g.account, conversation, write=True), request.form.get("status", "")
    if status not in STATUSES:
        abort(400)
    session, filters = journal_session(), carried()
    _, following = neighbours(session, filters, me(), mark_of(row))
    try:
        reviewing.set_status(session, row.id, status, _version())
    except ChangedMeanwhile as refused:
        refuse(refused, "conversation.status", conversation)
        return answer(conversation)
    note(session, "conversation.status", row.id, STATUSES[status])
    session.commit()
    flash(f"La conversation {row.id} est maintenant «\u00a0{STATUSES[status]}\u00a0».")
    if request.form.get("then") != "next":
        return answer(conversation)
    return redirect(address(following, filters) if following else address_of(filters), 303)


@blueprint.post("/<int:conversation>/assignation")
def change_assignee(conversation: int) -> str | Response:
    """Give the conversation to somebody who may read it, or to nobody."""
    row, session = conversation_for(g.account, conversation, write=True), journal_session()
    account, staff = request.form.get("assignee", ""), people(session)
    if account and account not in staff:
        abort(400)
    try:
        reviewing.assign(session, row.id, account or None, _version())
    except ChangedMeanwhile as refused:
        refuse(refused, "conversation.assign", conversation)
        return answer(conversation)
    note(session, "conversation.assign", row.id, account)
    session.commit()
    flash(f"La conversation est assignée à {staff[account]}." if account else "La conversation n’est plus assignée.")
    return answer(conversation)


@blueprint.post("/<int:conversation>/etiquettes")
def put_tag(conversation: int) -> str | Response:
    """Put a tag on the conversation."""
    row, session = conversation_for(g.account, conversation, write=True), journal_session()
    try:
        name = reviewing.put_tag(session, row.id, request.form.get("tag", ""))
    except Refused as refused:
        refuse(refused, "conversation.tag", conversation)
        return answer(conversation)
    note(session, "conversation.tag", row.id)
    session.commit()
    flash(f"L’étiquette «\u00a0{name}\u00a0» est mise.")
    return answer(conversation)


@blueprint.post("/<int:conversation>/etiquettes/retrait")
def take_tag(conversation: int) -> str | Response:
    """Take a tag away."""
    row, session = conversation_for(g.account, conversation, write=True), journal_session()
    reviewing.take_tag(session, row.id, request.form.get("tag", ""))
    note(session, "conversation.untag", row.id)
    session.commit()
    flash("L’étiquette est ôtée.")
    return answer(conversation)


@blueprint.post("/<int:conversation>/non-lue")
def mark_unread(conversation: int) -> Response:
    """Note that the account has to read the conversation again, and go back to the list."""
    row, session = conversation_for(g.account, conversation, write=True), journal_session()
    reviewing.mark_unseen(session, row.id, me())
    note(session, "conversation.unread", row.id)
    session.commit()
    flash(f"La conversation {row.id} est de nouveau à lire.")
    return redirect(address_of(carried()), 303)


def _version() -> int:
    """Return the version of the conversation that the form was made from; one that is no number is that of none."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
