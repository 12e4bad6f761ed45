"""The map: a tile a territory, with its name and its figure, coloured from few to many. The data hold no boundary: the tiles of the regions
lie as the regions do, those of the MRC of a region in the order of the alphabet."""

import re
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from console.filters import count
from console.needs.drawings import Drawing, Value
from console.needs.palettes import SCALE, Palette, ink_on
from console.needs.words import MARKS
from journal.small_counts import FEW, MASKED, SMALL

WIDTH, TALL, GAP, LEGEND = 8.4, 0.92, 0.06, 0.75
_STRIPES = {FEW: "///", MASKED: "xxx"}
_BREAKS = re.compile(r"(?<=[-– ])")
# How many signs of a name an inch holds; sizes in points.
_SIGNS, _NAME_PT, _FIGURE_PT = 11.5, 9, 12


def draw_tiles(drawing: Drawing, palette: Palette) -> Figure:
    """Return the figure of a drawing of tiles."""
    columns, rows = (max((item[2][axis] for item in drawing.items), default=0) + 1 for axis in (0, 1))
    tall = rows * TALL + LEGEND
    figure, wide = Figure(figsize=(WIDTH, tall)), WIDTH / columns
    step = step_of([value for _, (value,), _ in drawing.items if isinstance(value, int)])
    for label, (value,), (column, row) in drawing.items:
        box = (column * wide, LEGEND + (rows - 1 - row) * TALL, wide - GAP, TALL - GAP)
        _tile(figure, box, value, step, palette)
        ink, told = _ink(value, step, palette), MARKS[value] if isinstance(value, str) else count(value)
        lines = wrapped(label, round((wide - GAP) * _SIGNS))
        left, top = box[0] + 0.07, box[1] + box[3]
        _text(figure, left, top - 0.06, "\n".join(lines), palette=ink, size=_NAME_PT, va="top")
        size = _NAME_PT + 1 if isinstance(value, str) else _FIGURE_PT
        _text(figure, left, box[1] + 0.07, told, palette=ink, size=size, va="bottom", weight="bold")
    _draw_legend(figure, drawing, step, palette)
    return figure


def step_of(values: Sequence[int]) -> int:
    """Return how many conversations a colour spans: a round number, so that the colours of SCALE reach the largest value."""
    least = max([SMALL, *(-(-value // len(SCALE)) for value in values)])
    power = 10 ** (len(str(least)) - 1)
    return next(round(power * factor) for factor in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if power * factor >= least)


def wrapped(name: str, wide: int) -> list[str]:
    """Return a name on lines of at most `wide` signs where it can be, broken after blanks and hyphens."""
    lines = [""]
    for part in _BREAKS.split(name):
        if lines[-1] and len(lines[-1] + part.rstrip()) > wide:
            lines.append("")
        lines[-1] += part
    return [line.rstrip() for line in lines]


def shortened(name: str, wide: int, most: int = 2) -> list[str]:
    """Return a name on `most` lines at most; « … » stands for the rest."""
    lines = wrapped(name, wide)
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][: wide - 1]}…"]


def _colour(value: Value, step: int, palette: Palette) -> str:
    if isinstance(value, str) or value == 0:
        return palette.empty
    return SCALE[min(len(SCALE) - 1, (value - 1) // step)]


def _ink(value: Value, step: int, palette: Palette) -> str:
    return palette.ink if isinstance(value, str) or value == 0 else ink_on(_colour(value, step, palette))


def _tile(figure: Figure, box: tuple[float, float, float, float], value: Value, step: int, palette: Palette) -> None:
    """Draw a tile (left, bottom, width and height in inches); what is hidden is striped on its right side, away from the words."""
    high = figure.get_figheight()

    def add(left: float, bottom: float, wide: float, tall: float, **look: object) -> None:
        place = (left / WIDTH, bottom / high), wide / WIDTH, tall / high
        figure.add_artist(Rectangle(*place, transform=figure.transFigure, **look))

    left, bottom, wide, tall = box
    add(left, bottom, wide, tall, facecolor=_colour(value, step, palette), edgecolor=palette.line, linewidth=0.8)
    if isinstance(value, str):
        stripes = min(0.2, wide / 4)
        look = {"facecolor": "none", "edgecolor": palette.line, "hatch": _STRIPES[value], "linewidth": 0}
        add(left + wide - stripes, bottom, stripes, tall, **look)


def _text(figure: Figure, left: float, bottom: float, text: str, palette: str, size: float, va: str, weight: str = "normal") -> None:
    place = (left / WIDTH, bottom / figure.get_figheight())
    figure.text(*place, text, color=palette, fontsize=size, va=va, fontweight=weight, linespacing=1.1)


def _draw_legend(figure: Figure, drawing: Drawing, step: int, palette: Palette) -> None:
    """Draw what the colours that are used mean, and the marks."""
    values = [value for _, (value,), _ in drawing.items]
    used = sorted({(value - 1) // step for value in values if isinstance(value, int) and value})
    entries: list[tuple[Value, str]] = [(0, "0")] if 0 in values else []
    entries += [(each * step + 1, f"{count(max(SMALL, each * step + 1))} à {count((each + 1) * step)}") for each in used]
    entries += [(mark, MARKS[mark]) for mark in (FEW, MASKED) if mark in values]
    _text(figure, 0.02, LEGEND - 0.22, drawing.series[0], palette=palette.ink, size=9, va="bottom", weight="bold")
    left = 0.02
    for value, told in entries:
        _tile(figure, (left, 0.14, 0.32, 0.24), value, step, palette)
        _text(figure, left + 0.38, 0.17, told, palette=palette.ink, size=9, va="bottom")
        left += 0.62 + 0.085 * len(told)
