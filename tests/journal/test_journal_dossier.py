"""A dossier holds all that is kept of one conversation, and nothing of another."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from test_journal_erasing import _reviewed
from test_journal_writing import BEGUN, CARDS, LOUISEVILLE, conversation, turn, written

from journal.dossier import NoConversation, codes_in, dossier_of, readable
from journal.models import Turn
from journal.schema import METADATA
from journal.store import Journal
from journal.told import FOUND

# A number of ours, and the year and day by which a conversation is counted, are no one's own words.
_NUMBERS_OF_ROWS = {"id", "conversation_id", "turn_id", "note_id"}


def _rows_of(journal: Journal, number: int) -> dict[str, list[dict[str, object]]]:
    """Return by table every row that hangs from a conversation, found by the foreign keys of the tables themselves."""
    found: dict[str, list[dict[str, object]]] = {}
    with journal.reading() as session:
        turns = session.execute(select(Turn.id).where(Turn.conversation_id == number)).scalars().all()
        notes = session.execute(
            select(METADATA.tables["journal_note"].c.id).where(METADATA.tables["journal_note"].c.conversation_id == number)
        )
        held_by = {"conversation_id": [number], "turn_id": turns, "note_id": notes.scalars().all()}
        for table in METADATA.sorted_tables:
            keys = {key.parent.name for key in table.foreign_keys} & {*held_by}
            if table.name == "journal_conversation":
                query = select(table).where(table.c.id == number)
            elif keys:
                name = keys.pop()
                query = select(table).where(table.c[name].in_(held_by[name]))
            else:
                continue
            found[table.name] = [dict(row) for row in session.execute(query).mappings()]
    return found


def test_every_value_that_is_held_is_in_the_dossier(journal: Journal) -> None:
    number = _reviewed(journal)
    with journal.reading() as session:
        told = json.dumps(dossier_of(session, number, BEGUN), ensure_ascii=False, default=str)
    rows = _rows_of(journal, number)
    assert all(rows.values()), {name for name, each in rows.items() if not each}
    missing = [
        f"{table}.{name}"
        for table, held in rows.items()
        for row in held
        for name, value in row.items()
        if name not in _NUMBERS_OF_ROWS and isinstance(value, str) and value not in ("", "text") and value not in told
    ]
    # The digest of a sentence that was accepted says nothing that the sentence does not.
    assert [each for each in missing if each != "journal_correction.heard"] == []


def test_what_the_person_supplied_is_apart_from_what_was_inferred(journal: Journal) -> None:
    number = _reviewed(journal)
    with journal.reading() as session:
        dossier = dossier_of(session, number, BEGUN)
    assert [each["text"] for each in dossier["supplied"]["messages"]] == ["un framboisier à Louiseville"]
    assert "intent" not in json.dumps(dossier["supplied"])
    assert dossier["inferred"]["turns"][0]["intent"] == "find_support"
    assert dossier["staff"]["notes"][0]["text"] == "voir le framboisier"


def test_nothing_of_another_conversation_is_in_it(journal: Journal) -> None:
    number = _reviewed(journal)
    written(journal, conversation(turn(1, "le secret d’une autre", replies=CARDS), name="web:other"))
    with journal.reading() as session:
        told = json.dumps(dossier_of(session, number, BEGUN), ensure_ascii=False)
    assert "secret" not in told


def test_the_readable_dossier_is_safe_and_in_french(journal: Journal) -> None:
    known = {"need": "mentorat", "place": LOUISEVILLE}
    row = written(journal, conversation(turn(1, "<script>alert(1)</script>\u202e", replies=CARDS, profile=known, came_of=FOUND)))
    with journal.reading() as session:
        dossier = dossier_of(session, row.id, BEGUN + timedelta(days=1))
    assert codes_in(dossier) == {"mentorat", "R04", "mrc-maskinonge", "51015", "pole-mauricie"}
    page = readable(dossier, {"R04": "Mauricie", "pole-mauricie": "Pôle de la Mauricie"})
    assert "Mauricie</dd>" in page
    assert "Pôle de la Mauricie" in page
    assert "des organismes ont été proposés" in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "dépersonnalisé" in page
    assert "anonym" not in page


def test_a_conversation_that_is_not_there_is_told(journal: Journal) -> None:
    with journal.reading() as session, pytest.raises(NoConversation):
        dossier_of(session, 404, BEGUN)
