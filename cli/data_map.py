"""The data map: each column where people are spoken of, as the reviewed file says it, checked against the models, told as a page."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
import yaml
from sqlalchemy import Table

from cli.errors import CommandError, operator_errors
from settings import PROJECT_ROOT

REVIEWED = PROJECT_ROOT / "docs" / "carte-des-donnees.yml"
PAGE = PROJECT_ROOT / "docs" / "vie-privee.md"
BEGIN, END = "<!-- carte : début -->", "<!-- carte : fin -->"
# Of the directory, which speaks of organisations, what speaks of people.
OF_THE_DIRECTORY = ("revision", "import_draft", "link_check")
NATURES = {
    "fournie": "fournie par la personne",
    "reponse": "réponse de l’assistant",
    "deduite": "déduite par le programme",
    "equipe": "écrite par le personnel, ou de son compte",
    "technique": "technique",
}
BASES = {"conversations": "Les conversations", "journal": "Le journal et la console", "annuaire": "L’annuaire"}
OF_A_TABLE = ("base", "personnes", "pourquoi", "acces", "conservation", "colonnes")
_MAY_DIFFER = {"acces": "accès", "conservation": "conservation"}
Map = Mapping[str, Mapping[str, Any]]


def held() -> dict[str, list[str]]:
    """Return the columns of every table of the models where people are spoken of, by name of table."""
    return {table.name: [column.name for column in table.columns] for table in _tables()}


def _tables() -> Iterator[Table]:
    from bot.conversations.models import Base as Conversations
    from console.models import Base as Console
    from directory.models import Base as Directory
    from journal.schema import METADATA

    for metadata in (Conversations.metadata, METADATA, Console.metadata):
        yield from metadata.sorted_tables
    yield from (Directory.metadata.tables[name] for name in OF_THE_DIRECTORY)


def read_map(path: Path = REVIEWED) -> Map:
    """Return the reviewed map: tables in the order of the file, each {base, personnes, pourquoi, acces, conservation, colonnes}."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))["tables"]


def problems(reviewed: Map, models: Mapping[str, list[str]]) -> list[str]:
    """Return what the map lacks, has too much, or says badly; empty when it is whole."""
    found = [f"{name}\u00a0: table sans entrée" for name in models if name not in reviewed]
    for name, entry in reviewed.items():
        if name not in models:
            found.append(f"{name}\u00a0: entrée sans table")
            continue
        found += [f"{name}.{column}\u00a0: colonne sans entrée" for column in models[name] if column not in entry["colonnes"]]
        found += [f"{name}.{column}\u00a0: entrée sans colonne" for column in entry["colonnes"] if column not in models[name]]
        found += [f"{name}\u00a0: il manque «\u00a0{part}\u00a0»" for part in OF_A_TABLE if not entry.get(part)]
        found += [f"{name}.{column}\u00a0: {wrong}" for column, said in entry["colonnes"].items() if (wrong := _wrong(said))]
    return found


def _wrong(said: Any) -> str:
    try:
        column = _column(said)
    except (KeyError, TypeError, ValueError):
        return "écrivez [nature, ce que c’est]"
    if column["nature"] not in NATURES:
        return f"«\u00a0{column['nature']}\u00a0» n’est pas une nature ({', '.join(NATURES)})"
    return "" if str(column["quoi"]).strip() else "dites ce que c’est"


def _column(said: Any) -> Mapping[str, str]:
    if isinstance(said, Mapping):
        return {**said, "nature": said["nature"], "quoi": said["quoi"]}
    nature, what = said
    return {"nature": nature, "quoi": what}


def told(reviewed: Map) -> str:
    """Return the map in Markdown: a heading a database, and under it a table of columns for each of its tables."""
    return "\n".join(_told_lines(reviewed)).rstrip().replace(" :", "\u00a0:").replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def _told_lines(reviewed: Map) -> list[str]:
    lines: list[str] = []
    for base, title in BASES.items():
        lines += [f"### {title}", ""]
        for name, entry in reviewed.items():
            lines += [*_told_table(name, entry), ""] if entry["base"] == base else []
    return lines


def _told_table(name: str, entry: Mapping[str, Any]) -> list[str]:
    lead = [f"**De qui**\u00a0: {entry['personnes']}. **Pourquoi**\u00a0: {entry['pourquoi']}."]
    lead += [f"**Qui y a accès**\u00a0: {entry['acces']}. **Combien de temps**\u00a0: {entry['conservation']}."]
    rows = [f"| `{column}` | {_what(_column(said))} | {NATURES[_column(said)['nature']]} |" for column, said in entry["colonnes"].items()]
    return [f"#### `{name}`", "", *lead, "", "| colonne | ce que c’est | nature |", "| --- | --- | --- |", *rows]


def _what(column: Mapping[str, str]) -> str:
    apart = [f"{title}\u00a0: {column[key]}" for key, title in _MAY_DIFFER.items() if key in column]
    return "; ".join([column["quoi"], *apart]).replace("|", "\\|")


def page_with(page: str, table: str) -> str:
    """Return the text of a page with `table` between its two marks.

    Raises:
        ValueError: the marks are not there.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def data_map(write: bool = typer.Option(False, "--write", help="Réécrire le tableau de docs/vie-privee.md.")) -> None:
    """Montre la carte des données\u00a0: ce que contient chaque colonne, de qui, pourquoi, qui la voit, jusqu’à quand.

    Exemple\u00a0: aiguilleur journal data-map --write
    """
    with operator_errors():
        reviewed = read_map()
        if wrong := problems(reviewed, held()):
            raise CommandError("La carte n’est plus celle des tables, corrigez docs/carte-des-donnees.yml\u00a0:\n" + "\n".join(wrong))
        if not write:
            typer.echo(told(reviewed))
            return
        PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), told(reviewed)), encoding="utf-8")
    typer.echo(f"Tableau réécrit\u00a0: {PAGE.relative_to(PROJECT_ROOT)}.")
