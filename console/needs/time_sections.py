"""The parts of the page about what came of the conversations: in all, by channel, over time, where a search was left, and in the eyes of
the people."""

from collections.abc import Sequence

from console.needs.asked import BY_MONTH
from console.needs.drawings import BARS, LINES, Drawing, value_of
from console.needs.report import Report
from console.needs.spans import short, span_of, spans, told
from console.needs.summing_up import summary
from console.needs.tables import Column, Section, Table, figure_cell, gone_cell, words
from console.needs.words import ALL_TOGETHER, NEEDS_TOLD, RATINGS, RESULTS, WAITED
from console.review.words import CHANNELS
from journal.models import ABANDONED
from journal.needs_shown import Figure, alone, gone_by_result, split
from journal.results import MET, NONE, UNMET
from journal.small_counts import ALL

_BOTH = (MET, UNMET)


def results(report: Report) -> Section:
    """Return what came of the conversations, and how many of them were purged."""
    figures, whole = report.results
    listed = {**{RESULTS[result]: figure for result, figure in figures.items()}, ALL_TOGETHER: whole}
    gone = gone_by_result(figures, whole) if whole.tally.gone else {}
    rows = []
    for (name, figure), result in zip(listed.items(), (*figures, ALL), strict=True):
        asked = {} if result == ALL else {"result": result}
        rows.append([words(name), figure_cell(figure, report.opens(**asked)), *([gone_cell(figure, gone[result])] if gone else [])])
    table = Table(
        "Issue des conversations", [Column("Issue", False), Column("Conversations"), *([Column("dont purgées")] if gone else [])], rows
    )
    return Section("results", "issues", "En bref", table)


def channels(report: Report) -> Section:
    """Return the needs by channel."""
    found = split(report.endings, report.needs_told, lambda ending: ending.channel, CHANNELS)
    rows = [(CHANNELS.get(key, key), key, {"channel": key}) for key in found[MET]]
    table = _table(report, "Canal", "Besoins comblés et non comblés, par canal", NEEDS_TOLD, found, rows)
    return Section("channels", "canaux", "Par canal", table)


def trend(report: Report) -> Section:
    """Return the needs by week or by month."""
    step, period = report.asked.step, report.asked.period
    cut = spans(period, step)
    found = split(report.days, report.needs_told, lambda each: span_of(each.day, step, period), [span.since for span in cut])
    rows = [(told(span, step), span.since, {"begun_since": span.since, "begun_until": span.until}) for span in cut]
    name = "Mois" if step == BY_MONTH else "Semaine"
    table = _table(report, name, f"Besoins comblés et non comblés, par {name.lower()}", NEEDS_TOLD, found, rows)
    items = [[short(span, step), [value_of(found[result][span.since]) for result in _BOTH]] for span in cut]
    alt = summary(
        f"Deux courbes, par {name.lower()}. Besoins non comblés.", [(row[0], item[1][1]) for row, item in zip(rows, items, strict=True)]
    )
    return Section("trend", "evolution", "Évolution", table, "", Drawing(LINES, [*NEEDS_TOLD.values()], items), alt)


def dropoffs(report: Report) -> Section:
    """Return at which question searches were left."""
    whole = {ABANDONED: report.results[0][ABANDONED]}
    found = split(report.endings, whole, lambda ending: ending.waited or NONE, WAITED)
    rows = [(WAITED.get(key, key), key, {"waited": key}) for key in found[ABANDONED]]
    table = _table(
        report, "Question posée", "Recherches abandonnées, par la question restée sans suite", {ABANDONED: "Conversations"}, found, rows
    )
    items = [[name, [value_of(found[ABANDONED][key])]] for name, key, _ in rows]
    alt = summary("Barres. Recherches abandonnées, par question.", [(item[0], item[1][0]) for item in items])
    intro = "L’assistant a posé cette question, et la personne n’y a pas répondu."
    return Section("dropoffs", "abandons", "Recherches abandonnées", table, intro, Drawing(BARS, ["Conversations"], items), alt)


def ratings(report: Report) -> Section:
    """Return what people thought of whole conversations, by what came of these."""
    figures = report.results[0]
    found = split(report.endings, figures, lambda ending: ending.rating or NONE, RATINGS)
    rows = [
        [words(RESULTS[result])] + [figure_cell(found[result][key], report.opens(result=result, rating=key)) for key in RATINGS]
        for result in figures
    ]
    columns = [Column("Issue", False), *(Column(name.capitalize()) for name in RATINGS.values())]
    table = Table("Avis donnés sur la conversation entière, par issue", columns, rows)
    items = [[RESULTS[result], [value_of(found[result][key]) for key in ("up", "down")]] for result in figures]
    alt = summary("Barres, deux par issue. Pouces en bas.", [(item[0], item[1][1]) for item in items])
    drawing = Drawing(BARS, [RATINGS["up"].capitalize(), RATINGS["down"].capitalize()], items)
    return Section("ratings", "avis-conversations", "Avis sur les conversations", table, "", drawing, alt)


def thumbs(report: Report) -> Section:
    """Return how many conversations got a thumb for an answer."""
    figures = alone(report.thumbs)
    rows = [[words(RATINGS[key].capitalize()), figure_cell(figures[key], report.opens(thumbs=key))] for key in ("up", "down")]
    table = Table("Conversations où au moins une réponse a reçu un avis", [Column("Avis", False), Column("Conversations")], rows)
    intro = "Une conversation peut compter dans les deux. Les conversations purgées n’y sont pas."
    return Section("thumbs", "avis-reponses", "Avis sur les réponses", table, intro)


def _table(
    report: Report,
    name: str,
    caption: str,
    heads: dict[str, str],
    found: dict[str, dict[object, Figure]],
    rows: Sequence[tuple[str, object, dict[str, object]]],
) -> Table:
    """Return the table of figures by result, a row a key, each opened by its filters."""
    purged = {result: report.purged(*found[result].values()) for result in heads}
    columns = [Column(name, False)]
    for result, head in heads.items():
        columns += [Column(head), *purged[result].columns]
    made = []
    for label, key, asked in rows:
        cells = [words(label)]
        for result in heads:
            figure = found[result][key]
            cells += [figure_cell(figure, report.opens(result=result, **asked)), *purged[result].cells(figure)]
        made.append(cells)
    return Table(caption, columns, made)
