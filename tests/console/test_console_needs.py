"""The needs map: its figures lead to their conversations, its files say what the page says, and everybody sees what they may."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest
from needs_made import keep
from needs_page import ASKED, SINCE, UNTIL, file_of, fill_directory, fill_journal, filters_of, number, page_of
from sqlalchemy import select
from staff import Staff
from tables import with_tables

from console.databases import Databases
from console.models import AuditRow
from journal import inbox
from journal.erasing import purge
from journal.models import Turn

PAGES = (ASKED, *(f"{ASKED}&region={region}" for region in ("R04", "R05", "R13")), f"{ASKED}&map=met")


@pytest.fixture
def journal_url(new_database: Callable[[], str]) -> str:
    """A journal on each kind of database."""
    return with_tables(new_database())


@pytest.fixture
def reader(bases: Databases, login: Callable[..., Staff]) -> Staff:
    """Someone who may read conversations, and four hundred of them."""
    fill_directory(bases)
    with bases.journal.writing.begin() as session:
        fill_journal(session, 400)
    return login("reader")


def test_each_figure_opens_exactly_its_conversations(reader: Staff, bases: Databases) -> None:
    opened = 0
    with bases.journal.reading() as session:
        for asked in PAGES:
            for code, table in page_of(reader, asked).tables.items():
                for row, links in zip(table.rows, table.links, strict=True):
                    for text, url in zip(row[1:], links[1:], strict=True):
                        if url:
                            opened += 1
                            assert inbox.count(session, filters_of(url), "", most=10_000) == number(text), (asked, code, row, url)
                        else:
                            # Whatever is above nought, and shown, leads somewhere.
                            assert not number(text), (asked, code, row)
    assert opened > 150


def test_the_inbox_shows_what_a_figure_counts_and_says_why(reader: Staff) -> None:
    table = page_of(reader).tables["places"]
    row = next(place for place, each in enumerate(table.rows) if each[0] == "Mauricie")
    column = table.columns.index("Besoins non comblés")
    shown = reader.get(table.links[row][column], follow_redirects=True).get_data(as_text=True)
    assert f"{table.rows[row][column]} conversations" in shown.replace("\u00a0", " ")
    assert "besoin non comblé" in shown
    assert "1er\u00a0septembre\u00a02026" in shown


def test_a_region_leads_to_its_own_page(reader: Staff) -> None:
    table = page_of(reader).tables["places"]
    own = {row[0]: links[0] for row, links in zip(table.rows, table.links, strict=True)}
    assert "Besoins&nbsp;: Mauricie" in reader.get(own["Mauricie"]).get_data(as_text=True)
    assert own["région non précisée"] is None
    assert [*page_of(reader, own["Estrie"].partition("?")[2]).tables][:3] == ["places", "themes", "matrix"]


def test_purged_conversations_count_and_are_told(reader: Staff, bases: Databases) -> None:
    before = page_of(reader).tables
    with bases.journal.writing.begin() as session:
        gone = purge(session, timedelta(days=40), "test", datetime(2026, 11, 30, tzinfo=timezone.utc)).conversations
    after = page_of(reader).tables
    for code in ("places", "themes", "trend", "channels", "dropoffs", "results"):
        for column in set(before[code].columns):
            assert after[code].column(column) == before[code].column(column), code
    with bases.journal.reading() as session:
        held = [inbox.count(session, filters_of(links[1]), "", most=10_000) for links in after["results"].links]
    by_number = [(number(row[1]), number(row[2]), opens) for row, opens in zip(after["results"].rows, held, strict=True) if number(row[2])]
    assert len(by_number) >= 4
    assert [all_of_them - purged for all_of_them, purged, _ in by_number] == [opens for _, _, opens in by_number]
    assert sum(held[:-1]) == held[-1] == 400 - gone
    # All of September went: it is told, and does not open.
    trend = after["trend"]
    assert trend.rows[0][0] == "septembre 2026"
    assert trend.links[0] == [None] * len(trend.columns)
    assert trend.rows[0][2] in (trend.rows[0][1], "toutes")


def test_a_file_says_what_the_page_says_cell_by_cell(reader: Staff, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        purge(session, timedelta(days=40), "test", datetime(2026, 11, 30, tzinfo=timezone.utc))
    for asked in PAGES:
        for code, table in page_of(reader, asked).tables.items():
            shown = [table.columns, *table.rows]
            plain = [[str(found) if (found := number(text)) is not None else text for text in row] for row in shown]
            assert file_of(reader, code, asked) == plain, (asked, code)


def test_a_file_is_named_after_its_table_its_place_and_its_days(reader: Staff) -> None:
    answer = reader.get(f"/besoins/gaps.csv?{ASKED}&region=R04")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=besoins_a-combler_R04_{SINCE}_{UNTIL}.csv"
    assert answer.content_type == "text/csv; charset=utf-8"


def test_what_was_asked_and_begins_like_a_formula_runs_in_no_spreadsheet(reader: Staff, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        for _ in range(6):
            keep(session, "unanswered", date(2026, 11, 3), {"label": "ask_unheld", "unheld": "=1+1 <b>gras</b>"})
    assert ["'=1+1 <b>gras</b>", "6"] in file_of(reader, "matters")
    page = reader.get(f"/besoins/?{ASKED}").get_data(as_text=True)
    assert "=1+1 &lt;b&gt;gras&lt;/b&gt;" in page
    assert "<b>gras" not in page


def test_an_export_is_noted_and_never_what_it_holds(reader: Staff, bases: Databases) -> None:
    reader.get(f"/besoins/places.csv?{ASKED}&region=R04")
    with bases.journal.reading() as session:
        row = session.execute(select(AuditRow).order_by(AuditRow.id.desc())).scalars().first()
    assert (row.account, row.action, row.subject, row.detail) == ("agent1", "needs.export", "places", f"{SINCE} au {UNTIL}, R04")


@pytest.mark.parametrize("role", ["editor", "privacy"])
def test_who_may_not_read_conversations_sees_the_figures_without_their_links(reader: Staff, login: Callable[..., Staff], role: str) -> None:
    theirs, all_of_them = page_of(login(role)).tables, page_of(reader).tables
    assert {code: table.rows for code, table in theirs.items()} == {code: table.rows for code, table in all_of_them.items()}
    assert not any(url for table in theirs.values() for links in table.links for url in links[1:])


def test_no_text_of_people_is_on_the_page(reader: Staff, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        turn = {"label": "ask_cost", "fallback": True, "text": "mon secret à moi"}
        for _ in range(9):
            keep(session, "unanswered", date(2026, 11, 3), turn, comment="mon avis secret")
        assert session.query(Turn).filter(Turn.text.contains("secret")).count() == 9
    for asked in PAGES:
        assert "secret" not in reader.get(f"/besoins/?{asked}").get_data(as_text=True)


def test_places_that_the_directory_has_not_are_told_as_unknown(reader: Staff, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        for _ in range(7):
            keep(session, "nothing_found", date(2026, 11, 3), need="mentorat", region="R99", mrc="mrc-perdue")
    table = page_of(reader).tables["places"]
    assert table.cell("territoire inconnu (R99)", "Besoins non comblés") == "7"
    gaps = page_of(reader).tables["gaps"]
    assert ["territoire inconnu (R99)", "territoire inconnu (mrc-perdue)", "mentorat", "7", "0"] in gaps.rows


def test_a_gap_is_where_more_needs_are_unmet_than_met(reader: Staff, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        for outcome, count in (("nothing_found", 30), ("proposed", 12)):
            for _ in range(count):
                keep(session, outcome, date(2026, 11, 3), need="immobilier", region="R13", mrc="mrc-laval")
    rows = page_of(reader).tables["gaps"].rows
    assert ["Laval", "Laval", "immobilier", "30", "12"] in rows
    assert all(number(row[4]) is None or number(row[3]) > number(row[4]) for row in rows)
    with bases.journal.writing.begin() as session:
        for _ in range(18):
            keep(session, "proposed", date(2026, 11, 3), need="immobilier", region="R13", mrc="mrc-laval")
    assert not any(row[2] == "immobilier" for row in page_of(reader).tables["gaps"].rows)


def test_without_a_conversation_the_page_says_so(bases: Databases, login: Callable[..., Staff]) -> None:
    fill_directory(bases)
    page = page_of(login("reader"))
    assert {*page.tables["places"].column("Besoins comblés").values()} == {"0"}
    assert page.drawings == []
    assert "gaps" not in page.tables


def test_a_table_that_a_page_has_not_is_no_file(reader: Staff) -> None:
    assert reader.get("/besoins/rien.csv").status_code == 404
    assert reader.get("/besoins/actors.csv?region=R04").status_code == 404
    rows = list(csv.reader(io.StringIO(reader.get("/besoins/actors.csv").get_data(as_text=True))))
    assert rows[0][1] == "Conversations"
