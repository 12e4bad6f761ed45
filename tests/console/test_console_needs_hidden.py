"""Small figures are hidden on the page, in its files, in its drawings and in what is said of them, and no page gives them away."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone

import pytest
from needs_made import keep
from needs_page import ASKED, REGIONS, Page, Table, file_of, fill_directory, fill_journal, number, page_of, told
from recomputing import Key, Sum, Told, exposed
from sqlalchemy import func, select
from staff import Staff

from console.databases import Databases
from journal.erasing import purge
from journal.models import Conversation
from journal.results import is_result

MET, UNMET = "Besoins comblés", "Besoins non comblés"
ALL = "Ensemble"
MRCS = {name: [*mrcs.values(), "MRC non précisée"] for name, mrcs in REGIONS.values()}


@pytest.fixture
def reader(bases: Databases, login: Callable[..., Staff]) -> Staff:
    """Someone who sees the figures."""
    fill_directory(bases)
    return login("reader")


def pages_of(reader: Staff) -> dict[str, Page]:
    """Return every page of the period: that of Québec, under ALL, and those of the regions by their names."""
    return {ALL: page_of(reader), **{name: page_of(reader, f"{ASKED}&region={code}") for code, (name, _) in REGIONS.items()}}


def read_unmet(pages: dict[str, Page]) -> dict[Key, Told]:
    """Return every unmet need that the pages show, by place and theme, after checking that they agree."""
    found: dict[Key, Told] = {}
    for above, page in pages.items():
        columns, rows = page.tables["matrix"].columns[1:], page.tables["matrix"].rows
        read = {(_place(above, row[0]), theme): told(text) for row in rows for theme, text in zip(columns, row[1:], strict=True)}
        read |= {(_place(above, name), ALL): told(text) for name, text in page.tables["places"].column(UNMET).items()}
        read |= {(above, theme): told(text) for theme, text in page.tables["themes"].column(UNMET).items()}
        for key, value in read.items():
            assert found.setdefault(key, value) == value, f"two pages disagree about {key}"
    return found


def read_met(pages: dict[str, Page]) -> dict[Key, Told]:
    """Return every met need that the pages show: places, and themes of a region or of Québec."""
    found: dict[Key, Told] = {}
    for above, page in pages.items():
        found |= {(_place(above, name), ALL): told(text) for name, text in page.tables["places"].column(MET).items()}
        found |= {(above, theme): told(text) for theme, text in page.tables["themes"].column(MET).items()}
    return found


def _place(above: str, name: str) -> Key:
    """Return the key of a row: the MRC of different regions may share a name."""
    if name == ALL:
        return above
    return name if above == ALL else (above, name)


def sums_of(found: dict[Key, Told]) -> Iterator[Sum]:
    """Yield the sums that a reader can do with what was found: rows, columns, and a region against its MRC."""
    places, themes = {place for place, _ in found}, {theme for _, theme in found if theme != ALL}
    for place in places:
        if all((place, theme) in found for theme in themes):
            yield (place, ALL), [(place, theme) for theme in themes]
    regions = [*MRCS, "région non précisée"]
    for theme in (*themes, ALL):
        yield from [((ALL, theme), [(region, theme) for region in regions])] if (regions[-1], theme) in found else []
        for region, mrcs in MRCS.items():
            if ((region, mrcs[0]), theme) in found:
                yield (region, theme), [((region, mrc), theme) for mrc in mrcs]


def truth_of(bases: Databases, result: str, keys: list[Key]) -> dict[Key, int]:
    """Return the figures as the journal has them."""
    codes = {name: code for code, (name, _) in REGIONS.items()}
    mrc_codes = {(name, told): code for name, mrcs in REGIONS.values() for code, told in mrcs.items()}
    need = func.coalesce(Conversation.unmet_need, Conversation.need)

    def where(place: Key, theme: str) -> Iterator[object]:
        if isinstance(place, tuple):
            yield Conversation.region == codes[place[0]]
            yield Conversation.mrc == mrc_codes[place] if place in mrc_codes else Conversation.mrc.is_(None)
        elif place != ALL:
            yield Conversation.region == codes[place] if place in codes else Conversation.region.is_(None)
        if theme != ALL:
            yield need.is_(None) if theme == "besoin non précisé" else need == theme

    def plain(theme: str) -> str:
        return {"réseautage": "reseautage", "reprise d’entreprise": "reprise"}.get(theme, theme)

    with bases.journal.reading() as session:
        return {
            (place, theme): session.scalar(
                select(func.count(Conversation.id)).where(is_result(Conversation, result), *where(place, plain(theme)))
            )
            for place, theme in keys
        }


@pytest.mark.parametrize(("conversations", "seed"), [(60, 1), (60, 2), (250, 3), (250, 4), (900, 5)])
def test_no_hidden_need_can_be_computed_from_all_the_pages_together(reader: Staff, bases: Databases, conversations: int, seed: int) -> None:
    with bases.journal.writing.begin() as session:
        fill_journal(session, conversations, seed)
    pages = pages_of(reader)
    for result, found in (("unmet", read_unmet(pages)), ("met", read_met(pages))):
        truth = truth_of(bases, result, list(found))
        assert [key for key, value in found.items() if isinstance(value, int) and value != truth[key]] == []
        assert [key for key, value in found.items() if isinstance(value, int) and 0 < value < 5] == []
        assert any(isinstance(value, str) for value in found.values())
        assert exposed(found, sums_of(found), truth) == []


def _line(table: Table, column: str) -> dict[str, Told]:
    return {name: told(text) for name, text in table.column(column).items()}


@pytest.mark.parametrize("seed", range(4))
def test_no_hidden_figure_of_a_line_can_be_computed_from_its_sum(reader: Staff, bases: Databases, seed: int) -> None:
    with bases.journal.writing.begin() as session:
        fill_journal(session, 120, seed)
    tables = page_of(reader).tables
    results = _line(tables["results"], "Conversations")
    sums = {MET: results["besoin comblé"], UNMET: results["besoin non comblé"]}
    lines = [(sums[column], _line(tables[code], column)) for code in ("channels", "trend") for column in sums]
    lines.append((results["recherche abandonnée"], _line(tables["dropoffs"], "Conversations")))
    ratings = tables["ratings"]
    lines += [(results[row[0]], dict(zip(ratings.columns[1:], map(told, row[1:]), strict=True))) for row in ratings.rows]
    lines.append((results.pop(ALL), results))
    for whole, parts in lines:
        hidden = [key for key, value in parts.items() if isinstance(value, str)]
        if isinstance(whole, int) and hidden:
            rest = whole - sum(value for value in parts.values() if isinstance(value, int))
            assert len(hidden) > 1, parts
            # Two that are few say nothing, unless their sum is the least or the most that they can make.
            few = all(parts[key] == "few" for key in hidden)
            assert not few or len(hidden) < rest < 4 * len(hidden), (parts, rest)


def test_one_two_three_or_four_are_written_nowhere(reader: Staff, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        for region, count in (("R04", 3), ("R05", 4), ("R13", 50)):
            mrc = next(iter(REGIONS[region][1]))
            for _ in range(count):
                keep(session, "nothing_found", date(2026, 11, 3), need="mentorat", region=region, mrc=mrc, actors=("risq",))
    for asked in (ASKED, *(f"{ASKED}&region={region}" for region in REGIONS)):
        page = page_of(reader, asked)
        told_nowhere = {"1", "2", "3", "4"}
        for code, table in page.tables.items():
            assert not told_nowhere & {text for row in [*table.rows, *file_of(reader, code, asked)] for text in row}, code
        for address, alt in page.drawings:
            drawn = re.findall(r"<text[^>]*>([^<]*)</text>", reader.get(address).get_data(as_text=True))
            assert drawn
            assert not told_nowhere & {*drawn}
            assert not told_nowhere & {*re.findall(r", (\d+)[;.]", alt)}, alt


def test_a_hidden_figure_leads_nowhere(reader: Staff, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        fill_journal(session, 80)
    for page in pages_of(reader).values():
        for table in page.tables.values():
            for row, links in zip(table.rows, table.links, strict=True):
                assert not any(url for text, url in zip(row[1:], links[1:], strict=True) if number(text) is None), row


def test_the_order_of_a_list_says_nothing_of_what_is_hidden(reader: Staff, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        for actor, count in (("cdrq", 2), ("risq", 4), ("aucun", 9), ("autre", 12)):
            for _ in range(count):
                keep(session, "proposed", date(2026, 11, 3), actors=(actor,))
    rows = page_of(reader).tables["actors"].rows
    assert rows == [["autre", "12"], ["aucun", "9"], ["2\u00a0autres organismes", "moins\u00a0de\u00a05 chacun"]]


def test_how_many_were_purged_is_not_told_when_they_are_few(reader: Staff, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        for day, count in ((date(2026, 9, 3), 3), (date(2026, 11, 20), 40)):
            for _ in range(count):
                keep(session, "nothing_found", day, need="mentorat", region="R04", mrc="mrc-mekinac")
        purge(session, timedelta(days=40), "test", datetime(2026, 11, 30, tzinfo=timezone.utc))
    tables = page_of(reader).tables
    assert tables["results"].rows[1] == ["besoin non comblé", "43", "moins\u00a0de\u00a05"]
    assert tables["results"].cell(ALL, "dont purgées") == "masqué"
    assert tables["places"].rows[0][-3:-1] == ["0", "aucune"]
    assert tables["places"].cell("Mauricie", UNMET) == "43"
    assert "3" not in {text for table in tables.values() for row in table.rows for text in row}
