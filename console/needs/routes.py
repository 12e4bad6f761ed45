"""The needs map: the page, each of its tables as a file, and each of its drawings."""

import gc
from collections.abc import Callable
from functools import cache
from importlib import import_module

from flask import Blueprint, Response, abort, render_template, request
from itsdangerous import BadSignature

from console import audit, clock
from console.csv_out import csv_response
from console.databases import directory_session, journal_session
from console.needs import drawings
from console.needs.asked import PRESETS, Asked, read
from console.needs.land import Land
from console.needs.report import Report
from console.needs.sections import everything, one
from journal.needs import Period

blueprint = Blueprint("needs", __name__, url_prefix="/besoins", template_folder="templates")
MENU = (("needs.overview", "Besoins"),)
ACTIONS = {"needs.view": "chiffres des besoins consultés", "needs.export": "chiffres des besoins exportés"}


@blueprint.get("/")
def overview() -> str:
    """Show the figures of a period, of all Québec or of one region."""
    report = _report()
    audit.note(journal_session(), "needs.view", detail=told_days(report.asked.period))
    return render_template(
        "needs/overview.html",
        asked=report.asked,
        land=report.land,
        regions={code: report.land.names[code] for code in report.land.mrcs},
        sections=everything(report),
        presets=PRESETS,
        written=drawings.written,
    )


@blueprint.get("/<code>.csv")
def export(code: str) -> Response:
    """Give a table of the page as a file."""
    report = _report()
    section = one(report, code) or abort(404)
    period, region = report.asked.period, report.asked.region
    audit.note(journal_session(), "needs.export", code, told_days(period) + (f", {region}" if region else ""))
    name = "_".join(filter(None, ["besoins", section.file, region, period.since.isoformat(), period.until.isoformat()]))
    rows = [[cell.value for cell in row] for row in section.table.rows]
    return csv_response(name, [column.name for column in section.table.columns], rows)


@blueprint.get("/dessin.svg")
def drawing() -> Response:
    """Give a drawing, which its address holds whole."""
    try:
        drawn = drawings.read(request.args.get("d", ""))
    except BadSignature:
        abort(404)
    return Response(_draw()(drawn, dark=request.args.get("sombre") == "1"), mimetype="image/svg+xml")


@cache
def _draw() -> Callable[..., str]:
    """Return what draws. It takes a second, the first time; what it loads is not looked at again by each full collection."""
    draw = import_module("console.needs.draw").draw
    gc.collect()
    gc.freeze()
    return draw


def told_days(period: Period) -> str:
    """Return a period for the audit trail."""
    return f"{period.since.isoformat()} au {period.until.isoformat()}"


def _report() -> Report:
    land = Land.load(directory_session())
    today = clock.today()
    asked: Asked = read(request.args, today, land.mrcs)
    return Report(asked, journal_session(), directory_session(), land)
