"""A spreadsheet comes back as it went; one with errors changes nothing, and every error is told with its line and column."""

import string
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import sessionmaker
from typer.testing import CliRunner

from cli.directory import app
from directory import csv_records
from directory.csv_cells import FORMULA, cell, guarded, unguarded, value_of
from directory.csv_records import CellProblem, Plan, plan, write
from directory.database import session_scope
from directory.editing import FIELDS, writing
from directory.exporting import csv_table
from directory.fields import read_fields
from directory.models import Revision
from directory.queries import directory_version
from directory.records import Record, load_record, load_records
from directory.seed import read_seed
from directory.vocabulary import ACTOR_KINDS, LEGAL_FORMS, NEEDS, STAGES, STATUSES
from directory.wellformed import tidied

TODAY = date(2026, 11, 29)
# What only reads asks both databases the same things: one is enough.
on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def planned(factory: sessionmaker, text: str | bytes, entity: str | None = None) -> Plan:
    with session_scope(factory) as session:
        return plan(session, text if isinstance(text, bytes) else text.encode(), TODAY, entity)


def told(factory: sessionmaker, text: str | bytes, entity: str | None = None) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.told) for each in planned(factory, text, entity).problems]


# Texts of every kind of sign that a cell may hold: separators, quotes, formulas, escapes, ends of lines, accents.
_PRINTED = "".join(sorted({*string.printable} - {*"\r\x0b\x0c"}))
SIGNS = st.text(alphabet=_PRINTED + "éÉœ’«»\u00a0→🙂|;=\\'\"", max_size=40)
TEXT = st.one_of(st.none(), SIGNS)
TEXTS = st.lists(SIGNS, max_size=4)
CODES = {"needs": NEEDS, "legal_forms": LEGAL_FORMS, "stages": STAGES}
PLACES = st.lists(st.fixed_dictionaries({"code": st.sampled_from(["R04", "QC", "51015"]), "part": st.booleans(), "note": TEXT}), max_size=2)
ACTORS = st.fixed_dictionaries(
    {
        **dict.fromkeys(("short_name", "summary", "source", "as_of", "note"), TEXT),
        "slug": st.just("risq"),
        "name": SIGNS.filter(str.strip),
        "kind": st.sampled_from(list(ACTOR_KINDS)),
        "status": st.sampled_from(list(STATUSES)),
        "dedicated": st.booleans(),
        "aliases": TEXTS,
        "other_sources": TEXTS,
        "covers": PLACES,
        "contact": st.dictionaries(st.sampled_from(["website", "phone", "email", "address", "city"]), SIGNS),
        "verified_on": st.one_of(st.none(), st.dates().map(date.isoformat)),
    }
)
SERVICES = st.fixed_dictionaries(
    {
        **dict.fromkeys(("category", "cost", "requires", "how_to_apply", "summary", "source", "as_of", "note"), TEXT),
        **{name: st.lists(st.sampled_from(list(codes)), unique=True) for name, codes in CODES.items()},
        **dict.fromkeys(("aliases", "conditions", "uses", "other_sources"), TEXTS),
        **{name: st.one_of(st.none(), st.integers(0, 10**9)) for name in ("amount_min", "amount_max")},
        "share_of_cost_max": st.one_of(st.none(), st.floats(0, 1)),
        "slug": st.just("s"),
        "actor": st.just("risq"),
        "name": SIGNS.filter(str.strip),
    }
)


def as_kept(entity: str, drawn: dict) -> Record | None:
    """Return the record as the directory would keep it, or None when its readers refuse it (a name twice)."""
    record, wrong = read_fields(tidied(drawn), FIELDS[entity])
    return None if wrong else record


@pytest.mark.parametrize(("entity", "records"), [("actor", ACTORS), ("service", SERVICES)])
def test_every_record_comes_back_from_its_cells_as_it_was(entity: str, records: st.SearchStrategy) -> None:
    @given(drawn=records)
    @settings(max_examples=300, deadline=None)
    def comes_back(drawn: dict) -> None:
        record = as_kept(entity, drawn)
        if record is None:
            return
        text = csv_table([record], FIELDS[entity])
        columns, rows = csv_records._read_table(text.encode())
        again = {name: value_of(name, said) for name, said in rows[0].cells.items()}
        assert (columns, read_fields(again, FIELDS[entity])) == (list(FIELDS[entity]), (record, {}))

    comes_back()


@given(text=st.text(alphabet="'=+-@\t\r\n\uff1d\uff20a ", max_size=6))
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    assert not guarded(text).lstrip().startswith(("=", "+", "-", "@", "\uff1d", "\uff20"))
    assert not guarded(text).startswith(("\t", "\r", "\n"))
    assert unguarded(guarded(text)) == text


@on_sqlite
@pytest.mark.parametrize(
    ("content", "words"),
    [(b"x" * 200_000, "dépasse"), ("slug;name\nrisq;RISQ\n".encode("utf-16-le"), "ne se lit pas"), (b"slug,\x00name\n", "ne se lit pas")],
)
def test_a_first_line_that_cannot_be_read_is_told(imported: sessionmaker, content: bytes, words: str) -> None:
    [(line, _, said)] = told(imported, content)
    assert line == 1
    assert words in said


def test_what_begins_like_a_formula_is_guarded_by_one_list() -> None:
    for sign in {*FORMULA, *"=+-@\uff1d\uff0b\uff0d\uff20\t\r\n"}:
        assert guarded(f"{sign}1") == f"'{sign}1" == guarded(f"  {sign}1").replace("'  ", "'")


def test_every_cell_for_staff_is_quoted() -> None:
    # Excel of fr-CA parts cells at « ; » where nothing quotes them.
    table = csv_table([{"slug": "a;=HYPERLINK(1)", "name": "b"}], ["slug", "name"])
    assert table == '\ufeff"slug","name"\r\n"a;=HYPERLINK(1)","b"\r\n'


def test_numbers_are_not_guarded() -> None:
    assert [cell(each) for each in (10_000, 0.5, None, True)] == [10_000, 0.5, None, True]


def test_exporting_and_importing_changes_nothing(imported: sessionmaker, real_seed: Path) -> None:
    seed = read_seed(real_seed)
    with session_scope(imported) as session:
        held = load_records(session)
    for entity in ("actor", "service", "answer"):
        found = planned(imported, csv_table(held[entity].values(), FIELDS[entity]))
        assert (found.entity, found.changes, found.problems, found.unchanged) == (entity, [], [], len(held[entity]))
        columns, rows = csv_records._read_table(csv_table(seed[entity].values(), FIELDS[entity]).encode())
        for row, record in zip(rows, seed[entity].values(), strict=True):
            assert read_fields({name: value_of(name, text) for name, text in row.cells.items()}, FIELDS[entity])[0] == record


@on_sqlite
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_of_every_spreadsheet_are_read(imported: sessionmaker, mark: str, separator: str, end: str) -> None:
    lines = [["slug", "summary", "covers"], ["risq", '"Prête, garantit; aide\u00a0: ""tout"""', "R04 | code=51015; part=oui"]]
    text = mark + end.join(separator.join(f'"{each}"' if ";" in each and '"' not in each else each for each in line) for line in lines)
    found = planned(imported, text)
    assert found.problems == []
    after = found.changes[0].after
    assert after["summary"] == 'Prête, garantit; aide\u00a0: "tout"'
    assert after["covers"] == [{"code": "51015", "part": True, "note": None}, {"code": "R04", "part": False, "note": None}]


@on_sqlite
def test_columns_that_are_not_there_stay_and_an_empty_cell_empties(imported: sessionmaker) -> None:
    found = planned(imported, "slug,short_name,status\nrisq,,à vérifier\n")
    before, after = found.changes[0].before, found.changes[0].after
    assert (before["short_name"], after["short_name"], after["status"]) == ("RISQ", None, "to_verify")
    assert {name for name in before if before[name] != after[name]} == {"short_name", "status"}


@on_sqlite
def test_french_ways_of_writing_are_understood(imported: sessionmaker) -> None:
    row = "risq-emergence,Prêt,10 000 $,50\u00a0%,coopérative | OBNL,financement | reprise d’entreprise"
    text = f"slug,category,amount_min,share_of_cost_max,legal_forms,needs\n{row}\n"
    after = planned(imported, text).changes[0].after
    assert (after["category"], after["amount_min"], after["share_of_cost_max"]) == ("pret", 10_000, 0.5)
    assert (after["legal_forms"], after["needs"]) == (["cooperative", "obnl"], ["financement", "reprise"])


def test_every_error_is_told_with_its_line_and_column(imported: sessionmaker) -> None:
    text = (
        "slug,name,kind,contact,verified_on,dedicated,covers,note,status,source\n"
        "risq,,financement,phone=12,2026-12-25,peut-être,R99,,closed,\n"
        '"neuf","sur\ndeux lignes",banque,site=x,,,,,,appel\n'
        ",Sans identifiant,cdc,,,,,,,appel\n"
        "cdc-a,RISQ,cdc,,,,R04,,,appel\n"
        "cdc-a,CDC A,cdc,,,,,,,appel\n"
    )
    found = told(imported, text, "actor")
    assert [each[:2] for each in found] == [
        *((2, column) for column in ("short_name", "name", "contact", "verified_on", "dedicated", "covers", "note", "source")),
        *((3, column) for column in ("name", "kind", "contact")),
        (5, "slug"),
        (6, "name"),
        (7, "slug"),
    ]
    assert str(planned(imported, text, "actor").problems[1]) == "Ligne 2, colonne name\u00a0: ce champ est nécessaire\u00a0: remplissez-le"
    assert "déjà à la ligne 6" in found[-1][2]


def test_what_the_lines_are_together_is_looked_at_too(imported: sessionmaker) -> None:
    row = "{},{},cdc,appel,R04,\n"
    text = (
        "slug,name,kind,source,covers,successor\n"
        + row.format("cdc-a", "CDC A")
        + row.format("cdc-b", "cdc a")
        + "cdc-c,C,cdc,x,R98,cdc-z\n"
    )
    assert [each[:2] for each in told(imported, text)] == [(2, "name"), (3, "name"), (4, "covers"), (4, "successor")]


@on_sqlite
def test_lines_may_name_one_another(imported: sessionmaker) -> None:
    text = "slug,name,kind,source,status,note,successor\ncdc-a,CDC A,cdc,appel,closed,Fermée,cdc-b\ncdc-b,CDC B,cdc,appel,,,\n"
    assert planned(imported, text).problems == []


@on_sqlite
@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 0, "est vide"),
        (b"slug,name\nrisq,R\xe9seau\n", 2, "CSV UTF-8"),
        (b"nom,ville\na,b\n", 1, "ne disent pas"),
        (b"slug,name,status\na,b,active\n", 1, "ne disent pas"),
        (b"slug,kind,couleur\na,cdc,bleu\n", 1, "colonne inconnue\u00a0: couleur"),
        (b"slug,kind,kind\na,cdc,cdc\n", 1, "kind"),
        (b"name,kind\na,cdc\n", 1, "slug manque"),
        (b"slug,kind\nrisq,cdc\nrisq\n", 3, "1 cellules, et 2 titres"),
        (b"slug,kind\nrisq,cdc,de trop\n", 2, "3 cellules"),
        (b'slug,kind,note\nrisq,cdc,"a"b\n', 2, "guillemets"),
        (b'slug,kind,note\nrisq,cdc,"sans fin\n', 2, "guillemets"),
        (b"slug,kind,note\nrisq,cdc,a\x00b\n", 2, "guillemets"),
        (b"slug,kind,note\nrisq,cdc," + b"x" * 100_001, 2, "raccourcissez"),
        (b"slug,kind\n" + b"".join(b"a%d,cdc\n" % n for n in range(5001)), 0, "5000 au plus"),
        (b"x" * (csv_records.MOST_BYTES + 1), 0, "2\u00a0Mo"),
    ],
)
def test_a_file_that_is_no_table_of_records_is_told_so(imported: sessionmaker, content: bytes, line: int, said: str) -> None:
    found = told(imported, content)
    assert [each[0] for each in found] == [line]
    assert said in found[0][2].replace("dépasse 100000 caractères\u00a0: raccourcissez-la", "raccourcissez")


@on_sqlite
def test_spare_separators_and_empty_lines_of_spreadsheets_are_nothing(imported: sessionmaker) -> None:
    found = planned(imported, "slug;kind;note;;\nrisq;financement;;;\n;;;;\n\n")
    assert (found.problems, found.unchanged) == ([], 1)


def test_what_is_written_is_all_of_it_each_with_its_revision(imported: sessionmaker) -> None:
    text = "slug,name,kind,source,note\nrisq,,financement,https://fonds-risq.qc.ca,Vu\ncdc-a,CDC A,cdc,appel,\n"
    text = text.replace("risq,,", "risq,Réseau d'investissement social du Québec,")
    with writing(imported) as session:
        version = directory_version(session)
        assert write(session, "jeanne", plan(session, text.encode(), TODAY)) == 2
    with session_scope(imported) as session:
        assert (load_record(session, "actor", "risq")["note"], load_record(session, "actor", "cdc-a")["name"]) == ("Vu", "CDC A")
        assert [each.key for each in session.query(Revision).filter_by(author="jeanne")] == ["risq", "cdc-a"]
        assert directory_version(session) == version + 1


def test_a_plan_with_an_error_is_not_written(imported: sessionmaker) -> None:
    found = planned(imported, "slug,name,kind,source\ncdc-a,CDC A,cdc,appel\ncdc-b,,cdc,appel\n")
    assert [each.line for each in found.problems] == [3]
    with writing(imported) as session:
        with pytest.raises(ValueError, match="problems"):
            write(session, "jeanne", found)
        assert load_record(session, "actor", "cdc-a") is None


def test_the_same_file_on_a_directory_that_changed_is_another_plan(imported: sessionmaker) -> None:
    text = "slug,kind,note\nrisq,financement,Vu\n"
    first = planned(imported, text).digest()
    assert planned(imported, text).digest() == first
    with writing(imported) as session:
        write(session, "paul", plan(session, b"slug,kind,short_name\nrisq,financement,R\n", TODAY))
    assert planned(imported, text).digest() != first


def test_a_problem_of_the_file_is_told_without_a_line() -> None:
    assert str(CellProblem(0, "", "le fichier est vide")) == "Le fichier est vide"


@pytest.mark.usefixtures("on_database")
def test_the_command_line_shows_then_writes(imported: sessionmaker, tmp_path: Path) -> None:
    file = tmp_path / "organismes.csv"
    file.write_text("slug,kind,contact\nrisq,financement,website=https://fonds-risq.qc.ca; phone=514 866-2355\n", encoding="utf-8")
    shown = CliRunner().invoke(app, ["import-csv", str(file)])
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "Téléphone\u00a0: – → 514 866-2355" in shown.stdout
    assert "--apply" in shown.stdout
    with session_scope(imported) as session:
        assert "phone" not in load_record(session, "actor", "risq")["contact"]
    written = CliRunner().invoke(app, ["import-csv", str(file), "--apply"])
    assert (written.exit_code, "C’est écrit." in written.stdout) == (0, True)
    with session_scope(imported) as session:
        assert load_record(session, "actor", "risq")["contact"]["phone"] == "514 866-2355"
        assert session.query(Revision).order_by(Revision.id.desc()).first().author == "directory import-csv"


@pytest.mark.usefixtures("on_database")
def test_the_command_line_lists_every_error_and_writes_nothing(imported: sessionmaker, tmp_path: Path) -> None:
    file = tmp_path / "organismes.csv"
    file.write_text("slug,kind,name,source\ncdc-a,cdc,CDC A,appel\ncdc-b,banque,,\n", encoding="utf-8")
    failed = CliRunner().invoke(app, ["import-csv", str(file), "--apply"])
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert [line.split("\u00a0")[0] for line in failed.stderr.splitlines()] == [
        *("Ligne 3, colonne kind", "Ligne 3, colonne name", "Ligne 3, colonne source", "3 erreurs"),
    ]
    with session_scope(imported) as session:
        assert load_record(session, "actor", "cdc-a") is None


@pytest.mark.usefixtures("imported", "on_database")
def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    failed = CliRunner().invoke(app, ["import-csv", str(tmp_path / "rien.csv")])
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert "rien.csv" in failed.stderr
