"""The figures of the needs map as anybody may see them: those that would tell of fewer than five conversations are hidden.

What is counted together is hidden together: places by themes are one table, whatever page shows a part of it, so that pages compared with
one another give nothing away. See `small_counts` for the rule; periods compared with one another are not covered by it.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from journal.needs import Day, Ending, Spot, Tally, summed
from journal.results import MET, NONE, RESULTS, UNMET
from journal.small_counts import ALL, FEW, MASKED, SMALL, Key, crossed, hidden, line, sums


class Figure(NamedTuple):
    """A count, or the mark that is shown in its place."""

    tally: Tally = Tally()
    mark: str | None = None

    @property
    def count(self) -> int | None:
        """The count, None when it is hidden."""
        return None if self.mark else self.tally.all

    @property
    def tells_what_is_gone(self) -> bool:
        """How many of it were purged may be told: neither these nor the others are few."""
        return self.mark is None and all(part == 0 or part >= SMALL for part in self.tally)


class Row(NamedTuple):
    """A row of the table of places: a region, with ALL below it, or one of its MRC; NONE where it was not said."""

    region: str
    mrc: str = ALL


# By row and theme, where ALL is the sum: (ALL, ALL) counts Québec.
PlaceFigures = dict[tuple[Row | str, str], Figure]
Land = Mapping[str, Sequence[str]]


def alone(tallies: Mapping[Key, Tally]) -> dict[Key, Figure]:
    """Return the figures of what overlaps and is never summed: only the few are hidden."""
    return {key: Figure(tally, FEW if 0 < tally.all < SMALL else None) for key, tally in tallies.items()}


def shared(tallies: Mapping[Key, Tally], whole: Figure) -> dict[Key, Figure]:
    """Return the figures of what shares out `whole`, and nothing else does but by itself."""
    marks = hidden(line({key: tally.all for key, tally in tallies.items()}), whole.tally.all)
    return {key: Figure(tally, marks.get(key)) for key, tally in tallies.items()}


def gone_of(whole: Figure) -> Figure:
    """Return how many of `whole` were purged."""
    held, gone = whole.tally
    return shared({"held": Tally(held), "gone": Tally(0, gone)}, whole)["gone"]


def gone_by_result(figures: Mapping[str, Figure], whole: Figure) -> dict[str, Figure]:
    """Return how many of each result were purged, and of ALL, which is hidden as soon as one of them is."""
    found = {result: gone_of(figure) for result, figure in figures.items()}
    hides = any(figure.mark for figure in found.values())
    return found | {ALL: Figure(Tally(0, whole.tally.gone), MASKED if hides else None)}


def results(endings: Mapping[Ending, Tally]) -> tuple[dict[str, Figure], Figure]:
    """Return the figures of each result, and that of all, which is hidden as soon as one of them is."""
    found = summed((ending.result, tally) for ending, tally in endings.items())
    figures = alone({result: found.get(result, Tally()) for result in RESULTS})
    whole = Tally(*map(sum, zip(*(figure.tally for figure in figures.values()), strict=True)))
    hides = any(figure.mark for figure in figures.values())
    return figures, Figure(whole, (FEW if whole.all < SMALL else MASKED) if hides else None)


Told = TypeVar("Told", Ending, Day)


def split(
    told: Mapping[Told, Tally], wholes: Mapping[str, Figure], by: Callable[[Told], Key], keys: Iterable[Key]
) -> dict[str, dict[Key, Figure]]:
    """Return the figures of each of the results `wholes`, shared out `by` what their conversations have, the same keys for each."""
    kept = [(each.result, by(each), tally) for each, tally in told.items() if each.result in wholes]
    every, found = dict.fromkeys([*keys, *sorted({key for _, key, _ in kept})], Tally()), {}
    for result, whole in wholes.items():
        tallies = summed((key, tally) for of, key, tally in kept if of == result)
        found[result] = shared({**every, **tallies}, whole)
    return found


class Places:
    """The needs that were met and those that were not, by place and theme, as they may be shown.

    `land` gives the MRC of each region, `themes` the needs; what conversations hold besides comes after.
    """

    def __init__(self, spots: Mapping[Spot, Tally], land: Land, themes: Iterable[str]) -> None:
        self.rows = _rows(spots, land)
        told = {spot.theme for spot in spots if spot.theme}
        self.themes = list(dict.fromkeys([*themes, *sorted(told), NONE]))
        self._figures = {result: self._shown(spots, result) for result in (MET, UNMET)}

    def figure(self, result: str, row: Row | str = ALL, theme: str = ALL) -> Figure:
        """Return the figure of a place (ALL: Québec) and a theme (ALL: whatever it is)."""
        return self._figures[result][row, theme]

    def below(self, row: Row | str = ALL) -> list[Row]:
        """Return the regions, or the MRC of a region, what was not said last."""
        return self.rows.get(row, [])

    def _shown(self, spots: Mapping[Spot, Tally], result: str) -> PlaceFigures:
        leaves = summed(((_leaf(spot), spot.theme or NONE), tally) for spot, tally in spots.items() if spot.result == result)
        both = sums({key: tally.all for key, tally in leaves.items()}, self.rows)
        gone = sums({key: tally.gone for key, tally in leaves.items() if tally.gone}, self.rows)
        marks = hidden(crossed(both, self.rows, self.themes), both.get((ALL, ALL), 0))
        figures = {}
        for key in itertools.product([ALL, *itertools.chain(*self.rows.values())], [*self.themes, ALL]):
            purged = gone.get(key, 0)
            figures[key] = Figure(Tally(both.get(key, 0) - purged, purged), marks.get(key))
        whole = figures[ALL, ALL].tally
        return figures | {(ALL, ALL): Figure(whole, FEW if 0 < whole.all < SMALL else None)}


def _rows(spots: Iterable[Spot], land: Land) -> dict[Row | str, list[Row]]:
    told = sorted({(spot.region, spot.mrc or NONE) for spot in spots if spot.region})
    regions = {region: [*mrcs] for region, mrcs in land.items()}
    for region, mrc in told:
        if mrc not in (NONE, *regions.setdefault(region, [])):
            regions[region].append(mrc)
    rows: dict[Row | str, list[Row]] = {ALL: [Row(region) for region in (*regions, NONE)]}
    rows.update({Row(region): [Row(region, mrc) for mrc in (*mrcs, NONE)] for region, mrcs in regions.items()})
    return rows


def _leaf(spot: Spot) -> Row:
    return Row(spot.region, spot.mrc or NONE) if spot.region else Row(NONE)
