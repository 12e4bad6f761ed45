"""What was decided: to take back while it is not exported, and to export as a patch of the training data."""

from collections.abc import Sequence
from functools import partial

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from console import clock
from console.audit import note
from console.databases import journal_session
from console.errors import ConsoleError
from console.filters import QUEBEC
from console.mending.blueprint import blueprint
from console.mending.desk import desk, labels, shelf
from console.mending.exporting import Prepared, prepare
from console.mending.labels import name_of
from console.mending.words import REASONS, STATES
from journal.corrections import count_by_state, decisions, mark_exported, take_back, to_export
from journal.review_models import ACCEPTED, IGNORED, Correction

PER_PAGE = 50
MOST_NAMED = 10


@blueprint.get("/decisions")
def decided() -> str:
    """Show what was decided, the last first."""
    session, state = journal_session(), request.args.get("etat", ACCEPTED)
    state = state if state in STATES else ACCEPTED
    counts = count_by_state(session)
    pages = max(1, -(-counts[state] // PER_PAGE))
    page = min(_number(request.args.get("page", "")), pages)
    note(session, "mending.decided", detail=state)
    return render_template(
        "mending/decided.html",
        rows=decisions(session, (state,), PER_PAGE, (page - 1) * PER_PAGE),
        state=state,
        states=STATES,
        counts=counts,
        page=page,
        pages=pages,
        page_url=lambda number: url_for("mending.decided", etat=state, page=number),
        name_of=partial(name_of, labels(shelf().sentences())),
        reasons=REASONS,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 and int(text) else 1


@blueprint.post("/decisions/<int:correction_id>/reprise")
def undo(correction_id: int) -> AnyResponse:
    """Take a decision back: the sentence waits again."""
    session = journal_session()
    taken = take_back(session, correction_id)
    if taken is None:
        flash(
            "Cette décision n’est plus là, ou la phrase est déjà exportée\u00a0: elle s’enlève alors des données d’entraînement.", "error"
        )
        return redirect(url_for("mending.decided"), 303)
    note(session, "mending.undo", correction_id, taken.label or taken.reason or "")
    session.commit()
    flash("Décision reprise\u00a0: la phrase est de nouveau à réparer.", "done")
    return redirect(url_for("mending.decided", etat=IGNORED if taken.reason else ACCEPTED), 303)


@blueprint.post("/exportation")
def export() -> Response | AnyResponse:
    """Return what was accepted as a patch of the training data; `again`, what was exported already too."""
    rows = to_export(journal_session(write=False), again=bool(request.form.get("again")))
    try:
        prepared = prepare(shelf().root, desk(), rows)
    except ConsoleError as refused:
        flash(str(refused), "error")
        return redirect(url_for("mending.decided"), 303)
    return _patch(rows, prepared)


def _patch(rows: Sequence[Correction], prepared: Prepared) -> Response | AnyResponse:
    session = journal_session()
    if prepared.refused:
        numbers = ", ".join(str(each.correction.id) for each in prepared.refused[:MOST_NAMED])
        flash(f"À reprendre d’abord, décision {numbers}. {prepared.refused[0].told}", "error")
        return redirect(url_for("mending.decided"), 303)
    if not rows:
        flash("Rien n’est à exporter.", "warning")
        return redirect(url_for("mending.decided"), 303)
    mark_exported(session, [each.id for each in rows], clock.now())
    note(session, "mending.export", detail=str(len(rows)))
    session.commit()
    if not prepared.patch:
        flash("Ces phrases sont déjà dans les données d’entraînement\u00a0: il n’y a rien à y changer.", "warning")
        return redirect(url_for("mending.decided"), 303)
    answer = Response(prepared.patch, content_type="text/x-patch; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"correctif-{clock.now().astimezone(QUEBEC):%Y-%m-%d}.patch")
    return answer
