"""The page of the needs map as a reader takes it in: its tables, where their figures lead, its drawings; and a small Québec to count in."""

import csv
import io
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

from needs_made import keep
from sqlalchemy.orm import Session
from staff import Staff

from console.databases import Databases
from directory.models import Actor, Territory
from journal.filters import Filters, read

REGIONS = {
    "R04": ("Mauricie", {"mrc-maskinonge": "Maskinongé", "mrc-mekinac": "Mékinac", "mrc-shawinigan": "Shawinigan"}),
    "R05": ("Estrie", {"mrc-coaticook": "Coaticook", "mrc-sherbrooke": "Sherbrooke"}),
    "R13": ("Laval", {"mrc-laval": "Laval"}),
}
NEEDS = ("financement", "mentorat", "formation", None)
SINCE, UNTIL = date(2026, 9, 1), date(2026, 11, 29)
ASKED = f"period=own&since={SINCE}&until={UNTIL}&step=month"


def fill_directory(bases: Databases) -> None:
    """Write three regions with their MRC, and two organisations."""
    with bases.makers["directory", True].begin() as session:
        session.add(Territory(code="QC", level="country", name="Québec"))
        session.flush()
        for code, (name, mrcs) in REGIONS.items():
            session.add(Territory(code=code, level="region", name=name, parent_code="QC"))
            session.flush()
            session.add_all(Territory(code=mrc, level="mrc", name=told, kind="MRC", parent_code=code) for mrc, told in mrcs.items())
        for slug, name in (("risq", "RISQ"), ("cdrq", "Coopérative de développement")):
            session.add(Actor(slug=slug, name=name, kind="financement"))


def fill_journal(session: Session, number: int, seed: int = 1) -> None:
    """Keep conversations of all kinds, most of them in a few places."""
    chance = random.Random(seed)
    places = [(region, mrc) for region, (_, mrcs) in REGIONS.items() for mrc in (*mrcs, None)] + [(None, None)]
    weights = [chance.random() ** 3 for _ in places]
    for _ in range(number):
        region, mrc = chance.choices(places, weights)[0]
        outcome = chance.choices(("proposed", "nothing_found", "abandoned", "answered", "unanswered", "greeted"), (9, 6, 3, 2, 2, 1))[0]
        need = chance.choices(NEEDS, (6, 3, 1, 1))[0]
        missed = outcome == "nothing_found" or (outcome == "proposed" and chance.random() < 0.2)
        turns = [_unanswered(chance)] if outcome == "unanswered" else []
        keep(
            session,
            outcome,
            SINCE + timedelta(days=chance.randrange(90)),
            *turns,
            region=region,
            mrc=mrc,
            need=need,
            unmet_need=need if missed else None,
            waited_for=chance.choice(("place", "amount", None)) if outcome == "abandoned" else None,
            rating=chance.choices((None, "up", "down"), (6, 2, 1))[0],
            thumbs_up=chance.randrange(2),
            channel=chance.choices(("web", "messenger"), (4, 1))[0],
            actors=chance.choice((("risq",), ("risq", "cdrq"))) if outcome == "proposed" else (),
        )


def _unanswered(chance: random.Random) -> dict[str, object]:
    if chance.random() < 0.5:
        return {"label": "ask_cost", "intent": "ask_cost", "fallback": True}
    return {"label": "ask_unheld", "intent": "ask_unheld", "unheld": "les assurances"}


@dataclass
class Table:
    """A table: its caption, the names of its columns, its rows of texts, and where each text leads."""

    caption: str = ""
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    links: list[list[str | None]] = field(default_factory=list)

    def cell(self, row: str, column: str) -> str:
        """Return the text of a row, by its name, in a column."""
        return next(each for each in self.rows if each[0] == row)[self.columns.index(column)]

    def column(self, name: str) -> dict[str, str]:
        """Return a column, by the names of the rows."""
        place = self.columns.index(name)
        return {row[0]: row[place] for row in self.rows}


class Page(HTMLParser):
    """The tables of a page by their codes, and the addresses of its drawings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, Table] = {}
        self.drawings: list[tuple[str, str]] = []
        self._table: Table | None = None
        self._into: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Take note of a table, of a cell, of a link, of a drawing."""
        given = dict(attributes)
        if tag == "table":
            self._table = self.tables[given["id"].removeprefix("table-")] = Table()
        elif tag == "img":
            self.drawings.append((given["src"], given["alt"]))
        elif self._table is None:
            return
        elif tag == "tr":
            self._row: list[str] = []
            self._links: list[str | None] = []
        elif tag in ("th", "td"):
            self._row.append("")
            self._links.append(None)
            self._into = self._row
        elif tag == "a" and self._into is not None:
            self._links[-1] = given["href"]

    def handle_data(self, data: str) -> None:
        """Take note of what a cell says."""
        if self._into is not None:
            self._into[-1] += data.strip()
        elif self._table is not None:
            self._table.caption += data.strip()

    def handle_endtag(self, tag: str) -> None:
        """Keep a row, and leave a table."""
        if tag in ("th", "td"):
            self._into = None
        elif tag == "tr" and self._table is not None:
            if self._table.columns:
                self._table.rows.append(self._row)
                self._table.links.append(self._links)
            else:
                self._table.columns = self._row
        elif tag == "table":
            self._table = None


def page_of(staff: Staff, asked: str = ASKED) -> Page:
    """Return the page that someone sees."""
    answer = staff.get(f"/besoins/?{asked}")
    assert answer.status_code == 200, answer.status
    return Page(answer.get_data(as_text=True))


def file_of(staff: Staff, code: str, asked: str = ASKED) -> list[list[str]]:
    """Return the rows of the file of a table, the names of the columns first."""
    answer = staff.get(f"/besoins/{code}.csv?{asked}")
    assert answer.status_code == 200, answer.status
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def filters_of(url: str) -> Filters:
    """Return the filters of a link to the inbox, all of which it understands."""
    asked = dict(parse_qsl(urlsplit(url).query))
    filters, untold = read(asked)
    assert untold == []
    assert {*asked} == {*filters.asked}, url
    return filters


def number(text: str) -> int | None:
    """Return the count that a cell shows, None when it shows none."""
    plain = text.replace("\u00a0", "")
    return int(plain) if plain.isdigit() else None


def told(text: str) -> int | str:
    """Return what a cell says of a count: it, or the mark in its place."""
    found = number(text)
    return found if found is not None else {"moins\u00a0de\u00a05": "few", "masqué": "masked"}[text]
