"""Bring a spreadsheet of records back: every error first; then what would change; then, confirmed, all of it or nothing."""

import secrets
from datetime import timedelta

from flask import abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console import clock
from console.actors.kinds import BY_ENTITY, KINDS, address
from console.actors.listing import paged
from console.actors.routes import blueprint
from console.actors.showing import told_differences
from console.audit import note
from console.clock import today
from console.databases import commit_both, directory_session, journal_session
from console.filters import counted
from directory.csv_records import IMPORTED, MOST_BYTES, MOST_LINES, Plan, plan, write
from directory.editing import wait_for_writers
from directory.labels import Names
from directory.merging import differences
from directory.models import ImportDraft
from directory.overdue import name_of

KEPT_FOR = timedelta(days=1)
MOST_TOLD = 500
DRAFTS = ImportDraft.__table__


@blueprint.get("/importer")
def upload_form() -> str:
    """Ask for a file."""
    return _form(Plan())


def _form(found: Plan, name: str = "") -> str:
    limits = {"most_lines": MOST_LINES, "most_megabytes": MOST_BYTES // 1024 // 1024}
    kinds = [(kind.word, kind.many) for kind in KINDS.values() if kind.entity in IMPORTED]
    told = found.problems[:MOST_TOLD]
    return render_template("actors/upload.html", found=found, told=told, name=name, kinds=kinds, **limits)


@blueprint.post("/importer")
def upload() -> tuple[str, int] | Response:
    """Look at a file: with errors, all of them are told; without, what it would change is shown."""
    sent, word = request.files.get("file"), request.form.get("kind", "")
    content = sent.read(MOST_BYTES + 1) if sent else b""
    if sent:
        sent.close()
    entity = KINDS[word].entity if word in KINDS and KINDS[word].entity in IMPORTED else None
    found = plan(directory_session(), content, today(), entity)
    if found.problems:
        return _form(found, (sent.filename or "") if sent else ""), 422
    number = _keep(directory_session(), found.entity, content)
    directory_session().commit()
    return redirect(url_for("actors.look_at_file", draft=number), 303)


def _keep(session: Session, entity: str, content: bytes) -> str:
    """Keep a file until it is confirmed, and return its number. The directory itself does not change: neither does its version."""
    connection, number = session.connection(), secrets.token_urlsafe(16)
    connection.execute(delete(DRAFTS).where(DRAFTS.c.at < clock.now() - KEPT_FOR))
    values = {"id": number, "at": clock.now(), "author": g.account.username, "entity": entity, "content": content}
    connection.execute(insert(DRAFTS).values(**values))
    return number


def _draft_or_404(session: Session, number: str) -> Row:
    """Return a file that waits; only who sent it may see it."""
    query = select(DRAFTS).where(DRAFTS.c.id == number, DRAFTS.c.author == g.account.username, DRAFTS.c.at >= clock.now() - KEPT_FOR)
    found = session.connection().execute(query).first()
    if found is None:
        abort(404)
    return found


@blueprint.get("/importer/<draft>")
def look_at_file(draft: str) -> tuple[str, int]:
    """Show what a file would change."""
    session = directory_session()
    kept = _draft_or_404(session, draft)
    return _shown(plan(session, kept.content, today(), kept.entity), draft)


def _shown(found: Plan, draft: str) -> tuple[str, int]:
    if found.problems:
        return _form(found), 422
    names, entity = Names.load(directory_session()), found.entity
    page = paged(found.changes)
    rows = [
        (each, name_of(each.after), address(entity, each.key) if each.before else None)
        + (told_differences(entity, differences(each.before, each.after), names),)
        for each in page.items
    ]
    return render_template(
        "actors/confirming.html", found=found, kind=BY_ENTITY[entity], draft=draft, rows=rows, page=page,
        page_url=lambda number: url_for("actors.look_at_file", draft=draft, page=number),
    ), 200  # fmt: skip


@blueprint.post("/importer/<draft>")
def import_file(draft: str) -> tuple[str, int] | Response:
    """Write what the file changes, if that is still what was shown."""
    session = directory_session()
    wait_for_writers(session)
    kept = _draft_or_404(session, draft)
    if "cancel" in request.form:
        _forget(session, draft)
        session.commit()
        flash("Rien n’a été importé.")
        return redirect(url_for("actors.upload_form"), 303)
    found = plan(session, kept.content, today(), kept.entity)
    if found.problems or found.digest() != request.form.get("digest"):
        flash("L’annuaire a changé depuis\u00a0: relisez ce que le fichier ferait maintenant. Rien n’a été importé.", "warning")
        return redirect(url_for("actors.look_at_file", draft=draft), 303)
    written = write(session, g.account.username, found)
    _forget(session, draft)
    note(journal_session(), "directory.import", BY_ENTITY[found.entity].many, counted(written, "fiche"))
    commit_both()
    flash(f"{found.summary()}. L’assistant s’en sert dès le prochain message.")
    return redirect(url_for("actors.listing"), 303)


def _forget(session: Session, draft: str) -> None:
    session.connection().execute(delete(DRAFTS).where(DRAFTS.c.id == draft))
