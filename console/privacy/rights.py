"""Access, portability and erasure of one conversation, by its number; and the reports of all that was deleted."""

import json
from typing import NoReturn

from flask import Response, abort, flash, g, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from console import clock
from console.audit import note
from console.databases import directory_session, journal_session
from console.privacy.blueprint import blueprint
from directory.named import names_of
from journal.dossier import NoConversation, codes_in, dossier_of, readable
from journal.erasing import ERASURE, RETENTION
from journal.kept_models import Purge
from journal.models import Conversation, Request

MOST_REPORTS = 100
# No number of the journal is larger.
LARGEST = 2**63 - 1
# None in an address is longer; Python refuses to read thousands of digits.
LONGEST_NUMBER = 9
REASONS = {ERASURE: "effacement demandé", RETENTION: "fin de la conservation"}


@blueprint.get("/")
def rights() -> str | Answer:
    """Show what was deleted and what waits to be, and where to ask for a conversation by its number."""
    # « 4 010 » is how the console writes it.
    number = "".join(request.args.get("numero", "")[:200].split())
    if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER:
        return redirect(url_for("privacy.conversation", number=int(number)), 303)
    session = journal_session()
    note(session, "privacy.list")
    reports = session.execute(select(Purge).order_by(Purge.id.desc()).limit(MOST_REPORTS)).scalars().all()
    waiting = session.execute(select(Request).where(Request.done_at.is_(None)).order_by(Request.asked_at)).scalars().all()
    return render_template("privacy/rights.html", reports=reports, waiting=waiting, reasons=REASONS, asked=number)


@blueprint.get("/conversation/<int:number>")
def conversation(number: int) -> str:
    """Show what is needed to know that a conversation is the one that its person speaks of, and what can be done with it."""
    session = journal_session()
    row = _held(session, number)
    note(session, "privacy.view", str(number))
    asked = session.get(Request, row.digest)
    return render_template("privacy/conversation.html", row=row, asked=asked)


@blueprint.get("/conversation/<int:number>/dossier.<any(json, html):kind>")
def dossier(number: int, kind: str) -> Response:
    """Return all that the journal holds of a conversation, as a file to give to its person."""
    session = journal_session()
    try:
        found = dossier_of(session, min(number, LARGEST), clock.now())
    except NoConversation:
        _gone(number)
    note(session, "privacy.dossier", str(number), kind)
    names = names_of(directory_session(), codes_in(found)) if kind == "html" else {}
    text = json.dumps(found, ensure_ascii=False, indent=2) if kind == "json" else readable(found, names)
    answer = Response(text, content_type="application/json" if kind == "json" else "text/html; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"dossier-{number}.{kind}")
    return answer


@blueprint.post("/conversation/<int:number>/effacer")
def erase(number: int) -> Answer:
    """Ask that a conversation be erased everywhere: the assistant does so at once, and gives the proof."""
    session = journal_session()
    row = _held(session, number)
    if request.form.get("confirm") != "1":
        flash("Cochez la case pour confirmer\u00a0: ce qui est effacé ne se retrouve pas.", "error")
        return redirect(url_for("privacy.conversation", number=number), 303)
    if session.get(Request, row.digest) is None:
        session.add(Request(digest=row.digest, by=g.account.username, asked_at=clock.now()))
    note(session, "privacy.erase", str(number))
    session.commit()
    flash("L’effacement est demandé. Son numéro de preuve s’affichera ci-dessous dès qu’il sera fait.", "done")
    return redirect(url_for("privacy.rights"), 303)


def _held(session: Session, number: int) -> Conversation:
    return (session.get(Conversation, number) if number <= LARGEST else None) or _gone(number)


def _gone(number: int) -> NoReturn:
    abort(make_response(render_template("privacy/gone.html", number=number), 404))
