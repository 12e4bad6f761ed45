"""The directory, as staff keep it true: lists, records, their history, files; a module each."""

from importlib import import_module
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import func, or_, select

from console.clock import today
from console.databases import directory_session
from console.features import Waiting
from console.permissions import EDITOR, may
from directory.labels import field_label
from directory.models import Actor, LinkCheck
from directory.overdue import limit
from directory.text import day
from directory.vocabulary import LEGAL_FORMS, LINK_STATUSES, NEEDS, STAGES, STATUSES

blueprint = Blueprint("actors", __name__, url_prefix="/annuaire", template_folder="templates")
MENU = (("actors.listing", "Annuaire"),)
ACTIONS = {
    "directory.create": "fiche de l’annuaire ajoutée",
    "directory.save": "fiche de l’annuaire modifiée",
    "directory.verify": "organisme vérifié",
    "directory.close": "organisme fermé",
    "directory.delete": "fiche de l’annuaire supprimée",
    "directory.undo": "changement de l’annuaire défait",
    "directory.import": "fichier importé dans l’annuaire",
}


@blueprint.context_processor
def words() -> dict[str, object]:
    """Give the pages the labels of codes, and the choices of their forms."""
    codes = {"STATUSES": STATUSES, "NEEDS": NEEDS, "LEGAL_FORMS": LEGAL_FORMS, "STAGES": STAGES, "LINK_STATUSES": LINK_STATUSES}
    return {**codes, "field_label": field_label, "with_kept": with_kept, "with_kept_record": with_kept_record, "spelt": day}


def with_kept(codes: dict[str, str], value: str) -> dict[str, str]:
    """Return the choices of a field, and the value that it has already, were it none of them."""
    return codes if not value or value in codes else {**codes, value: value}


def with_kept_record(sheet: Any, entity: str, value: str) -> list[tuple[str, str]]:
    """Return the records that a field may name, and the one that it names already, were it gone; a record does not name itself."""
    found = [(key, name) for key, name in sheet.choices(entity) if (entity, key) != (sheet.kind.entity, sheet.key)]
    return found if not value or value in dict(found) else [*found, (value, value)]


# Their routes join the blueprint.
for _module in ("listing", "showing", "changing", "quick", "undoing", "trying", "pending", "files"):
    import_module(f"console.actors.{_module}")


def waiting() -> list[Waiting]:
    """Return what those who keep the directory true have to look at."""
    if not may(EDITOR):
        return []
    session = directory_session()
    late = or_(Actor.verified_on.is_(None), Actor.verified_on < limit(today()))
    overdue = session.scalar(select(func.count()).select_from(Actor).where(Actor.status != "closed", late))
    dead = session.scalar(select(func.count()).select_from(LinkCheck).where(LinkCheck.status == "dead"))
    told = [
        ("organismes à vérifier" if overdue > 1 else "organisme à vérifier", overdue, "verifier"),
        ("liens morts dans l’annuaire" if dead > 1 else "lien mort dans l’annuaire", dead, "liens"),
    ]
    return [Waiting(label, count, url_for("actors.pending", what=what)) for label, count, what in told if count]
