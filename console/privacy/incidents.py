"""The register of confidentiality incidents (A-2.1, r. 3.1): each is written once, completed as it is dealt with, and never removed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from console import clock
from console.audit import note
from console.csv_out import csv_response
from console.databases import journal_session
from console.filters import counted
from console.privacy.blueprint import blueprint
from journal.kept_models import Incident

MOST_CHARACTERS = 10_000
YES, NO = "oui", "non"
RISK = "Risque de préjudice sérieux"
# The fields of the register: their label, the hint, and whether the form asks for them at once.
TEXTS = {
    "happened_on": ("Date ou période de l’incident", "Si elle n’est pas connue, dites ce qu’on en sait.", True),
    "information": ("Renseignements personnels visés", "De quelle sorte; si on ne le sait pas, dites pourquoi.", True),
    "circumstances": ("Circonstances", "Ce qui s’est passé, en quelques phrases.", True),
    "people": ("Nombre de personnes concernées", "Celles du Québec à part; une estimation si le nombre n’est pas connu.", True),
    "assessment": (
        "Ce qui fait conclure qu’il y a, ou non, un risque de préjudice sérieux",
        "Sensibilité des renseignements, utilisation malveillante possible, conséquences à craindre, probabilité.",
        True,
    ),
    "measures": ("Mesures prises pour diminuer les risques", "", False),
}
DAYS = {
    "discovered_on": ("Date où l’incident a été connu", True),
    "commission_told_on": ("Avis à la Commission d’accès à l’information", False),
    "people_told_on": ("Avis aux personnes concernées", False),
}


@blueprint.get("/incidents")
def incidents() -> str:
    """Show the register, the latest incident first."""
    session = journal_session()
    note(session, "incident.list")
    rows = session.execute(select(Incident).order_by(Incident.id.desc())).scalars().all()
    return render_template("privacy/incidents.html", rows=rows)


@blueprint.get("/incidents.csv")
def incidents_csv() -> Response:
    """Return the whole register as CSV."""
    session = journal_session()
    rows = session.execute(select(Incident).order_by(Incident.id)).scalars().all()
    labels = [label for label, *_ in (*TEXTS.values(), *DAYS.values())]
    table = [
        (row.id, *(getattr(row, name) for name in (*TEXTS, *DAYS)), YES if row.serious_risk else NO, row.author, row.written_at.isoformat())
        for row in rows
    ]
    note(session, "incident.export", detail=counted(len(table), "ligne"))
    return csv_response("incidents", ("Numéro", *labels, RISK, "Inscrit par", "Inscrit le"), table)


@blueprint.get("/incidents/nouveau")
def new_incident() -> str:
    """Show the form of a new incident."""
    return _form(None, {}, {})


@blueprint.post("/incidents/nouveau")
def add_incident() -> str | Answer | tuple[str, int]:
    """Write an incident into the register, or say what is missing."""
    given, wrong = _read(request.form)
    if wrong:
        return _form(None, request.form, wrong), 422
    session = journal_session()
    made = Incident(**given, author=g.account.username, written_at=clock.now())
    session.add(made)
    session.flush()
    note(session, "incident.add", str(made.id))
    session.commit()
    flash(f"L’incident {made.id} est inscrit au registre.", "done")
    return redirect(url_for("privacy.incidents"), 303)


@blueprint.get("/incidents/<int:incident_id>")
def incident(incident_id: int) -> str:
    """Show an incident, to be completed."""
    row = _row(incident_id)
    note(journal_session(), "incident.view", str(row.id))
    return _form(row, _written(row), {})


@blueprint.post("/incidents/<int:incident_id>")
def change_incident(incident_id: int) -> str | Answer | tuple[str, int]:
    """Complete an incident, or say what is missing, or what somebody else wrote since the form was opened."""
    row = _row(incident_id)
    given, wrong = _read(request.form)
    if request.form.get("seen") != _seen(row):
        return _form(row, request.form, wrong, _meanwhile(row)), 409
    if wrong:
        return _form(row, request.form, wrong), 422
    changed = [name for name, value in given.items() if getattr(row, name) != value]
    if changed:
        before = _written(row)
        said = {name: before[name] for name in changed}
        row.earlier = [*row.earlier, {"at": clock.now().isoformat(), "by": g.account.username, "said": said}]
    for name in changed:
        setattr(row, name, given[name])
    session = journal_session()
    note(session, "incident.change", str(row.id), ", ".join(changed))
    session.commit()
    flash(f"L’incident {row.id} est complété.", "done")
    return redirect(url_for("privacy.incidents"), 303)


def _row(incident_id: int) -> Incident:
    """Return an incident; two who complete it wait for one another."""
    changing = request.method == "POST"
    found = journal_session().get(Incident, incident_id, with_for_update=changing) if incident_id < 2**31 else None
    return found or abort(404)


def _seen(row: Incident) -> str:
    """Return the digest of what a form shows of an incident, by which an overtaken one is known."""
    return hashlib.sha256(json.dumps(_written(row), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _meanwhile(row: Incident) -> dict[str, str]:
    """Return by label what is written of an incident where the form says something else."""
    labels = {name: label for name, (label, *_) in (TEXTS | DAYS).items()} | {"serious_risk": RISK}
    return {
        labels[name]: held for name, held in _written(row).items() if " ".join(request.form.get(name, "").split()) != " ".join(held.split())
    }


def _written(row: Incident) -> dict[str, Any]:
    held = {name: getattr(row, name) for name in (*TEXTS, *DAYS)}
    return {**{name: str(value or "") for name, value in held.items()}, "serious_risk": YES if row.serious_risk else NO}


def _form(row: Incident | None, given: Mapping[str, Any], wrong: Mapping[str, str], meanwhile: Mapping[str, str] | None = None) -> str:
    shown = {"row": row, "given": given, "wrong": wrong, "meanwhile": meanwhile, "seen": _seen(row) if row else ""}
    return render_template("privacy/incident.html", **shown, texts=TEXTS, days=DAYS, answers=(YES, NO))


def _read(form: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values of a form, and by field what is wrong with it."""
    given: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, (_, _, required) in TEXTS.items():
        given[name] = form.get(name, "").strip()
        most = Incident.__table__.c[name].type.length or MOST_CHARACTERS
        if required and not given[name]:
            wrong[name] = "Remplissez ce champ\u00a0: la loi demande qu’il soit au registre."
        elif len(given[name]) > most:
            wrong[name] = f"Abrégez\u00a0: {most} caractères au plus."
    for name, (_, required) in DAYS.items():
        given[name] = _day(form.get(name, ""))
        if given[name] is None and (required or form.get(name, "").strip()):
            wrong[name] = "Donnez une date, comme 2026-11-29."
    for name, day in ((name, given[name]) for name in DAYS if given[name]):
        if day > clock.today():
            wrong[name] = "Cette date est à venir\u00a0: donnez le jour où c’est arrivé."
        elif given["discovered_on"] and day < given["discovered_on"]:
            wrong[name] = "Cette date précède celle où l’incident a été connu\u00a0: corrigez l’une ou l’autre."
    given["serious_risk"] = form.get("serious_risk") == YES
    if form.get("serious_risk") not in (YES, NO):
        wrong["serious_risk"] = "Choisissez oui ou non."
    return given, wrong


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
