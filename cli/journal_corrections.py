"""`aiguilleur journal corrections`: what staff accepted, as a patch or written into the training data of a checkout."""

from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import CommandError, operator_errors
from settings import PROJECT_ROOT, load_settings

if TYPE_CHECKING:
    from console.mending.exporting import Prepared
    from journal.review_models import Correction

MOST_TOLD = 20


def corrections(
    output: Annotated[Path | None, typer.Option("--output", help="Fichier du correctif, que «\u00a0git apply\u00a0» prend.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Écrire les phrases dans les fichiers de data/nlu.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Avec celles qui sont déjà exportées.")] = False,
    project: Annotated[Path, typer.Option("--project", help="Dossier d’une autre copie du projet.")] = PROJECT_ROOT,
) -> None:
    """Ajoute aux données d’entraînement les phrases que l’équipe a acceptées, ou en fait un correctif; sans option, dit combien attendent.

    Exemple\u00a0: aiguilleur journal corrections --output correctif.patch
    """
    from console.mending.words import phrases
    from journal.corrections import mark_exported, to_export
    from journal.store import Journal

    with operator_errors():
        journal = Journal(load_settings().journal_url)
        journal.prepare()
        with journal.reading() as session:
            rows = to_export(session, again)
        if output is None and not apply:
            typer.echo(f"{phrases(len(rows))} à exporter.")
        elif not rows:
            typer.echo("Rien n’est à exporter.")
        else:
            typer.echo(_export(project, rows, output, apply))
            with journal.writing.begin() as session:
                mark_exported(session, [each.id for each in rows], datetime.now(timezone.utc))
        journal.close()


def _export(project: Path, rows: "Sequence[Correction]", output: Path | None, apply: bool) -> str:
    """Write what was asked for and return what the operator is told."""
    from console.mending.patch import write
    from console.mending.words import phrases

    prepared = _prepared(project, rows)
    if not prepared.patch:
        return "Ces phrases sont déjà dans les données d’entraînement\u00a0: il n’y a rien à y changer."
    files = len(prepared.changed)
    told, what = [], f"{phrases(prepared.added)}, {files} fichier{'s' if files > 1 else ''}"
    if output is not None:
        output.write_text(prepared.patch, encoding="utf-8")
        told.append(f"{output}\u00a0: {what}; appliquez avec «\u00a0git apply {output}\u00a0».")
    if apply:
        write(project, prepared.changed)
        told.append(f"Écrit\u00a0: {what}; comparez avec «\u00a0aiguilleur train --check\u00a0».")
    return "\n".join(told)


def _prepared(project: Path, rows: "Sequence[Correction]") -> "Prepared":
    from console.mending.advice import Desk
    from console.mending.exporting import prepare
    from console.mending.labels import read_labels
    from console.mending.sentences import Shelf
    from journal.personal import mask

    sentences = Shelf(project).sentences()
    prepared = prepare(project, Desk(sentences, read_labels(project, sentences, {}), mask), rows)
    if prepared.refused:
        lines = [f"décision {each.correction.id}\u00a0: {each.told}" for each in prepared.refused[:MOST_TOLD]]
        raise CommandError("\n".join([*lines, "Reprenez ces décisions dans la console, puis relancez la commande; rien n’a été écrit."]))
    return prepared
