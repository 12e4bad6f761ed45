"""The verbs of `aiguilleur directory`: load, check, export and migrate the directory."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

import typer
from sqlalchemy.engine import Connection, Engine

from cli.directory_csv import import_csv
from cli.directory_links import check_links
from cli.errors import CommandError, operator_errors
from directory import schema
from directory.checking import check as check_records
from directory.database import current_revision, make_engine, open_directory, reachable, session_scope
from directory.exporting import export_csv, export_yaml
from directory.importing import import_seed
from directory.records import Records, load_records
from directory.seed import read_seed
from settings import Settings, load_settings

app = typer.Typer(help="Le répertoire\u00a0: lieux, organismes, services et réponses.", no_args_is_help=True)

app.command("import-csv")(import_csv)
app.command("check-links")(check_links)

SHOWN_A_CHECK = 10


class Format(str, Enum):
    """What `export` writes."""

    yaml = "yaml"
    csv = "csv"


@contextmanager
def _told() -> Iterator[Settings]:
    """Give the settings; what an operator can mend ends in one line on standard error."""
    with operator_errors():
        yield load_settings()


@app.command("import")
def import_(
    seed: Path | None = typer.Option(None, help="Dossier des données de départ (par défaut\u00a0: data/seed)."),
    overwrite: bool = typer.Option(False, "--overwrite", help="Remplacer aussi ce que l’équipe a modifié."),
) -> None:
    """Charge les données de départ sans défaire ce que l’équipe a modifié.

    Exemple\u00a0: aiguilleur directory import
    """
    with _told() as settings:
        _make_schema_if_fresh(make_engine(settings.database_url))
        with session_scope(open_directory(settings.database_url)) as session:
            report = import_seed(session, seed or settings.seed_dir, overwrite)
    for line in report.lines():
        typer.echo(line)


def _make_schema_if_fresh(engine: Engine) -> None:
    with reachable(engine) as connection:
        if current_revision(connection) is None:
            schema.upgrade(connection)


@app.command()
def check(
    seed: Path | None = typer.Option(None, help="Vérifier ce dossier de données plutôt que la base."),
    as_json: bool = typer.Option(False, "--json", help="Écrire tout le rapport en JSON."),
    everything: bool = typer.Option(False, "--all", help="Montrer chaque fiche, sans abréger."),
) -> None:
    """Dit ce qui est faux (code de sortie 1) et ce qui manque dans le répertoire.

    Exemple\u00a0: aiguilleur directory check --all
    """
    with _told() as settings:
        report = check_records(_records(settings, seed))
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        for line in report.lines(None if everything else SHOWN_A_CHECK):
            typer.echo(line)
    raise typer.Exit(1 if report.total(errors=True) else 0)


def _records(settings: Settings, seed: Path | None = None) -> Records:
    if seed is not None:
        return read_seed(seed)
    with session_scope(open_directory(settings.database_url)) as session:
        return load_records(session)


@app.command()
def export(
    output: Path = typer.Option(..., help="Dossier où écrire; ses fichiers de mêmes noms sont remplacés."),
    format_: Format = typer.Option(Format.yaml, "--format", help="yaml se réimporte; csv s’ouvre dans un tableur."),
) -> None:
    """Écrit tout le répertoire dans un dossier.

    Exemple\u00a0: aiguilleur directory export --format csv --output sortie
    """
    write = {Format.yaml: export_yaml, Format.csv: export_csv}[format_]
    with _told() as settings:
        files = write(_records(settings), output)
    typer.echo(f"{len(files)} fichiers écrits dans {output}")


@app.command()
def upgrade(revision: str = typer.Argument("head", help="Révision voulue (par défaut, la plus récente).")) -> None:
    """Met les tables du répertoire à jour.

    Exemple\u00a0: aiguilleur directory upgrade
    """
    _migrate(schema.upgrade, revision)


@app.command()
def downgrade(
    revision: str = typer.Argument("-1", help="Révision voulue; «\u00a0base\u00a0» retire toutes les tables."),
    yes: bool = typer.Option(False, "--yes", help="Confirmer que des données seront perdues."),
) -> None:
    """Ramène les tables du répertoire à une révision d’avant; leurs données peuvent être perdues.

    Exemple\u00a0: aiguilleur directory downgrade --yes
    """
    if not yes:
        with operator_errors():
            raise CommandError("Revenir en arrière peut perdre des données\u00a0: exportez d’abord, puis ajoutez --yes.")
    _migrate(schema.downgrade, revision)


def _migrate(move: Callable[[Connection, str], None], revision: str) -> None:
    with _told() as settings, reachable(make_engine(settings.database_url)) as connection:
        before = current_revision(connection)
        move(connection, revision)
        after = current_revision(connection)
    typer.echo(f"Schéma du répertoire\u00a0: {before or 'aucune table'} → {after or 'aucune table'}")
