"""The audit trail as a page and as CSV, for those who administer accounts and those in charge of privacy. Looking at it is noted too."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from flask import Response, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.sql import Select

from console.accounts.blueprint import blueprint
from console.audit import DONE, FAILED, REFUSED, note
from console.csv_out import csv_response
from console.databases import journal_session
from console.features import actions
from console.filters import QUEBEC, counted, moment
from console.models import AuditRow

PER_PAGE = 50
MOST_EXPORTED = 50_000
RESULTS = {DONE: "fait", REFUSED: "refusé", FAILED: "échoué"}


class Asked(NamedTuple):
    """What is looked for in the trail; empty is everything. The days are Québec's, both included."""

    account: str
    action: str
    subject: str
    result: str
    since: date | None
    until: date | None

    def query(self) -> Select:
        """Return the rows that are looked for, the newest first."""
        query = select(AuditRow).order_by(AuditRow.id.desc())
        for column, value in ((AuditRow.account, self.account), (AuditRow.action, self.action), (AuditRow.result, self.result)):
            query = query.where(column == value) if value else query
        if self.subject:
            query = query.where(AuditRow.subject == self.subject)
        if self.since:
            query = query.where(AuditRow.at >= _midnight(self.since))
        if self.until:
            query = query.where(AuditRow.at < _midnight(self.until + timedelta(days=1)))
        return query

    def words(self) -> dict[str, str]:
        """Return what is looked for as the address of a page says it."""
        named = {"compte": self.account, "action": self.action, "objet": self.subject, "resultat": self.result}
        named |= {"du": self.since.isoformat() if self.since else "", "au": self.until.isoformat() if self.until else ""}
        return {name: value for name, value in named.items() if value}


def asked() -> Asked:
    """Return what the address of the page looks for; a date that is none is left out."""
    says = {name: request.args.get(name, "").strip()[:200] for name in ("compte", "action", "objet", "resultat", "du", "au")}
    return Asked(says["compte"], says["action"], says["objet"], says["resultat"], _day(says["du"]), _day(says["au"]))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 9000 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), QUEBEC)


@blueprint.get("/registre")
def trail() -> str:
    """Show the rows that are looked for, a page at a time."""
    session, looked = journal_session(), asked()
    total = session.execute(select(func.count()).select_from(looked.query().order_by(None).subquery())).scalar_one()
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    rows = session.execute(looked.query().limit(PER_PAGE).offset((page - 1) * PER_PAGE)).scalars().all()
    note(session, "trail.view", detail=str(looked.words() or ""))
    shown = {"rows": rows, "total": total, "page": page, "pages": pages, "asked": looked}
    return render_template("accounts/trail.html", **shown, actions=actions(), results=RESULTS, page_url=_page_url)


def _page_url(page: int) -> str:
    return url_for("accounts.trail", page=page, **asked().words())


@blueprint.get("/registre.csv")
def trail_csv() -> Response:
    """Return the rows that are looked for as CSV, the newest first, as many as a spreadsheet bears."""
    session, looked, labels = journal_session(), asked(), actions()
    rows = session.execute(looked.query().limit(MOST_EXPORTED)).scalars()
    table = [
        (each.id, moment(each.at), each.account, labels.get(each.action, each.action), each.subject, each.detail)
        + (RESULTS.get(each.result, each.result), each.ip, each.hash)
        for each in rows
    ]
    note(session, "trail.export", detail=counted(len(table), "ligne"))
    return csv_response(
        "registre", ("Numéro", "Quand", "Compte", "Action", "Objet", "Détail", "Résultat", "Adresse IP", "Empreinte"), table
    )
