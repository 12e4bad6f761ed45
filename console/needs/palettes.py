"""The colours of the drawings, on light and on dark pages; told apart without colour vision too (Okabe and Ito), and never alone."""

from typing import NamedTuple


class Palette(NamedTuple):
    """Ink, soft ink and lines of a page, what a tile without figure is filled with, and the series, plain then striped."""

    ink: str
    soft: str
    line: str
    empty: str
    series: tuple[str, str]


LIGHT = Palette("#1d2327", "#535c63", "#767f86", "#f3f4f5", ("#0072b2", "#d55e00"))
DARK = Palette("#e8ecee", "#b3bcc2", "#88939a", "#232b30", ("#56b4e9", "#f0a35e"))
# From few to many; the ink on each is black or white, whichever is read better.
SCALE = ("#fef0d9", "#fdcc8a", "#fc8d59", "#d7301f", "#7f0000")


def ink_on(ground: str) -> str:
    """Return black or white, whichever has the more contrast (4.5 at least) with `ground`."""
    return max("#000000", "#ffffff", key=lambda ink: contrast(ink, ground))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
