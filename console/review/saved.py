"""The searches that staff keep under a name."""

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from console.audit import note
from console.databases import journal_session
from console.permissions import REVIEWER, may
from console.review.asked import address_of, carried
from console.review.people import me
from console.review.routes import blueprint
from journal import views
from journal.reviewing import Refused


@blueprint.post("/vues")
def save_view() -> Response:
    """Keep the search of the address under a name; those who review may share it."""
    filters, session = carried(), journal_session()
    shared = request.form.get("shared") == "1" and may(REVIEWER)
    try:
        name = views.save_view(session, me(), request.form.get("name", ""), filters, shared)
    except Refused as refused:
        flash(str(refused), "error")
    else:
        note(session, "view.save", detail="partagée" if shared else "")
        session.commit()
        flash(f"La vue «\u00a0{name}\u00a0» est gardée.")
    return redirect(address_of(filters), 303)


@blueprint.post("/vues/<int:view>/suppression")
def delete_view(view: int) -> Response:
    """Delete a view of one's own; those who review delete any that is shared, whose author may be gone."""
    name = views.delete_view(journal_session(), view, me(), shared_too=may(REVIEWER))
    if name is None:
        abort(404)
    note(journal_session(), "view.delete", f"vue {view}")
    journal_session().commit()
    flash(f"La vue «\u00a0{name}\u00a0» est supprimée.")
    return redirect(url_for("review.inbox"), 303)
