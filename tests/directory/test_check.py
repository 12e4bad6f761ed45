"""`directory check` tells what is wrong from what is only missing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import sessionmaker
from typer.testing import CliRunner

from cli.directory import app
from directory.checking import CHECKS, CheckReport, check
from directory.database import session_scope
from directory.records import Records, load_records
from directory.revisions import revise
from directory.seed import read_seed


def found(report: CheckReport) -> dict[str, list[str]]:
    return {each.code: lines for each, lines in report.found.items()}


@pytest.fixture
def records(small_seed: Path) -> Records:
    return read_seed(small_seed)


def test_the_small_seed_has_gaps_and_no_error(records: Records) -> None:
    report = check(records)
    assert report.total(errors=True) == 0
    assert found(report) == {
        "no_date": ["risq", "risq_admissibilite"],
        "mrc_without_site": ["mrc-eeyou-istchee\u00a0: Eeyou Istchee"],
        "region_without_pole": ["R10\u00a0: Nord-du-Québec"],
    }


@pytest.mark.parametrize(
    ("code", "entity", "key", "change", "told"),
    [
        ("no_source", "actor", "risq", {"source": None}, "risq"),
        ("no_source", "service", "risq-emergence", {"source": None}, "risq-emergence"),
        ("no_source", "answer", "risq_montant", {"sources": []}, "risq_montant"),
        ("no_source", "territory", "51015", {"source": None}, "51015"),
        ("closed_without_note", "actor", "reseau-mentorat", {"note": None}, "reseau-mentorat"),
        (
            "unknown_territory",
            "actor",
            "risq",
            {"covers": [{"code": "mrc-x", "part": False, "note": None}]},
            "risq\u00a0: mrc-x",
        ),
        ("unknown_territory", "place_alias", "St-Léon", {"territories": ["00000"]}, "St-Léon\u00a0: 00000"),
        ("clerk_email", "territory", "mrc-maskinonge", {"email": "Greffier@exemple.ca"}, "mrc-maskinonge\u00a0: Greffier@exemple.ca"),
        ("clerk_email", "territory", "mrc-maskinonge", {"email": "DG.direction@exemple.ca"}, "mrc-maskinonge\u00a0: DG.direction"),
        ("amounts", "service", "risq-aide-technique", {"amount_min": 20000}, "de 20000 à 10000\u00a0$"),
        ("amounts", "service", "risq-aide-technique", {"share_of_cost_max": 1.5}, "part de 1.5"),
        ("dates", "service", "risq-aide-technique", {"valid_to": "2023-01-01"}, "du 2024-01-01 au 2023-01-01"),
        ("shared_alias", "actor", "pole-mauricie", {"aliases": ["Le R.I.S.Q", "Fonds Risq"]}, "pole-mauricie, risq"),
        ("shared_alias", "actor", "pole-mauricie", {"short_name": "Réseau mentorat"}, "pole-mauricie, reseau-mentorat"),
        ("unknown_reference", "actor", "reseau-mentorat", {"successor": "x"}, "reseau-mentorat\u00a0: successeur x"),
        ("unknown_reference", "answer", "risq_montant", {"actor": "x"}, "risq_montant\u00a0: organisme x"),
        ("unknown_reference", "answer", "risq_montant", {"see": ["x"]}, "risq_montant\u00a0: organisme x"),
        ("unknown_reference", "answer", "risq_montant", {"service": "x"}, "risq_montant\u00a0: service x"),
        ("unknown_reference", "answer", "risq_montant", {"next": ["x"]}, "risq_montant\u00a0: réponse x"),
        ("unknown_reference", "answer", "risq_montant", {"twin": "x"}, "risq_montant\u00a0: réponse x"),
        ("duplicate", "service", "risq-emergence", {"name": "Fonds aide-technique"}, "comme risq-aide-technique"),
        (
            "duplicate",
            "answer",
            "risq_montant",
            {"question": "qui peut demander du financement au risq"},
            "risq_montant\u00a0: comme risq_admissibilite",
        ),
        ("long_label", "answer", "risq_montant", {"label": "x" * 41}, "risq_montant\u00a0: 41 caractères"),
    ],
)
def test_an_error_is_found_and_named(records: Records, code: str, entity: str, key: str, change: dict[str, object], told: str) -> None:
    records[entity][key].update(change)
    report = check(records)
    assert report.total(errors=True) == 1
    assert told in found(report)[code][0]


@pytest.mark.parametrize(
    ("code", "entity", "key", "change"),
    [
        ("no_date", "service", "risq-emergence", {"as_of": None}),
        ("no_coverage", "actor", "pole-mauricie", {"covers": []}),
        ("unreachable", "actor", "pole-mauricie", {"contact": {"city": "Trois-Rivières"}}),
        ("to_verify", "actor", "pole-mauricie", {"status": "to_verify"}),
        ("to_verify", "answer", "risq_montant", {"status": "to_verify"}),
        ("incomplete_service", "service", "risq-emergence", {"stages": []}),
    ],
)
def test_a_gap_is_listed_and_is_no_error(records: Records, code: str, entity: str, key: str, change: dict[str, object]) -> None:
    records[entity][key].update(change)
    report = check(records)
    assert report.total(errors=True) == 0
    assert any(line.startswith(key) for line in found(report)[code])


def test_a_closed_actor_needs_neither_coverage_nor_contact(records: Records) -> None:
    records["actor"]["reseau-mentorat"].update({"covers": [], "contact": {}})
    assert not {"no_coverage", "unreachable"} & set(found(check(records)))


def test_a_day_of_verification_counts_as_a_date(records: Records) -> None:
    records["actor"]["risq"]["verified_on"] = "2026-11-24"
    assert found(check(records))["no_date"] == ["risq_admissibilite"]


@pytest.mark.parametrize(
    ("change", "without_pole"),
    [
        ({"covers": [{"code": "51015", "part": False, "note": None}]}, ["R03", "R10"]),
        ({"status": "closed", "note": "Fermé."}, ["R03", "R04", "R10"]),
        ({"kind": "reseau"}, ["R03", "R04", "R10"]),
    ],
)
def test_an_open_pole_serves_the_region_of_the_places_it_covers(
    records: Records, change: dict[str, object], without_pole: list[str]
) -> None:
    records["actor"]["pole-mauricie"].update(change)
    assert [line[:3] for line in found(check(records))["region_without_pole"]] == without_pole


def test_the_database_and_the_seed_are_checked_alike(imported: sessionmaker, records: Records) -> None:
    with session_scope(imported) as session:
        assert found(check(load_records(session))) == found(check(records))


def test_every_check_has_its_own_code() -> None:
    codes = [each.code for each in CHECKS]
    assert sorted(set(codes)) == sorted(codes)


@pytest.fixture
def run(imported: sessionmaker, on_database: str) -> Callable:  # noqa: ARG001
    """Call `check` on a database that holds the small seed."""
    return lambda *arguments: CliRunner().invoke(app, ["check", *arguments])


def test_gaps_alone_leave_exit_code_zero(run: Callable) -> None:
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:2] == ["Erreurs\u00a0: 0", "Manques\u00a0: 4"]


def test_an_error_gives_exit_code_one(run: Callable, imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        whole = load_records(session)["actor"]["reseau-mentorat"]
        revise(session, "staff", "actor", "reseau-mentorat", {**whole, "note": None})
    result = run()
    assert result.exit_code == 1
    assert "  Organisme fermé sans note (1)\n    reseau-mentorat" in result.stdout


def test_json_holds_every_finding(run: Callable) -> None:
    report = json.loads(run("--json").stdout)
    assert report["totals"] == {"errors": 0, "gaps": 4}
    assert report["gaps"]["no_date"]["items"] == ["risq", "risq_admissibilite"]


def test_a_long_list_is_cut_unless_all_is_asked(records: Records) -> None:
    for number in range(12):
        records["answer"][f"topic_{number}"] = {
            **records["answer"]["risq_admissibilite"],
            "question": f"Question {number}?",
        }
    report = check(records)
    assert "    … et 4 de plus" in report.lines(most=10)
    assert len([line for line in report.lines() if line.startswith("    topic_")]) == 12


def test_seed_files_are_checked_without_any_database(small_seed: Path) -> None:
    result = CliRunner().invoke(app, ["check", "--seed", str(small_seed)])
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "Erreurs\u00a0: 0")
