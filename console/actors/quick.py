"""What is done to a record without its whole form: verified today, closed, taken away."""

import re

from flask import flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from console.actors.changing import sentence
from console.actors.kinds import address, subject
from console.actors.routes import blueprint
from console.actors.showing import Shown, record_or_404
from console.audit import note
from console.clock import today
from console.databases import commit_both, directory_session, journal_session
from directory.editing import Draft, examined, problems_among, save, seen, wait_for_writers
from directory.labels import Names
from directory.problems import Problem
from directory.queries import services_of
from directory.records import Record, load_records
from directory.revisions import revise

_A_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
OVERTAKEN = "Quelqu’un vient de modifier cette fiche\u00a0: relisez-la, puis recommencez si c’est encore à faire. Rien n’a été changé."


def _current(word: str, key: str) -> Shown | Response:
    """Return the record, held until the request ends, if it still is as the page showed it; else where to read it again."""
    wait_for_writers(directory_session())
    shown = record_or_404(word, key)
    if request.form.get("seen") == seen(shown.record):
        return shown
    flash(OVERTAKEN, "warning")
    return redirect(address(shown.kind.entity, key), 303)


def _kept(draft: Draft, shown: Shown, action: str, words: str) -> Response:
    save(directory_session(), g.account.username, draft, seen(shown.record))
    note(journal_session(), action, subject(draft.entity, draft.key))
    commit_both()
    flash(words)
    return redirect(address(draft.entity, draft.key), 303)


@blueprint.post("/organismes/<key>/verifie")
def verify(key: str) -> Response:
    """Say that an organisation was looked at today; a source may come with it, and « à vérifier » go."""
    shown = _current("organismes", key)
    if not isinstance(shown, Shown):
        return shown
    changes: Record = {"verified_on": today().isoformat()}
    if source := request.form.get("source", "").strip():
        changes["source"] = source
    if "active" in request.form and shown.record["status"] == "to_verify":
        changes["status"] = "active"
    draft = examined(directory_session(), "actor", key, {**shown.record, **changes}, today())
    if draft.problems:
        flash("Rien n’a été noté. " + " ".join(sentence(each.told) for each in draft.problems), "error")
        return redirect(address("actor", key, "actors.edit"), 303)
    return _kept(draft, shown, "directory.verify", "C’est noté\u00a0: vérifié aujourd’hui.")


@blueprint.get("/organismes/<key>/fermer")
def closing(key: str) -> str:
    """Ask what is to be known of an organisation that closed."""
    shown = record_or_404("organismes", key)
    record = shown.record
    given = {name: str(record[name] or "") for name in ("note", "successor", "source")} | {"as_of": today().isoformat()}
    return _closing(shown, given, {})


def _closing(shown: Shown, given: dict[str, str], problems: dict[str, str]) -> str:
    names = Names.load(directory_session())
    others = sorted(((slug, name) for slug, name in names.names["actor"].items() if slug != shown.key), key=lambda each: each[1].casefold())
    return render_template("actors/closing.html", shown=shown, given=given, problems=problems, actors=others, seen=seen(shown.record))


@blueprint.post("/organismes/<key>/fermer")
def close(key: str) -> tuple[str, int] | Response:
    """Close an organisation: it is not proposed any more, and who asks for it is told what became of it."""
    shown = _current("organismes", key)
    if not isinstance(shown, Shown):
        return shown
    given = {name: request.form.get(name, "").strip() for name in ("note", "successor", "as_of", "source")}
    changed = {**shown.record, **given, "successor": given["successor"] or None, "status": "closed", "verified_on": today().isoformat()}
    draft = examined(directory_session(), "actor", key, changed, today())
    problems = [
        *draft.problems,
        *([] if _A_DAY.fullmatch(given["as_of"]) else [Problem("as_of", "dites depuis quand\u00a0: 2025, 2025-12 ou 2025-12-19")]),
    ]
    if problems:
        return _closing(shown, given, {each.field: sentence(each.told) for each in problems}), 422
    return _kept(
        draft, shown, "directory.close", "L’organisme est fermé\u00a0: l’assistant ne le propose plus, et dit ce qu’il est devenu."
    )


@blueprint.get("/<word>/<path:key>/supprimer")
def removing(word: str, key: str) -> str:
    """Ask whether a record is really to be taken away, with what goes along and what stands in the way."""
    return _removing(record_or_404(word, key))


def _removing(shown: Shown) -> str:
    session, entity = directory_session(), shown.kind.entity
    along = [service.name for service in services_of(session, shown.key)] if entity == "actor" else []
    problems = [sentence(each.told) for each in _in_the_way(shown)]
    return render_template("actors/removing.html", shown=shown, along=along, problems=problems, seen=seen(shown.record))


def _in_the_way(shown: Shown) -> list[Problem]:
    change = (shown.kind.entity, shown.key)
    return problems_among(load_records(directory_session()), {change: None}).get(change, [])


@blueprint.post("/<word>/<path:key>/supprimer")
def remove(word: str, key: str) -> tuple[str, int] | Response:
    """Take a record away; it can be brought back from the list of what was taken away."""
    shown = _current(word, key)
    if not isinstance(shown, Shown):
        return shown
    if _in_the_way(shown):
        return _removing(shown), 422
    revise(directory_session(), g.account.username, shown.kind.entity, key, None)
    directory_session().flush()
    note(journal_session(), "directory.delete", subject(shown.kind.entity, key))
    commit_both()
    flash(f"«\u00a0{shown.name}\u00a0» est retiré de l’annuaire. Vous pouvez le restaurer à partir de son historique.")
    return redirect(address(shown.kind.entity, key, "actors.history"), 303)
