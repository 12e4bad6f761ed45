"""Importing the seed: complete, repeatable, never against what staff changed, never by halves."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from typer.testing import CliRunner

from cli.directory import app
from directory.database import session_scope
from directory.errors import SeedError
from directory.importing import ImportReport, import_seed
from directory.models import Actor, Answer, PostalArea, Revision, Service, Territory, TerritoryAlias
from directory.queries import actor_by_slug, answer_by_slug, directory_version, service_by_slug
from directory.records import load_record
from directory.revisions import revise
from directory.seed import read_seed
from directory.seed_files import MANIFEST
from settings import load_settings

SMALL_SEED = {
    "country": 1,
    "region": 3,
    "mrc": 3,
    "municipality": 5,
    "sector": 2,
    "place_alias": 2,
    "postal_area": 3,
    "actor": 3,
    "service": 2,
    "answer": 2,
}


def run_import(factory: sessionmaker, seed: Path, overwrite: bool = False) -> ImportReport:
    with session_scope(factory) as session:
        return import_seed(session, seed, overwrite)


def staff_changes(factory: sessionmaker, entity: str, key: str, **changes: object) -> None:
    with session_scope(factory) as session:
        revise(session, "staff", entity, key, {**load_record(session, entity, key), **changes})


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model))


def test_everything_in_the_seed_is_new_the_first_time(factory: sessionmaker, small_seed: Path) -> None:
    report = run_import(factory, small_seed)
    assert report.new == SMALL_SEED
    assert (report.changed, report.unchanged, report.conflicts, report.vanished) == (Counter(), Counter(), [], [])


def test_the_fields_of_a_record_reach_the_database(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        actor = actor_by_slug(session, "pole-mauricie")
        assert [(each.territory_code, each.part) for each in actor.covers] == [("R04", False), ("mrc-quebec", True)]
        assert (actor.city, actor.as_of, actor.dedicated) == ("Trois-Rivières", "2021", True)
        service = service_by_slug(session, "risq-aide-technique")
        assert (service.amount_min, service.amount_max, service.share_of_cost_max) == (1000, 10000, 0.9)
        assert sorted(service.legal_forms) == ["cooperative", "obnl"]
        assert (service.valid_from.isoformat(), service.as_of) == ("2024-01-01", "2024-02-27")
        answer = answer_by_slug(session, "risq_admissibilite")
        assert (answer.next, answer.see, answer.rows) == (
            ["risq_montant"],
            ["pole-mauricie"],
            ["reponses-financement#1"],
        )


def test_a_town_that_is_its_own_mrc_exists_twice(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        places = session.scalars(select(Territory).where(Territory.name == "Québec").order_by(Territory.code))
        found = [(each.code, each.level, each.parent_code) for each in places]
    assert found == [
        ("23027", "municipality", "mrc-quebec"),
        ("QC", "country", None),
        ("mrc-quebec", "mrc", "R03"),
    ]


def test_other_names_of_places_are_looked_up_by_key(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        code = select(TerritoryAlias.territory_code).where(TerritoryAlias.folded == "saint leon")
        assert session.scalar(code) == "51035"


def test_a_second_import_changes_nothing_and_says_so(imported: sessionmaker, small_seed: Path) -> None:
    with session_scope(imported) as session:
        before = (directory_version(session), count(session, Revision))
    report = run_import(imported, small_seed)
    with session_scope(imported) as session:
        assert (directory_version(session), count(session, Revision)) == before
    assert report.unchanged == SMALL_SEED
    assert not report.wrote
    assert any(line.startswith("Rien à changer") for line in report.lines())


def test_a_record_that_the_seed_changed_is_updated(imported: sessionmaker, small_seed: Path) -> None:
    replace(small_seed / "actors/financement.yml", "[le RISQ, Fonds RISQ]", "[Fonds RISQ, RISQ Québec]")
    replace(small_seed / "actors/financement.yml", "[obnl, cooperative]", "[obnl, private]")
    replace(small_seed / "mrc.csv", "418 641-6010", "418 641-6411")
    report = run_import(imported, small_seed)
    assert report.changed == {"mrc": 1, "actor": 1, "service": 1}
    with session_scope(imported) as session:
        assert load_record(session, "actor", "risq")["aliases"] == ["Fonds RISQ", "RISQ Québec"]
        assert load_record(session, "service", "risq-aide-technique")["legal_forms"] == ["obnl", "private"]
        assert session.get(Territory, "mrc-quebec").phone == "418 641-6411"


def test_a_record_that_staff_changed_is_kept_and_listed(imported: sessionmaker, small_seed: Path) -> None:
    staff_changes(imported, "actor", "risq", note="Appelé le 24 novembre.")
    replace(small_seed / "actors/financement.yml", "short_name: RISQ", "short_name: Le RISQ")
    report = run_import(imported, small_seed)
    assert report.conflicts == [("actor", "risq")]
    assert not report.wrote
    assert "  organismes\u00a0: risq" in report.lines()
    with session_scope(imported) as session:
        actor = actor_by_slug(session, "risq")
        assert (actor.short_name, actor.note) == ("RISQ", "Appelé le 24 novembre.")


def test_overwriting_takes_what_the_seed_says(imported: sessionmaker, small_seed: Path) -> None:
    staff_changes(imported, "actor", "risq", note="Appelé le 24 novembre.")
    report = run_import(imported, small_seed, overwrite=True)
    assert (report.changed, report.conflicts) == ({"actor": 1}, [])
    with session_scope(imported) as session:
        assert actor_by_slug(session, "risq").note is None


def test_a_record_that_staff_took_away_stays_away(imported: sessionmaker, small_seed: Path) -> None:
    with session_scope(imported) as session:
        revise(session, "staff", "actor", "risq", None)
    replace(small_seed / "actors/financement.yml", "slug: risq-emergence", "slug: risq-nouveau")
    report = run_import(imported, small_seed)
    assert report.conflicts == [("actor", "risq"), ("service", "risq-aide-technique"), ("service", "risq-nouveau")]
    assert not report.wrote


def test_what_staff_and_seed_came_to_say_alike_is_led_by_the_seed_again(imported: sessionmaker, small_seed: Path) -> None:
    staff_changes(imported, "actor", "risq", short_name="Le RISQ")
    replace(small_seed / "actors/financement.yml", "short_name: RISQ", "short_name: Le RISQ")
    assert run_import(imported, small_seed).unchanged == SMALL_SEED
    replace(small_seed / "actors/financement.yml", "short_name: Le RISQ", "short_name: Fonds RISQ")
    assert run_import(imported, small_seed).changed == {"actor": 1}


def test_a_record_of_staff_with_the_slug_of_a_new_one_is_a_conflict(factory: sessionmaker, small_seed: Path) -> None:
    with session_scope(factory) as session:
        session.add(Actor(slug="risq", name="Ajouté à la console", kind="financement"))
    report = run_import(factory, small_seed)
    assert ("actor", "risq") in report.conflicts
    with session_scope(factory) as session:
        assert actor_by_slug(session, "risq").name == "Ajouté à la console"


def test_what_left_the_seed_is_listed_and_kept(imported: sessionmaker, small_seed: Path) -> None:
    (small_seed / "actors/mentorat.yml").unlink()
    report = run_import(imported, small_seed)
    assert report.vanished == [("actor", "reseau-mentorat"), ("actor", "pole-mauricie")]
    with session_scope(imported) as session:
        assert count(session, Actor) == SMALL_SEED["actor"]


def test_what_staff_added_is_not_said_to_have_left_the_seed(imported: sessionmaker, small_seed: Path) -> None:
    with session_scope(imported) as session:
        session.add(Actor(slug="new", name="Ajouté", kind="reseau"))
    assert run_import(imported, small_seed).vanished == []


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("actors/financement.yml", "kind: financement", "kind: banque", ":1: risq\u00a0: kind\u00a0: «\u00a0banque"),
        (
            "actors/financement.yml",
            "covers: [QC]",
            "covers: [mrc-x]",
            ":1: risq\u00a0: covers\u00a0: territoire inconnu",
        ),
        (
            "actors/financement.yml",
            "needs: [financement, accompagnement]",
            "needs: [or]",
            ":16: risq-aide-technique\u00a0: needs",
        ),
        (
            "actors/financement.yml",
            "amount_min: 1000\n",
            "amount_min: mille\n",
            ":16: risq-aide-technique\u00a0: amount_min",
        ),
        ("actors/financement.yml", "short_name:", "shortname:", "champ inconnu\u00a0: shortname"),
        (
            "actors/financement.yml",
            "short_name: RISQ",
            "name: RISQ",
            ":1: YAML illisible\u00a0: champ répété\u00a0: name",
        ),
        ("actors/financement.yml", "  covers: [QC]", "  covers: [QC", "YAML illisible"),
        ("actors/mentorat.yml", "slug: pole-mauricie", "slug: risq", "déjà donné à actors/financement.yml:1"),
        ("answers/risq.yml", "slug: risq_montant", "slug: risq_admissibilite", "déjà donné à answers/risq.yml:1"),
        (
            "answers/risq.yml",
            "question: Combien peut-on obtenir pour payer une étude?",
            "question:",
            "question\u00a0: manque",
        ),
        ("territories.csv", "51015,", "5101,", "territories.csv:2: code «\u00a05101"),
        ("territories.csv", "Ville,Maskinongé", "Ville,Portneuf", "territories.csv:2: MRC inconnue\u00a0: Portneuf"),
        ("territories.csv", "51035,", "51015,", "territories.csv:3: code répété\u00a0: 51015"),
        ("territories.csv", "code,name", "code,nom", "territories.csv:1: colonne manquante\u00a0: name"),
        (
            "territories.csv",
            "51015,Louiseville",
            "51015,Louiseville,x",
            "territories.csv:2: la ligne n’a pas le même nombre",
        ),
        ("mrc.csv", "mrc-maskinonge", "mrc-mask", "mrc.csv:2: code «\u00a0mrc-mask"),
        ("sectors.csv", "23027,secteur", "99999,secteur", "sectors.csv:2: municipalité inconnue\u00a0: 99999"),
        ("postal_areas.csv", "J5V", "J5", "postal_areas.csv:4: J5\u00a0: trois caractères"),
        (
            "place_aliases.yml",
            "mrc-quebec",
            "mrc-levis",
            "place_aliases.yml:1: Vieille Capitale\u00a0: territoire inconnu\u00a0: mrc-levis",
        ),
    ],
)
def test_a_broken_file_is_named_with_its_line(small_seed: Path, file: str, old: str, new: str, told: str) -> None:
    replace(small_seed / file, old, new)
    with pytest.raises(SeedError) as raised:
        read_seed(small_seed)
    assert str(small_seed / file) in str(raised.value)
    assert told in str(raised.value)


def test_every_problem_is_told_at_once(small_seed: Path) -> None:
    (small_seed / "mrc.csv").unlink()
    (small_seed / "answers/risq.yml").write_bytes("- slug: é".encode("latin-1"))
    with pytest.raises(SeedError) as raised:
        read_seed(small_seed)
    told = "\n".join(raised.value.problems)
    assert f"{small_seed / 'mrc.csv'}: fichier introuvable" in told
    assert f"{small_seed / 'answers/risq.yml'}: n’est pas en UTF-8" in told


def test_a_file_that_the_manifest_announces_is_missed(small_seed: Path) -> None:
    files = [path.relative_to(small_seed).as_posix() for path in small_seed.rglob("*.yml")]
    (small_seed / MANIFEST).write_text("".join(f"- {file}\n" for file in files), encoding="utf-8")
    read_seed(small_seed)
    (small_seed / "answers/risq.yml").unlink()
    with pytest.raises(SeedError, match="answers/risq.yml: fichier absent, que manifest.yml annonce"):
        read_seed(small_seed)


def test_the_manifest_of_the_seed_lists_its_files() -> None:
    folder = load_settings().seed_dir
    there = [path.relative_to(folder).as_posix() for part in ("actors", "answers") for path in (folder / part).glob("*.yml")]
    assert sorted(there) == sorted(file for file in yaml.safe_load((folder / MANIFEST).read_text(encoding="utf-8")) if "/" in file)


def test_a_long_list_of_problems_is_cut() -> None:
    told = str(SeedError([f"file:{n}: wrong" for n in range(1_000)]))
    assert told.count("\n") == 20
    assert told.endswith("980 autres problèmes")


def test_nothing_is_written_from_a_broken_seed(factory: sessionmaker, small_seed: Path) -> None:
    replace(small_seed / "answers/risq.yml", "label: Le montant de l’aide technique", "label:")
    with pytest.raises(SeedError):
        run_import(factory, small_seed)
    with session_scope(factory) as session:
        counts = [count(session, model) for model in (Territory, PostalArea, Actor, Service, Answer, Revision)]
        assert (counts, directory_version(session)) == ([0] * 6, 0)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="nowhere: dossier introuvable.*--seed"):
        read_seed(tmp_path / "nowhere")


def test_the_command_line_makes_a_fresh_database_and_reports(empty_url: str, small_seed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLEUR_DATABASE_URL", empty_url)
    first = CliRunner().invoke(app, ["import", "--seed", str(small_seed)])
    assert (first.exit_code, first.stderr) == (0, "")
    organismes = next(line for line in first.stdout.splitlines() if line.startswith("organismes"))
    assert organismes.split() == ["organismes", "3", "0", "0", "0"]
    again = CliRunner().invoke(app, ["import", "--seed", str(small_seed)])
    assert "Rien à changer" in again.stdout


@pytest.mark.usefixtures("on_database")
def test_the_command_line_tells_a_broken_seed_on_standard_error(small_seed: Path) -> None:
    replace(small_seed / "actors/mentorat.yml", "kind: pole", "kind: pôle")
    failed = CliRunner().invoke(app, ["import", "--seed", str(small_seed)])
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert "actors/mentorat.yml:10: pole-mauricie" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_the_real_seed_is_read_whole_imports_once_and_keeps_homonyms_apart(factory: sessionmaker, real_seed: Path) -> None:
    expected = {entity: len(records) for entity, records in read_seed(real_seed).items()}
    report = run_import(factory, real_seed)
    levels = {"country": 1, "region": 17, "mrc": 104, "municipality": 1281, "sector": 372}
    assert {kind: report.new[kind] for kind in levels} == levels
    assert sum(levels.values()) == expected.pop("territory")
    assert {kind: report.new[kind] for kind in expected} == expected
    assert not run_import(factory, real_seed).wrote
    with session_scope(factory) as session:
        homonyms = select(Territory.parent_code).where(Territory.name == "Saint-Léon-le-Grand")
        assert sorted(session.scalars(homonyms)) == ["mrc-la-matapedia", "mrc-maskinonge"]
