"""The plots of the page: SVG with its text as text, the same bytes for the same measures."""

import statistics
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.measures import p95, right, smooth
from bench.sides import ALL, AT_ONCE, KEYWORDS, NLPJS, OURS, SIDES, STOCK, Side

# File name and what it shows.
PLOTS = {
    "accuracy": "Labels right, of sentences as written and with slips of typing",
    "turn": "Milliseconds of a turn, median and 95th centile",
    "throughput": "Turns a second by number of conversations at once",
    "growth": "Milliseconds of a turn along one conversation",
}
# Told apart without colour vision too (Okabe and Ito).
COLOURS = {OURS: "#0072B2", STOCK: "#D55E00", NLPJS: "#009E73", KEYWORDS: "#CC79A7"}
STYLE = {"svg.fonttype": "none", "svg.hashsalt": "bench", "font.family": "sans-serif", "font.size": 10}
NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))


def draw_plots(measured: dict[str, Any], folder: Path) -> None:
    """Write the plots in `folder`; a side that was not measured is left out."""
    sides = [side for side in SIDES if measured["drives"].get(side.name)]
    drawings = {"accuracy": _accuracy, "turn": _turn, "throughput": _throughput, "growth": _growth}
    with rc_context(STYLE):
        for name, draw in drawings.items():
            figure = Figure(figsize=(8, 4), layout="constrained")
            axes = figure.subplots()
            axes.spines[["top", "right"]].set_visible(False)
            axes.set_title(PLOTS[name], loc="left")
            draw(axes, sides, measured)
            figure.savefig(folder / f"{name}.svg", metadata=NO_METADATA)


def _accuracy(axes: Axes, sides: list[Side], measured: dict[str, Any]) -> None:
    read = {side: [each["read"] for each in measured["drives"][side.name]] for side in sides}
    values = {
        kind: [statistics.median(right(each[key]) for each in runs) for runs in read.values()]
        for kind, key in (("as written", "unseen"), ("noisy", "noisy"))
    }
    _bars(axes, sides, values)
    axes.set_xlabel("labels right (%)")
    axes.set_xlim(0, 100)


def _turn(axes: Axes, sides: list[Side], measured: dict[str, Any]) -> None:
    times = [[ms for each in measured["drives"][side.name] for ms in each["turns_ms"]] for side in sides]
    _bars(axes, sides, {"median": list(map(statistics.median, times)), "95th centile": list(map(p95, times))})
    axes.set_xlabel("ms a turn, logarithmic scale")
    axes.set_xscale("log")


def _bars(axes: Axes, sides: list[Side], values: dict[str, list[float]]) -> None:
    """Draw a pair of bars a side, the first plain and the second pale, each with its figure."""
    for i, (name, numbers) in enumerate(values.items()):
        places = [row + 0.4 * i - 0.2 for row in range(len(sides))]
        colours = [COLOURS[side.code] for side in sides]
        bars = axes.barh(places, numbers, height=0.38, color=colours, alpha=0.5 if i else 1, label=name)
        axes.bar_label(bars, labels=[f"{number:.1f}, {name}" for number in numbers], padding=3, fontsize=8)
    axes.set_yticks(range(len(sides)), [side.name for side in sides])
    axes.invert_yaxis()
    axes.margins(x=0.25)


def _throughput(axes: Axes, sides: list[Side], measured: dict[str, Any]) -> None:
    for side in sides:
        values = [statistics.median(each["turns_per_s"][str(n)] for each in measured["drives"][side.name]) for n in AT_ONCE]
        axes.plot(range(len(AT_ONCE)), values, marker="o", **_line(side))
    axes.set_xticks(range(len(AT_ONCE)), [str(n) for n in AT_ONCE])
    axes.set_xlabel("conversations at once")
    axes.set_ylabel("turns a second, logarithmic scale")
    axes.set_yscale("log")
    _legend(axes)


def _growth(axes: Axes, sides: list[Side], measured: dict[str, Any]) -> None:
    for side in sides:
        if side.name in measured["growth"]:
            axes.plot(*zip(*smooth(measured["growth"][side.name]["turns_ms"]), strict=True), **_line(side))
    axes.set_xlabel("turn of the conversation (medians of twenty)")
    axes.set_ylabel("ms a turn, logarithmic scale")
    axes.set_yscale("log")
    _legend(axes)


def _line(side: Side) -> dict[str, Any]:
    return {"color": COLOURS[side.code], "linestyle": "--" if side.data == ALL else "-", "label": side.name}


def _legend(axes: Axes) -> None:
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
