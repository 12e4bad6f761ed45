"""The parts of the page about places and themes: which needs were met, which were not, where."""

from collections.abc import Sequence

from flask import url_for

from console.needs.drawings import BARS, TILES, Drawing, value_of
from console.needs.land import tiles
from console.needs.report import Report
from console.needs.summing_up import summary
from console.needs.tables import Cell, Column, Section, Table, figure_cell, gone_cell, share_cell, words
from console.needs.words import ALL_TOGETHER, NEEDS_TOLD, SHARE, theme
from journal.needs_shown import Figure, Row, gone_of
from journal.results import MET, NONE, UNMET
from journal.small_counts import ALL, SMALL

# The unmet needs that are listed at once.
MOST_GAPS = 100


def places(report: Report) -> Section:
    """Return the needs by region, or by MRC of the region; the map shows one of both."""
    rows, kind = report.places.below(report.row), _kind(report)
    found = [(report.land.name(row), row, {}) for row in rows]
    table = _met_and_unmet(report, kind, f"Besoins comblés et non comblés, par {kind}", found)
    mapped = report.asked.mapped
    drawn = [[report.land.name(row), [value_of(report.places.figure(mapped, row))], place] for row, place in tiles(rows)]
    drawing = Drawing(TILES, [NEEDS_TOLD[mapped]], drawn)
    alt = summary(f"Carte en tuiles. {NEEDS_TOLD[mapped]}, par {kind}.", [(item[0], item[1][0]) for item in drawn])
    return Section("places", "territoires", f"Par {kind}", table, _MAP_INTRO[report.asked.region is not None], drawing, alt)


def themes(report: Report) -> Section:
    """Return the needs by theme."""
    found = [(theme(code), report.row, {"theme": code}) for code in report.places.themes]
    table = _met_and_unmet(report, "Besoin", "Besoins comblés et non comblés, par thème", found)
    figures = {code: [report.places.figure(result, report.row, code) for result in (MET, UNMET)] for code in report.places.themes}
    drawing = Drawing(BARS, [*NEEDS_TOLD.values()], [[theme(code), [*map(value_of, pair)]] for code, pair in figures.items()])
    alt = summary("Barres, deux par thème. Besoins non comblés.", [(item[0], item[1][1]) for item in drawing.items])
    return Section("themes", "themes", "Par thème", table, "", drawing, alt)


def matrix(report: Report) -> Section:
    """Return the unmet needs by place and theme."""
    kind, codes = _kind(report), report.places.themes
    columns = [Column(kind.capitalize() if kind != "MRC" else kind, False), *(Column(theme(code)) for code in codes), Column(ALL_TOGETHER)]
    rows = []
    for row in [*report.places.below(report.row), report.row]:
        name = ALL_TOGETHER if row == report.row else report.land.name(row)
        cells = [_cell(report, UNMET, row, code) for code in (*codes, ALL)]
        rows.append([words(name), *cells])
    table = Table(f"Besoins non comblés, par {kind} et par thème", columns, rows)
    return Section("matrix", "besoins-non-combles", "Besoins non comblés, par territoire et par thème", table)


def gaps(report: Report) -> Section:
    """Return where a need is more often unmet than met, to discuss with partners; only figures that are shown make the list."""
    found = [(row, code) for row in _mrcs(report) for code in report.places.themes if code != NONE and _is_gap(report, row, code)]
    found.sort(key=lambda each: (-report.places.figure(UNMET, *each).tally.all, report.land.name(each[0]), each[1]))
    columns = [Column("Région", False), Column("MRC", False), Column("Besoin", False), Column(NEEDS_TOLD[UNMET]), Column(NEEDS_TOLD[MET])]
    rows = [
        [words(report.land.name(Row(row.region))), words(report.land.name(row)), words(theme(code))]
        + [_cell(report, result, row, code) for result in (UNMET, MET)]
        for row, code in found[:MOST_GAPS]
    ]
    table = Table("Besoins plus souvent non comblés que comblés, par MRC", columns, rows)
    return Section("gaps", "a-combler", "À combler", table, _gaps_intro(len(found)))


_MAP_INTRO = (
    "Chaque tuile est une région, placée à peu près comme sur la carte. Choisissez une région pour voir ses MRC.",
    "Chaque tuile est une MRC ou un territoire équivalent de la région, dans l’ordre alphabétique.",
)


def _gaps_intro(number: int) -> str:
    told = (
        f"Les MRC et les thèmes où au moins {SMALL} besoins n’ont pas été comblés, et où il y en a plus que de besoins comblés\u00a0: "
        "une liste à discuter avec les partenaires."
    )
    return told + (f" Les {MOST_GAPS} premiers sont ici; choisissez une région pour voir les siens." if number > MOST_GAPS else "")


def _kind(report: Report) -> str:
    return "MRC" if report.asked.region else "région"


def _mrcs(report: Report) -> Sequence[Row]:
    regions = [report.row] if report.asked.region else report.places.below()
    return [row for region in regions for row in report.places.below(region) if row.mrc != NONE]


def _is_gap(report: Report, row: Row, code: str) -> bool:
    unmet, met = (report.places.figure(result, row, code) for result in (UNMET, MET))
    return bool(unmet.count) and (met.count is None or met.count < unmet.count)


def _cell(report: Report, result: str, row: Row | str, code: str) -> Cell:
    asked = {} if code == ALL else {"theme": code}
    return figure_cell(report.places.figure(result, row, code), report.opens(row, result=result, **asked))


def _met_and_unmet(report: Report, kind: str, caption: str, found: Sequence[tuple[str, Row | str, dict[str, str]]]) -> Table:
    """Return the table of a row a place or a theme, and their sum."""
    listed = [*found, (ALL_TOGETHER, report.row, {})]
    pairs = [[_figure(report, result, row, asked) for result in (MET, UNMET)] for _, row, asked in listed]
    purged = [report.purged(*(pair[place] for pair in pairs)) for place in (0, 1)]
    columns = [Column(kind[0].upper() + kind[1:], False)]
    for result, told in zip((MET, UNMET), purged, strict=True):
        columns += [Column(NEEDS_TOLD[result]), *told.columns]
    rows = []
    for (name, row, asked), pair in zip(listed, pairs, strict=True):
        cells = [words(name, _nearer(report, row))]
        for result, figure, told in zip((MET, UNMET), pair, purged, strict=True):
            of_all = told.any and name == ALL_TOGETHER and row == ALL
            gone = [gone_cell(figure, gone_of(figure))] if of_all else told.cells(figure)
            cells += [figure_cell(figure, report.opens(row, result=result, **asked)), *gone]
        rows.append([*cells, share_cell(pair[1], pair[0])])
    return Table(caption, [*columns, Column(SHARE)], rows)


def _nearer(report: Report, row: Row | str) -> str | None:
    """Return the address of the page of a region, from that of Québec."""
    if report.row != ALL or row == ALL or row.region not in report.land.mrcs:
        return None
    return url_for("needs.overview", **report.asked.address(region=row.region))


def _figure(report: Report, result: str, row: Row | str, asked: dict[str, str]) -> Figure:
    return report.places.figure(result, row, asked.get("theme", ALL))
