"""An attacker of tables whose small figures are hidden: who knows all that is shown, the rules and the sums, and has linear programming."""

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
from scipy.optimize import linprog

from journal.small_counts import FEW, MASKED, SMALL

Key = Hashable
# A count that is shown, or the mark that stands in its place.
Told = int | str
Sum = tuple[Key, list[Key]]


def exposed(told: Mapping[Key, Told], sums: Iterable[Sum], truth: Mapping[Key, int]) -> list[str]:
    """Return the hidden figures, noughts aside, that can be computed from what is told; `sums` are totals and their parts."""
    keys, sums = list(told), list(sums)
    place = {key: number for number, key in enumerate(keys)}
    equal = np.zeros((len(sums), len(keys)))
    for row, (total, parts) in zip(equal, sums, strict=True):
        row[[place[part] for part in parts]] = 1
        row[place[total]] -= 1
    bounds = list(_behind(told, sums).values())
    found = []
    for key in [key for key, value in told.items() if isinstance(value, str) and truth[key]]:
        goal = np.zeros(len(keys))
        goal[place[key]] = 1
        least, most = (_least(sign * goal, equal, bounds) * sign for sign in (1, -1))
        assert least <= truth[key] <= most, f"the attacker is mistaken about {key}"
        if least == most:
            found.append(f"{key} is {least}")
    return found


def _behind(told: Mapping[Key, Told], sums: list[Sum]) -> dict[Key, tuple[int, int | None]]:
    """Return what each figure can be by its mark alone: noughts are shown, unless they detail what is few."""
    details = {part for total, parts in sums if told[total] == FEW for part in parts}
    nothing_told = all(value == MASKED for key, value in told.items() if any(key in parts for _, parts in sums))
    marks = {FEW: (1, SMALL - 1), MASKED: (0 if nothing_told else SMALL, None)}
    found = {key: marks[value] if isinstance(value, str) else (value, value) for key, value in told.items()}
    return found | {key: (0, SMALL - 1) for key in details if told[key] == FEW}


def _least(goal: np.ndarray, equal: np.ndarray, bounds: list[tuple[int, int | None]]) -> int:
    # The matrix of a network is totally unimodular: the least is a whole number.
    solved = linprog(goal, A_eq=equal, b_eq=np.zeros(len(equal)), bounds=bounds, method="highs")
    assert solved.status in (0, 3), solved.message
    return -(10**9) if solved.status == 3 else round(solved.fun)
