"""What the measures of a side come to: shares of right labels, centiles, growth. Pure.

`pairs` are (expected label, label read); several drives are pooled before.
"""

import statistics
from collections.abc import Sequence

Pairs = Sequence[Sequence[str]]
# A side that answers one of these says that it does not know, or that the subject is not its own.
REFUSALS = frozenset({"out_of_scope", "near_miss", "nlu_fallback", "None", ""})
OUTSIDE = frozenset({"out_of_scope", "near_miss", "noise"})


def right(pairs: Pairs) -> float:
    """Return the percentage of sentences read as their label; refusals that are not expected are mistakes."""
    return 100 * statistics.mean(expected == got for expected, got in pairs)


def intent_right(pairs: Pairs) -> float:
    """Return the percentage of sentences whose intent is right: the label up to its slash."""
    return right([[label.split("/")[0] for label in pair] for pair in pairs])


def refused(pairs: Pairs, outside: bool) -> float:
    """Return the percentage refused of the sentences that are `outside`, or of those that are inside."""
    return 100 * statistics.mean(got in REFUSALS for expected, got in pairs if (expected in OUTSIDE) == outside)


def p95(times: Sequence[float]) -> float:
    """Return the 95th centile."""
    return statistics.quantiles(times, n=20)[-1]


def stretches(times: Sequence[float]) -> tuple[float, float]:
    """Return the medians of turns 10 to 30 and of the last twenty, which say the same messages (`long_talk`)."""
    return statistics.median(times[10:30]), statistics.median(times[-20:])


def smooth(times: Sequence[float], width: int = 20) -> list[tuple[int, float]]:
    """Return (turn in the middle, median) of each stretch of `width` turns, in order."""
    return [(i + width // 2, statistics.median(times[i : i + width])) for i in range(0, len(times) - width + 1, width)]


def long_talk(texts: Sequence[str], turns: int) -> list[str]:
    """Return one conversation of `turns` turns whose last twenty say what turns 10 to 30 said, so that only its length differs."""
    return [texts[i % (turns - 30) % len(texts)] for i in range(turns)]
