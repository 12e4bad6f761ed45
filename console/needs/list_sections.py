"""The parts of the page that are lists: the actors that were proposed, what had no answer. The order says nothing of what is hidden."""

from collections.abc import Callable, Mapping

from console.needs.drawings import BARS, Drawing, value_of
from console.needs.report import Report
from console.needs.summing_up import summary
from console.needs.tables import NOT_TOLD, Cell, Column, Purged, Section, Table, figure_cell, words
from console.needs.words import MARKS, counted
from console.review.intents import name_of
from journal.needs import Tally
from journal.needs_shown import Figure, alone
from journal.small_counts import FEW

# The bars of a drawing.
MOST_DRAWN = 15


def actors(report: Report) -> Section:
    """Return in how many conversations each actor was proposed."""
    figures = alone(report.referrals)
    named = _named(figures, report.names.actor)
    gone = any(figure.tally.gone for figure in figures.values())
    # What is not summed is told by number one by one.
    purged = {key: Purged(gone, figures[key].tells_what_is_gone) for key, _ in named}
    rows = [[words(name), figure_cell(figures[key], report.opens(actor=key)), *purged[key].cells(figures[key])] for key, name in named]
    rows += _others(figures, "organisme", "organismes", int(gone))
    columns = [Column("Organisme", False), Column("Conversations"), *Purged(gone, False).columns]
    table = Table("Conversations où chaque organisme a été proposé", columns, rows)
    intro = "Une conversation compte une fois pour chaque organisme qui y a été proposé\u00a0: ces chiffres ne s’additionnent pas."
    return _drawn(Section("actors", "organismes", "Organismes proposés", table, intro), figures, named)


def questions(report: Report) -> Section:
    """Return what was asked and had no answer, by what it was read as."""
    held = alone({key: Tally(tally.held) for key, tally in report.questions.items()})
    gone = alone({key: Tally(0, tally.gone) for key, tally in report.questions.items()})
    any_gone = any(figure.tally.gone for figure in gone.values())

    def name(label: str) -> str:
        return name_of(label, report.names.topics)

    either = {key: gone[key] if gone[key].count or not figure.tally.all else figure for key, figure in held.items()}
    either |= {key: figure for key, figure in held.items() if figure.count}
    named = _named(either, name)
    rows = [
        [words(told), figure_cell(held[key], report.opens(unanswered=key)), *([figure_cell(gone[key])] if any_gone else [])]
        for key, told in named
    ]
    rows += _others(either, "question", "questions", int(any_gone))
    columns = [Column("Comprise comme", False), Column("Conversations"), *([Column("Fois, dans les purgées")] if any_gone else [])]
    table = Table("Questions restées sans réponse, par ce que l’assistant en a compris", columns, rows)
    intro = "La phrase n’a pas été comprise, ou ce qu’elle demande n’est pas dans l’annuaire."
    return _drawn(Section("questions", "questions-sans-reponse", "Questions sans réponse", table, intro), held, named)


def matters(report: Report) -> Section:
    """Return what was asked and is not in the directory, by what it was."""
    figures = alone(report.matters)
    named = _named(figures, lambda matter: matter)
    rows = [[words(name), figure_cell(figures[key], report.opens(matter=key))] for key, name in named]
    rows += _others(figures, "matière", "matières", 0)
    table = Table("Ce qu’on a demandé et que l’annuaire ne contient pas", [Column("Matière", False), Column("Conversations")], rows)
    intro = "Des réponses à chercher. Les conversations purgées n’y sont pas\u00a0: la matière n’en est pas gardée."
    return Section("matters", "absent-de-l-annuaire", "Absent de l’annuaire", table, intro)


def _named(figures: Mapping[str, Figure], name: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return the keys of the figures that are shown, with their names, the largest first."""
    shown = [(key, name(key)) for key, figure in figures.items() if figure.count]
    return sorted(shown, key=lambda pair: (-figures[pair[0]].tally.all, pair[1], pair[0]))


def _others(figures: Mapping[str, Figure], one: str, several: str, more: int) -> list[list[Cell]]:
    """Return the row of those that are hidden, if any: how many they are, and that each is few."""
    number = sum(figure.mark is not None for figure in figures.values())
    if not number:
        return []
    told = words(f"{counted(number, 'autre ' + one, 'autres ' + several)}")
    few = words(MARKS[FEW] if number == 1 else f"{MARKS[FEW]} chacun{'' if one == 'organisme' else 'e'}")
    return [[told, few, *[words(NOT_TOLD)] * more]]


def _drawn(section: Section, figures: Mapping[str, Figure], named: list[tuple[str, str]]) -> Section:
    items = [[name, [value_of(figures[key])]] for key, name in named[:MOST_DRAWN]]
    alt = summary(f"Barres. {section.table.caption}.", [(item[0], item[1][0]) for item in items])
    return Section(**{**vars(section), "drawing": Drawing(BARS, ["Conversations"], items), "alt": alt})
