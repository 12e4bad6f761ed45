"""What those who review write about a conversation or one of its messages: notes, and flags."""

from flask import abort, flash, g, request
from werkzeug.wrappers import Response

from console import clock
from console.audit import note
from console.databases import journal_session
from console.review.access import conversation_for
from console.review.people import me, people
from console.review.reading import answer, refuse
from console.review.routes import blueprint
from console.review.words import FLAGS
from journal import notes, reviewing
from journal.reviewing import Refused


@blueprint.post("/<int:conversation>/notes")
def write_note(conversation: int) -> str | Response:
    """Write a note; those that it names by « @ » are told, if they may read it."""
    row, session, seq = conversation_for(g.account, conversation, write=True), journal_session(), _seq()
    staff = people(session)
    try:
        written = notes.write_note(session, row.id, request.form.get("text", ""), me(), clock.now(), staff, seq)
    except Refused as refused:
        refuse(refused, "conversation.note", conversation)
        return answer(conversation, _anchor(seq))
    note(session, "conversation.note", row.id, ", ".join(f"@{name}" for name in written.named))
    session.commit()
    told = (
        f" {_listed([staff[name] for name in written.named])} {'le verront' if len(written.named) > 1 else 'le verra'} à l’accueil."
        if written.named
        else ""
    )
    flash(f"La note est gardée.{told}")
    if written.unknown:
        flash(f"Personne ne s’appelle {_listed([f'@{name}' for name in written.unknown])}\u00a0: vérifiez le nom d’utilisateur.", "warning")
    return answer(conversation, _anchor(seq))


@blueprint.post("/<int:conversation>/notes/<int:note_id>/suppression")
def delete_note(conversation: int, note_id: int) -> str | Response:
    """Delete a note of one's own."""
    row, session = conversation_for(g.account, conversation, write=True), journal_session()
    if not notes.delete_note(session, row.id, note_id, me()):
        abort(404)
    note(session, "conversation.unnote", row.id)
    session.commit()
    flash("La note est supprimée.")
    return answer(conversation)


@blueprint.post("/<int:conversation>/signalement")
def flag(conversation: int) -> str | Response:
    """Flag a message with a reason, or take its flag away when no reason is given."""
    row, session, seq = conversation_for(g.account, conversation, write=True), journal_session(), _seq()
    if seq is None:
        abort(400)
    reason = request.form.get("reason", "")
    try:
        _change_flag(row.id, seq, reason)
    except Refused as refused:
        refuse(refused, "conversation.flag", conversation)
        return answer(conversation, _anchor(seq))
    note(session, "conversation.flag" if reason else "conversation.unflag", row.id, FLAGS.get(reason, ""))
    session.commit()
    flash(f"Le message est signalé\u00a0: {FLAGS[reason]}." if reason else "Le signalement est retiré.")
    return answer(conversation, _anchor(seq))


def _change_flag(conversation: int, seq: int, reason: str) -> None:
    if reason:
        reviewing.flag(journal_session(), conversation, seq, reason, me(), clock.now())
    else:
        reviewing.unflag(journal_session(), conversation, seq)


def _seq() -> int | None:
    text = request.form.get("seq", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _anchor(seq: int | None) -> str:
    return "" if seq is None else f"m{seq}"


def _listed(names: list[str]) -> str:
    """Return « Marie, Paul et Jean »."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"
