"""A YAML export is a seed: it imports again as the same directory. A CSV export opens in a spreadsheet."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import sessionmaker
from typer.testing import CliRunner

from cli.directory import app
from directory import schema
from directory.database import make_engine, open_directory, reachable, session_scope
from directory.exporting import export_csv, export_yaml
from directory.importing import import_seed
from directory.places_everyday import read_everyday
from directory.records import Records, load_records
from directory.revisions import revise
from directory.seed import read_seed


def everything(factory: sessionmaker) -> Records:
    with session_scope(factory) as session:
        return load_records(session)


def imported_from(folder: Path, url: str) -> sessionmaker:
    with reachable(make_engine(url)) as connection:
        schema.upgrade(connection)
    factory = open_directory(url)
    with session_scope(factory) as session:
        import_seed(session, folder)
    return factory


def test_an_export_imports_again_as_the_same_directory(imported: sessionmaker, new_database: Callable[[], str], tmp_path: Path) -> None:
    held = everything(imported)
    export_yaml(held, tmp_path / "export")
    assert everything(imported_from(tmp_path / "export", new_database())) == held


def test_what_staff_changed_is_exported_too(imported: sessionmaker, new_database: Callable[[], str], tmp_path: Path) -> None:
    with session_scope(imported) as session:
        whole = load_records(session)
        changed = {**whole["actor"]["risq"], "verified_on": "2026-11-24", "other_sources": ["https://risq.ca"]}
        revise(session, "staff", "actor", "risq", changed)
        place = {**whole["territory"]["mrc-maskinonge"], "phone": "819 228-9461"}
        revise(session, "staff", "territory", "mrc-maskinonge", place)
        town = {**whole["territory"]["51015"], "source": "https://louiseville.ca", "as_of": "2026-11-24"}
        revise(session, "staff", "territory", "51015", town)
    held = everything(imported)
    export_yaml(held, tmp_path / "export")
    again = everything(imported_from(tmp_path / "export", new_database()))
    assert again == held
    assert again["territory"]["mrc-maskinonge"]["phone"] == "819 228-9461"


def test_exporting_twice_gives_the_same_files(imported: sessionmaker, tmp_path: Path) -> None:
    first = export_yaml(everything(imported), tmp_path / "first")
    second = export_yaml(everything(imported), tmp_path / "second")
    assert [path.read_text() for path in first] == [path.read_text() for path in second]


def test_the_real_seed_survives_the_round_trip(real_seed: Path, tmp_path: Path) -> None:
    records = read_seed(real_seed)
    export_yaml(records, tmp_path / "export")
    assert read_seed(tmp_path / "export") == records


def test_an_export_knows_the_words_of_places_of_the_seed(imported: sessionmaker, real_seed: Path, tmp_path: Path) -> None:
    words = real_seed / "place_words.yml"
    assert tmp_path / "export" / "place_words.yml" in export_yaml(everything(imported), tmp_path / "export", words)
    assert read_everyday(tmp_path / "export" / "place_words.yml") == read_everyday(words)


def test_an_empty_directory_exports_a_seed_of_no_one(factory: sessionmaker, tmp_path: Path) -> None:
    export_yaml(everything(factory), tmp_path / "export")
    assert [entity for entity, found in read_seed(tmp_path / "export").items() if found] == ["territory"]


def test_a_csv_table_has_a_row_a_record(imported: sessionmaker, tmp_path: Path) -> None:
    export_csv(everything(imported), tmp_path)
    with (tmp_path / "service.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["slug"]: row for row in csv.DictReader(file)}
    assert rows["risq-aide-technique"]["conditions"] == "Aucune garantie prise | Mise de fonds d'au moins 10 %"
    assert rows["risq-emergence"]["amount_max"] == "100000"
    with (tmp_path / "actor.csv").open(encoding="utf-8", newline="") as file:
        covers = {row["slug"]: row["covers"] for row in csv.DictReader(file)}
    assert covers["pole-mauricie"] == "code=R04 | code=mrc-quebec; part=True; note=quelques quartiers"


@pytest.mark.usefixtures("on_database")
def test_the_command_line_exports_both_formats(imported: sessionmaker, tmp_path: Path) -> None:
    for name in ("yaml", "csv"):
        result = CliRunner().invoke(app, ["export", "--format", name, "--output", str(tmp_path / name)])
        assert (result.exit_code, result.stderr) == (0, "")
    assert (tmp_path / "csv" / "actor.csv").is_file()
    assert read_seed(tmp_path / "yaml") == everything(imported)


@pytest.mark.usefixtures("imported", "on_database")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("un fichier")
    failed = CliRunner().invoke(app, ["export", "--output", str(tmp_path / "taken")])
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert str(tmp_path / "taken") in failed.stderr
    assert failed.stderr.count("\n") == 1
