"""Drawings as SVG, by matplotlib: bars, lines and tiles, each with its figures written on it.

A second goes by when this module is imported, which a console that draws nothing does not need.
"""

import io
import threading
from collections.abc import Callable, Sequence

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from console.filters import count
from console.needs import svg
from console.needs.drawings import BARS, LINES, TILES, Drawing, Value
from console.needs.palettes import DARK, LIGHT, Palette
from console.needs.tiles import draw_tiles, shortened
from console.needs.words import MARKS

WIDTH = 8.4
# Of a label beside a bar, a line.
_SIGNS = 40
_STYLE = {"svg.fonttype": "none", "svg.hashsalt": "needs", "font.family": "sans-serif", "font.size": 10, "hatch.linewidth": 1.2}
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
# matplotlib keeps its style in one place for all threads.
_one_at_a_time = threading.Lock()


def draw(drawing: Drawing, dark: bool = False) -> str:
    """Return a drawing as SVG."""
    palette = DARK if dark else LIGHT
    colours = {"text.color": palette.ink, "axes.edgecolor": palette.line, "xtick.color": palette.soft, "ytick.color": palette.ink}
    file = io.StringIO()
    with _one_at_a_time, rc_context({**_STYLE, **colours}):
        figure = _DRAWN[drawing.kind](drawing, palette)
        figure.savefig(file, format="svg", transparent=True, metadata=_NO_METADATA)
    return svg.plain(file.getvalue())


def told(value: Value) -> str:
    """Return a figure as the table says it."""
    return MARKS[value] if isinstance(value, str) else count(value)


def _bars(drawing: Drawing, palette: Palette) -> Figure:
    """Draw a bar a series beside each label; what is hidden has a short empty bar, the same whatever it hides."""
    series, thick = len(drawing.series), 0.26
    labels = ["\n".join(shortened(item[0], _SIGNS)) for item in drawing.items]
    figure, axes = _axes(len(labels) * (series * thick + 0.14) + 0.25, left=2.9, top=0.4 if series > 1 else 0.05)
    most = max([1, *_numbers(drawing)])
    for number in range(series):
        for place, (_, values) in enumerate(drawing.items):
            at = place * (series * thick + 0.14) + number * thick
            _bar(axes, at, thick * 0.86, values[number], most, palette, number)
    middle = (series - 1) * thick / 2
    axes.set_yticks([place * (series * thick + 0.14) + middle for place in range(len(labels))], labels)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(labels) * (series * thick + 0.14) - thick / 2, -thick)
    axes.set_xlim(0, most * 1.3)
    axes.set_xticks([])
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    _legend(figure, drawing, palette)
    return figure


def _bar(axes: Axes, at: float, thick: float, value: Value, most: int, palette: Palette, number: int) -> None:
    look = {"facecolor": palette.series[number], "edgecolor": palette.empty, "hatch": "////" if number else None, "linewidth": 0}
    length = value
    if isinstance(value, str):
        look, length = {"facecolor": "none", "edgecolor": palette.series[number], "linestyle": ":", "linewidth": 1.2}, most * 0.03
    axes.barh(at, length, thick, **look)
    axes.text(length + most * 0.01, at, told(value), va="center", fontsize=9, color=palette.ink if value else palette.soft)


def _lines(drawing: Drawing, palette: Palette) -> Figure:
    """Draw a line a series, broken where the figure is hidden, which a hollow mark at the bottom says."""
    figure, axes = _axes(2.6, left=0.6, top=0.4, bottom=0.5)
    labels = [item[0] for item in drawing.items]
    most = max([1, *_numbers(drawing)])
    for number, (colour, marker, dashes) in enumerate(zip(palette.series, "os", ("-", "--"), strict=True)):
        values = [item[1][number] for item in drawing.items]
        known = [float("nan") if isinstance(value, str) else value for value in values]
        name = drawing.series[number]
        axes.plot(range(len(labels)), known, color=colour, marker=marker, markersize=4, linestyle=dashes, linewidth=1.8, label=name)
        hidden = [place for place, value in enumerate(values) if isinstance(value, str)]
        look = {"color": colour, "marker": marker, "markersize": 6, "linestyle": "", "fillstyle": "none", "clip_on": False}
        if hidden:
            axes.plot(hidden, [0] * len(hidden), label="chiffre non montré", **look)
    axes.set_ylim(0, most * 1.1)
    axes.set_xlim(-0.3, len(labels) - 0.7)
    step = -(-len(labels) // 9)
    axes.set_xticks(range(0, len(labels), step), labels[::step])
    axes.grid(axis="y", color=palette.line, alpha=0.4, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.yaxis.set_major_formatter(lambda value, _place: count(round(value)) if value == round(value) else "")
    axes.tick_params(axis="y", colors=palette.soft)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncol=4, frameon=False, borderaxespad=0.2, labelcolor=palette.ink)
    return figure


def _legend(figure: Figure, drawing: Drawing, palette: Palette) -> None:
    if len(drawing.series) < 2:
        return
    looks = zip(palette.series, (None, "////"), drawing.series, strict=True)
    patches = [Patch(facecolor=colour, edgecolor=palette.empty, hatch=hatch, label=name) for colour, hatch, name in looks]
    figure.legend(handles=patches, loc="upper left", ncol=2, frameon=False, bbox_to_anchor=(0, 1), labelcolor=palette.ink)


def _axes(height: float, left: float, top: float, bottom: float = 0.1) -> tuple[Figure, Axes]:
    """Return a figure as high (inches) as its axes and its margins."""
    whole = height + top + bottom
    figure = Figure(figsize=(WIDTH, whole))
    return figure, figure.add_axes((left / WIDTH, bottom / whole, (WIDTH - left - 0.2) / WIDTH, height / whole))


def _numbers(drawing: Drawing) -> Sequence[int]:
    return [value for item in drawing.items for value in item[1] if isinstance(value, int)]


_DRAWN: dict[str, Callable[[Drawing, Palette], Figure]] = {BARS: _bars, LINES: _lines, TILES: draw_tiles}
