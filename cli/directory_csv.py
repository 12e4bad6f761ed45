"""`aiguilleur directory import-csv`: bring a spreadsheet of records back, once all of it is right."""

from datetime import datetime
from enum import Enum
from pathlib import Path

import typer
from sqlalchemy.orm import Session

from cli.errors import EXIT_CODE, operator_errors
from directory.csv_records import MOST_BYTES, Plan, plan, write
from directory.database import open_directory, session_scope
from directory.editing import writing
from directory.labels import Names, field_label, told
from directory.merging import Difference, differences
from directory.text import QUEBEC
from settings import load_settings

AUTHOR = "directory import-csv"


class Kind(str, Enum):
    """What a file holds."""

    organismes = "organismes"
    services = "services"
    reponses = "reponses"


_ENTITIES = {Kind.organismes: "actor", Kind.services: "service", Kind.reponses: "answer"}


def import_csv(
    file: Path = typer.Argument(help="Fichier CSV en UTF-8; ses colonnes portent les noms de l’export."),
    kind: Kind | None = typer.Option(None, "--kind", help="Ce qu’il contient (par défaut, ses colonnes le disent)."),
    apply: bool = typer.Option(False, "--apply", help="Écrire les changements; sans elle, ils sont seulement montrés."),
) -> None:
    """Montre ce qu’un fichier d’organismes, de services ou de réponses changerait; avec --apply, le change, en entier ou pas du tout.

    Exemple\u00a0: aiguilleur directory import-csv sortie/actor.csv --apply
    """
    with operator_errors():
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        factory = open_directory(load_settings().database_url)
        with (writing if apply else session_scope)(factory) as session:
            planned = plan(session, content, datetime.now(QUEBEC).date(), _ENTITIES.get(kind))
            lines = _told(session, planned)
            if apply and not planned.problems:
                write(session, AUTHOR, planned)
    for line in lines:
        typer.echo(line, err=bool(planned.problems))
    if planned.problems:
        raise typer.Exit(EXIT_CODE)
    if planned.changes:
        typer.echo("C’est écrit." if apply else "Rien n’est écrit\u00a0: ajoutez --apply pour le faire.")


def _told(session: Session, planned: Plan) -> list[str]:
    if planned.problems:
        count = len(planned.problems)
        return [*map(str, planned.problems), f"{count} {'erreurs' if count > 1 else 'erreur'}\u00a0: rien n’a été écrit."]
    names = Names.load(session)
    lines = [planned.summary()]
    for change in planned.changes:
        lines.append(f"{'Nouveau' if change.before is None else 'Changé'}\u00a0: {change.key}")
        lines += [f"  {_difference(planned.entity, each, names)}" for each in differences(change.before, change.after)]
    return lines


def _difference(entity: str, each: Difference, names: Names) -> str:
    was, now = (" | ".join(told(each.field, value, names)) or "–" for value in (each.before, each.after))
    return f"{field_label(entity, each.field)}\u00a0: {was} → {now}"
