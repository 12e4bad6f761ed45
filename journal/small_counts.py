"""Which figures of a table are not shown, so that nobody can tell that one, two, three or four conversations said something.

A count of 1 to 4 is hidden (FEW, « moins de 5 »), and what details a hidden count is hidden too, noughts included, but for those that
detail a nought as well; other noughts are shown. Then, as long as a hidden figure could be computed from those that are shown, another is
hidden with it, the smallest that will do (MASKED). At the end each hidden figure has at least two values that agree with all that is shown
and with what one knows of the marks: 1 to 4 behind FEW, nought to 4 when it details another FEW, 5 or more behind MASKED.

The tables are networks (one dimension may be a tree): the cells are arcs, and the sums that readers can do are nodes, where what comes in
equals what goes out. A hidden cell has another value exactly when a unit can go round through it and other hidden cells. The cheapest way
round is a shortest path: J. Castro, « A shortest-paths heuristic for statistical data protection in positive tables », INFORMS Journal on
Computing 19 (2007).
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

SMALL = 5
FEW, MASKED = "few", "masked"

# The sum of a dimension.
ALL = "@all"

Key = Hashable


class Cell(NamedTuple):
    """A figure, between two sums: one more of it takes one from the sum `tail` and gives one to the sum `head`."""

    count: int
    tail: Hashable
    head: Hashable


@dataclass
class Network:
    """Cells by key, and which cells detail another. A total that is known anyway (it is shown) is no cell."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    details: dict[Key, list[Key]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: Key, cell: Cell, *totals: Key) -> None:
        """Add a cell, which is a part of `totals`."""
        self.cells[key] = cell
        for total in totals:
            self.details[total].append(key)


def hidden(network: Network, whole: int) -> dict[Key, str]:
    """Return the marks of the cells that are not shown, by key, where `whole` is the count of all.

    When no choice of cells is safe, which takes a handful of conversations, every cell is MASKED.
    """
    if 0 < whole < SMALL:
        return dict.fromkeys(network.cells, FEW)
    hiding = _Hiding(network)
    return hiding.marks if hiding.is_safe() else dict.fromkeys(network.cells, MASKED)


class _Hiding:
    """The marks under way. A step is a cell that changes by one: the number of the cell, twice, and one more when it goes down."""

    def __init__(self, network: Network) -> None:
        self._keys = list(network.cells)
        self._counts = [cell.count for cell in network.cells.values()]
        self._ends = [ends for cell in network.cells.values() for ends in ((cell.tail, cell.head), (cell.head, cell.tail))]
        self.marks: dict[Key, str] = {}
        self._details: set[Key] = set()
        self._hide_the_few(network)
        self._prices = [self._price(step) for step in range(len(self._ends))]
        self._steps_from: dict[Hashable, list[int]] = defaultdict(list)
        for step, (start, _) in enumerate(self._ends):
            self._steps_from[start].append(step)

    def _hide_the_few(self, network: Network) -> None:
        few = [key for key, cell in network.cells.items() if 0 < cell.count < SMALL]
        self.marks.update(dict.fromkeys(few, FEW))
        below = few
        while below := [part for key in below for part in network.details.get(key, ()) if part not in self._details]:
            self._details.update(below)
        self.marks.update(dict.fromkeys(self._details, FEW))
        self._show_sure_noughts(network)

    def _show_sure_noughts(self, network: Network) -> None:
        """Show what details a nought that is shown: everybody knows it."""
        doubtful = {key for key in self._details if not network.cells[key].count}
        while sure := {part for total in self._shown_noughts(network) for part in network.details[total] if part in doubtful}:
            doubtful -= sure
            for key in sure:
                del self.marks[key]

    def _shown_noughts(self, network: Network) -> list[Key]:
        return [key for key in network.details if key in network.cells and not network.cells[key].count and key not in self.marks]

    def is_safe(self) -> bool:
        """Hide what it takes for each hidden cell to have another value; return whether they all have one.

        A nought that is hidden with its total may be guessed: it tells nothing of anybody.
        """
        safe: set[int] = set()
        for number, key in enumerate(self._keys):
            if self._counts[number] and key in self.marks and number not in safe:
                steps = self._cheapest_round(number)
                if steps is None:
                    return False
                for step in steps:
                    self._hide(step // 2)
                safe |= {step // 2 for step in steps}
        return True

    def _hide(self, number: int) -> None:
        if self._keys[number] not in self.marks:
            self.marks[self._keys[number]] = MASKED
            for step in (2 * number, 2 * number + 1):
                self._prices[step] = self._price(step)

    def _price(self, step: int) -> int | None:
        """Return what it costs to take a step: nought by a hidden cell, None when its mark would not be true any more."""
        count, goes_down, key = self._counts[step // 2], step % 2, self._keys[step // 2]
        if key not in self.marks:
            return count if count > SMALL - 1 + goes_down else None
        if count < SMALL:
            possible = count > (key not in self._details) if goes_down else count < SMALL - 1
        else:
            possible = not goes_down or count > SMALL
        return 0 if possible else None

    def _cheapest_round(self, number: int) -> list[int] | None:
        """Return the steps of the cheapest way round by the cell of this number, or None."""
        firsts = [step for step in (2 * number, 2 * number + 1) if self._prices[step] == 0]
        for first in firsts:
            if steps := self._free_round(first):
                return steps
        found = [way for first in firsts if (way := self._priced_round(first))]
        return min(found, key=lambda way: way[0])[1] if found else None

    def _free_round(self, first: int) -> list[int] | None:
        """Return a way round by hidden cells only, the shortest, or None."""
        goal, start = self._ends[first]
        came: dict[Hashable, int] = {start: first}
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            if node == goal:
                return self._back(came, first)
            for step in self._steps_from[node]:
                other = self._ends[step][1]
                if self._prices[step] == 0 and other not in came and step // 2 != first // 2:
                    came[other] = step
                    waiting.append(other)
        return None

    def _priced_round(self, first: int) -> tuple[int, list[int]] | None:
        """Return the price of the cheapest way round and its steps, or None."""
        goal, start = self._ends[first]
        came, best, heap = {start: first}, {start: 0}, [(0, 0, start)]
        while heap:
            price, _, node = heapq.heappop(heap)
            if node == goal:
                return price, self._back(came, first)
            if price > best[node]:
                continue
            for step in self._steps_from[node]:
                cost, other = self._prices[step], self._ends[step][1]
                if cost is None or step // 2 == first // 2 or (other in best and best[other] <= price + cost):
                    continue
                best[other], came[other] = price + cost, step
                # The number of the step settles ties: nodes have no order.
                heapq.heappush(heap, (price + cost, step, other))
        return None

    def _back(self, came: Mapping[Hashable, int], first: int) -> list[int]:
        steps, node = [], self._ends[first][0]
        while not steps or steps[-1] != first:
            steps.append(came[node])
            node = self._ends[steps[-1]][0]
        return steps


def line(counts: Mapping[Key, int]) -> Network:
    """Return the network of counts whose sum is shown."""
    network = Network()
    for key, count in counts.items():
        network.add(key, Cell(count, "elsewhere", "sum"))
    return network


def sums(counts: Mapping[tuple[Key, Key], int], rows: Mapping[Key, Iterable[Key]]) -> dict[tuple[Key, Key], int]:
    """Return the counts of every row and of every sum, by (row, column), from those of the lowest rows; noughts are left out.

    `rows` gives the rows below each row, from ALL down.
    """
    by_row: dict[Key, dict[Key, int]] = defaultdict(lambda: defaultdict(int))
    for (row, column), count in counts.items():
        by_row[row][column] += count
    # From the lowest rows up: `rows` has the highest first.
    for above, below in reversed(rows.items()):
        for row in below:
            for column, count in by_row[row].items():
                by_row[above][column] += count
    found = {}
    for row, columns in by_row.items():
        found.update({(row, column): count for column, count in columns.items()})
        found[row, ALL] = sum(columns.values())
    return found


def crossed(counts: Mapping[tuple[Key, Key], int], rows: Mapping[Key, Iterable[Key]], columns: Iterable[Key]) -> Network:
    """Return the network of a table of two dimensions with all of its `sums`; the sum of all is shown, and is no cell."""
    columns, network = list(columns), Network()
    for column in columns:
        network.add((ALL, column), Cell(counts.get((ALL, column), 0), (ALL, column), "columns"))
    for above, below in rows.items():
        for row in below:
            for column in columns:
                under = (row, column) if row in rows else row
                cell = Cell(counts.get((row, column), 0), under, (above, column))
                network.add((row, column), cell, (above, column), (row, ALL))
            under = (row, ALL) if row in rows else row
            network.add((row, ALL), Cell(counts.get((row, ALL), 0), (above, ALL), under), (above, ALL))
    return network
