"""The sides of the comparison, and what is asked of each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from settings import PROJECT_ROOT

WORK = PROJECT_ROOT / "var" / "bench"
OURS, STOCK, NLPJS, KEYWORDS = "ours", "stock", "nlpjs", "keywords"
TITLES = {OURS: "ours", STOCK: "stock Rasa", NLPJS: "nlp.js", KEYWORDS: "keywords"}
RASA = (OURS, STOCK)
SAMPLE, ALL = "sample", "all the data"
A_CONVERSATION = 5
AT_ONCE = (1, 8, 32)


@dataclass(frozen=True)
class Side:
    """One column: whose code, and what it learns (SAMPLE or ALL)."""

    code: str
    data: str

    @property
    def name(self) -> str:
        """Return the name that the page gives it."""
        return f"{TITLES[self.code]}, {self.data}"

    @property
    def folder(self) -> Path:
        """Return where its training is kept."""
        return WORK / f"{self.code}-{self.data.split()[0]}"


# Stock Rasa takes hours to learn everything: it has no column there.
SIDES = (
    *(Side(code, SAMPLE) for code in (OURS, STOCK, NLPJS, KEYWORDS)),
    *(Side(code, ALL) for code in (OURS, NLPJS, KEYWORDS)),
)


@dataclass(frozen=True)
class Asked:
    """What the sides are asked; each pair is (text, label), the same for all.

    `turns` are said as conversations of five turns. `readings` are sets of sentences that are only understood, by name.
    `saturation` is how many turns are said in all with each number of conversations at once.
    """

    turns: list[list[str]]
    readings: dict[str, list[list[str]]]
    saturation: int

    def as_json(self) -> dict[str, Any]:
        """Return what a process is given."""
        return {"turns": self.turns, "readings": self.readings, "saturation": self.saturation}


def talks(texts: list[str], turns: int, people: int) -> list[list[str]]:
    """Return what each of `people` says, `turns` in all, each their own stretch of `texts` taken round and round."""
    each = turns // people
    return [[texts[(person * each + i) % len(texts)] for i in range(each)] for person in range(people)]
