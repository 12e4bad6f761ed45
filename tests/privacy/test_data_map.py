"""The data map is that of the models, and the table of the guide is that of the map."""

import copy

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from cli import data_map
from cli.data_map import BEGIN, END, OF_THE_DIRECTORY, PAGE, held, page_with, problems, read_map, told


@pytest.fixture
def reviewed():
    """A copy of the map, to be spoilt."""
    return copy.deepcopy(read_map())


def test_every_column_where_people_are_spoken_of_has_its_entry():
    assert problems(read_map(), held()) == []


def test_the_map_covers_every_table_of_the_conversations_the_journal_and_the_console():
    tables = {*held()}
    assert {"conversation", "inbox", "messenger_thread", "journal_turn", "journal_note", "journal_incident", "console_audit"} <= tables
    assert {*OF_THE_DIRECTORY} <= tables
    assert len(tables) > 30


def test_a_table_of_the_directory_that_names_an_author_is_in_the_map():
    from directory.models import Base

    named = {table.name for table in Base.metadata.sorted_tables if {"author", "by", "account"} & {column.name for column in table.columns}}
    assert named <= {*OF_THE_DIRECTORY}


def test_the_table_of_the_guide_is_the_one_that_is_generated():
    page = PAGE.read_text(encoding="utf-8")
    assert page == page_with(page, told(read_map())), "run « aiguilleur journal data-map --write »"


def test_a_new_column_and_a_new_table_without_entry_are_told(reviewed):
    models = {**held(), "journal_note": [*held()["journal_note"], "mood"], "journal_faces": ["id"]}
    assert problems(reviewed, models) == ["journal_faces\u00a0: table sans entrée", "journal_note.mood\u00a0: colonne sans entrée"]


def test_an_entry_without_column_and_an_entry_without_table_are_told(reviewed):
    models = {name: [*columns] for name, columns in held().items() if name != "share"}
    models["inbox"].remove("text")
    assert problems(reviewed, models) == ["inbox.text\u00a0: entrée sans colonne", "share\u00a0: entrée sans table"]


@pytest.mark.parametrize("said", ["fournie", ["fournie"], ["inconnue", "Un nom"], ["fournie", " "], {"quoi": "Un nom"}])
def test_a_column_that_is_badly_said_is_told(reviewed, said):
    reviewed["inbox"]["colonnes"]["text"] = said
    (found,) = problems(reviewed, held())
    assert found.startswith("inbox.text\u00a0: ")


@pytest.mark.parametrize("part", ["personnes", "pourquoi", "acces", "conservation"])
def test_a_table_that_does_not_say_whose_why_who_or_how_long_is_told(reviewed, part):
    reviewed["inbox"][part] = ""
    assert problems(reviewed, held()) == [f"inbox\u00a0: il manque «\u00a0{part}\u00a0»"]


def test_the_columns_are_read_off_the_models(monkeypatch):
    added = Table("journal_faces", MetaData(), Column("id", Integer), Column("smile", Integer))
    monkeypatch.setattr(data_map, "_tables", lambda: iter([added]))
    assert held() == {"journal_faces": ["id", "smile"]}


def test_every_column_is_told_with_what_it_is(reviewed):
    reviewed["inbox"]["colonnes"]["text"] = {"nature": "fournie", "quoi": "Le message", "conservation": "2 jours", "acces": "le programme"}
    text = told(reviewed)
    assert text.count("\n| `") == sum(len(columns) for columns in held().values())
    assert "| `text` | Le message; accès\u00a0: le programme; conservation\u00a0: 2 jours | fournie par la personne |" in text


def test_a_page_without_its_marks_is_not_rewritten():
    assert page_with(f"a {BEGIN} old {END} b", "new") == f"a {BEGIN}\n\nnew\n\n{END} b"
    with pytest.raises(ValueError, match="carte"):
        page_with("a page", "new")


def test_no_guide_calls_masked_text_anonymous():
    # « Anonyme » is said only to say that it is not.
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    said = [line for line in lines if "anonym" in line.lower()]
    assert said
    assert [line for line in said if "est anonyme" in line or "sont anonymes" in line or "anonymisé" in line] == []
