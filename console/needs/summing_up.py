"""What a drawing shows, in words, for who does not see it."""

from collections.abc import Sequence

from console.filters import count
from console.needs.drawings import Value

TOLD = 3


def summary(lead: str, values: Sequence[tuple[str, Value]]) -> str:
    """Return `lead`, the largest values with their names, how many are nought or hidden, and where all of them are."""
    shown = sorted(((value, name) for name, value in values if isinstance(value, int) and value), key=lambda each: -each[0])
    noughts = sum(value == 0 for _, value in values)
    hidden = sum(isinstance(value, str) for _, value in values)
    told = [lead]
    if shown:
        told.append("Les plus élevés\u00a0: " + "; ".join(f"{name}, {count(value)}" for value, name in shown[:TOLD]) + ".")
    if noughts:
        told.append(f"À zéro\u00a0: {count(noughts)}.")
    if hidden:
        told.append(f"Chiffres non montrés\u00a0: {count(hidden)}.")
    return " ".join([*told, "Les mêmes chiffres sont dans le tableau qui suit."])
