"""How far the confidence of ours can be believed: share right by confidence, and the error at other temperatures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.rivals.drawing import Pairs
from bench.rivals.measures import BINS, Bin, at_temperature, bins, calibration_error
from bench.rivals.ours import Svm
from bot.nlu.wordings import CALIBRATED, TEMPERATURE

TEMPERATURES = tuple(range(3, 13))
_BLUE, _GREY = "#1f5f8b", "#8a8a8a"


@dataclass(frozen=True)
class Curve:
    """The bins of confidence at the temperature of ours, and the expected calibration error at each of `TEMPERATURES`."""

    sentences: int
    bins: list[Bin]
    errors: dict[int, float]
    error: float


def measure(folder: Path, pairs: Pairs) -> Curve:
    """Return the curve of the model of `folder` on the unseen `pairs`."""
    rankings = Svm(folder).ranks([text for text, _ in pairs])
    right = [ranking[0][0] == label for ranking, (_, label) in zip(rankings, pairs, strict=True)]

    def sure(temperature: float) -> list[float]:
        return [at_temperature(ranking, TEMPERATURE, temperature) for ranking in rankings]

    errors = {each: calibration_error(sure(each), right) for each in TEMPERATURES}
    return Curve(len(pairs), bins(sure(CALIBRATED), right), errors, calibration_error(sure(CALIBRATED), right))


def draw(curve: Curve, path: Path) -> None:
    """Write the plot to `path` (SVG): the share right over the confidence, the number of sentences of each bin under it."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    # The salt makes the names within the file the same each time.
    with pyplot.rc_context({"svg.fonttype": "none", "svg.hashsalt": "reliability", "font.family": "sans-serif", "font.size": 10}):
        figure, (above, under) = pyplot.subplots(2, 1, figsize=(6, 6.5), sharex=True, gridspec_kw={"height_ratios": (3, 1)})
        full = [each for each in curve.bins if each.count]
        above.plot([0, 1], [0, 1], "--", color=_GREY, label="what a perfect confidence would give")
        above.plot([each.confidence for each in full], [each.right for each in full], "o-", color=_BLUE, label="ours")
        above.set(xlim=(0, 1), ylim=(0, 1), ylabel="share right", title=f"Ours, temperature {CALIBRATED:g}, {curve.sentences} sentences")
        above.legend(loc="lower right", frameon=False)
        _counts(under, [each.count for each in curve.bins])
        figure.tight_layout()
        figure.savefig(path, format="svg", metadata={"Date": None})
        pyplot.close(figure)


def _counts(axis: object, counts: Sequence[int]) -> None:
    middles = [(i + 0.5) / BINS for i in range(BINS)]
    axis.bar(middles, counts, width=0.9 / BINS, color=_BLUE)
    for middle, count in zip(middles, counts, strict=True):
        axis.annotate(str(count), (middle, count), ha="center", va="bottom", fontsize=8)
    axis.set(xlabel="confidence", ylabel="sentences", ylim=(0, 1.2 * max(counts)))
