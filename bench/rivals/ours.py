"""Ours: the wording model alone, and with all that is read around it."""

from pathlib import Path

from bench.rivals.drawing import Pairs
from bot.nlu.reading import Reader
from bot.nlu.scores import OUTSIDE
from bot.nlu.understanding import NOISE, Understander
from bot.nlu.wordings import WordingModel

# As in config.yml, but for the ranking, kept whole.
_SETTINGS = {"threshold": 0.09, "kept": 10_000}
_FILE = "wordings.npz"


def train(pairs: Pairs, folder: Path) -> None:
    """Fit the wording model on `pairs` and write it below `folder`."""
    WordingModel.fit(*zip(*pairs, strict=True)).save(folder / _FILE)


class Svm:
    """The wording model."""

    def __init__(self, folder: Path) -> None:
        self.ranks = WordingModel.load(folder / _FILE).ranks


class Whole:
    """The understanding with the linker, as the components of Rasa put it together, on the directory that the settings name."""

    # What it decides to be outside is, whatever the probabilities.
    decides = OUTSIDE | {NOISE}

    def __init__(self, folder: Path) -> None:
        import bot.engine  # noqa: F401 - before Rasa: it quiets its import

        from bot.nlu.french_words import Words

        self._words, self._reader = Words(), Reader.from_settings()
        self._understander = Understander(WordingModel.load(folder / _FILE), _SETTINGS)

    def ranks(self, texts: list[str]) -> list[list[tuple[str, float]]]:
        """Return the ranking of each text; what is not sure enough begins with the fallback."""
        return [self._rank(text) for text in texts]

    def _rank(self, text: str) -> list[tuple[str, float]]:
        said = self._understander.read(text, self._reader.entities(text), self._words.in_text(text))
        ranking = [(label, share) for label, share in said["ranking"]]
        decided = said["intent"]["name"]
        return ranking if ranking[0][0].split("/")[0] == decided else [(decided, said["intent"]["confidence"]), *ranking]
