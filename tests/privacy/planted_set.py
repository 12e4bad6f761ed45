"""The planted set: personal data in sentences that people type, traps that are none, and how well the door tells them apart.

`PYTHONPATH=. python tests/privacy/planted_set.py` prints the figures; `planted/README.md` says how the set was made, in three rounds.
"""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

from bot.door import enter

PLANTED = Path(__file__).parent / "planted"
KINDS = {"nas": "NAS", "card": "CARTE", "mail": "COURRIEL", "tel": "TELEPHONE", "ramq": "RAMQ", "addr": "ADRESSE", "post": "CODE_POSTAL"}
MARK = re.compile(r"\[(?:(CODE_POSTAL) [A-Z]\d[A-Z]|([A-Z]+)_\d+)\]")
_VALUE = re.compile(r"⟦(\w+):([^⟧]*)⟧")
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060]")
# Words of an address, or of a spoken e-mail, that say nothing of anybody.
_COMMON = set(
    "rue chemin avenue boulevard boul rang route place montée impasse côte allée terrasse croissant ruelle des est nord ouest sud app "
    "succ case postale terminus exemple com org net qc ca point arobase dot tiret trait union underscore souligné soulignement barre "
    "bas commercial".split()
)


@dataclass(frozen=True)
class Item:
    """A sentence as it is typed, and the personal data planted in it: (kind, value) pairs."""

    id: str
    form: str
    text: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def held_out(self) -> bool:
        """Whether the item is of the third of the first round that was not looked at during the first mending."""
        return hashlib.sha256(self.id.encode()).digest()[0] % 3 == 0


def read(name: str) -> list[Item]:
    """Return the items of a file of the set, in its order."""
    return [_item(row["id"], row["form"], row["text"]) for row in _rows(name)]


def read_pairs(name: str = "two_messages") -> list[tuple[Item, Item]]:
    """Return the halves that are sent in two messages."""
    return [tuple(_item(row["id"], row["form"], text) for text in row["texts"]) for row in _rows(name)]


def _rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (PLANTED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _item(key: str, form: str, marked: str) -> Item:
    return Item(key, form, _VALUE.sub(lambda m: m[2], marked), tuple(_VALUE.findall(marked)))


def planted() -> list[Item]:
    """Return every item of the first round that holds personal data, those over two messages aside."""
    names = ("nas", "cards", "emails", "phones", "ramq", "addresses", "postal")
    return [item for name in names for item in read(name)]


def every() -> list[Item]:
    """Return every item of the three rounds that holds personal data, those over two messages aside."""
    return [*planted(), *read("second"), *read("third")]


def traps() -> list[Item]:
    """Return every sentence that only looks personal."""
    return [*read("traps"), *read("second_traps")]


def plain(text: str) -> str:
    """Return `text` without hidden signs, in the usual forms of letters and digits, in lower case."""
    return unicodedata.normalize("NFKC", _HIDDEN.sub("", text)).lower()


def digits(text: str) -> str:
    """Return the digits of `text`, whatever stands between them."""
    return re.sub(r"\D", "", plain(text))


def left(kind: str, value: str, context: str, shown: str) -> bool:
    """Return whether something of `value` is still to be read in `shown`, a masked text; `context` is what stood around it."""
    around, told = plain(context), plain(MARK.sub(" ", shown))
    return any(part in told and part not in around for part in _parts(kind, plain(value)))


def _parts(kind: str, value: str) -> Iterable[str]:
    """Yield what must not be read any more: the value, its groups of digits, its words."""
    yield value
    if kind == "post":
        yield re.sub(r"\W", "", value)[-3:]
        return
    yield from (group for group in re.findall(r"\d{3,}", value))
    if kind != "addr":
        yield from (_run(value, start) for start in range(max(0, len(re.sub(r"\D", "", value)) - 3)))
    words = re.findall(r"[^\W\d_]{3,}", value)
    yield from (word for word in words if word not in _COMMON)
    if kind == "mail" and "@" in value:
        yield value.partition("@")[0].strip() + "@"


def _run(value: str, start: int) -> str:
    """Return four digits of `value` in a row, as they are written."""
    places = [m.start() for m in re.finditer(r"\d", value)][start : start + 4]
    return value[places[0] : places[-1] + 1]


@dataclass
class Counts:
    """How many values of a kind were planted and masked, and how many marks of this kind were put where something, or nothing, was."""

    planted: int = 0
    masked: int = 0
    right_marks: int = 0
    wrong_marks: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of what was planted that is masked, whatever the mark says it is."""
        return self.masked / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """The share of the marks of this kind that stand for a planted value, of any kind."""
        marks = self.right_marks + self.wrong_marks
        return self.right_marks / marks if marks else 1.0


def interval(hits: int, among: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    if not among:
        return 0.0, 1.0
    z, share = 1.959964, hits / among
    middle, spread = share + z * z / (2 * among), z * sqrt(share * (1 - share) / among + z * z / (4 * among * among))
    whole = 1 + z * z / among
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def measure(items: Sequence[Item]) -> dict[str, Counts]:
    """Return the counts of each kind over these items, traps (without values) included."""
    counts = {kind: Counts() for kind in KINDS}
    for item in items:
        shown = enter(item.text).text
        for kind, value in item.values:
            counts[kind].planted += 1
            if left(kind, value, _context(item, value), shown):
                counts[kind].missed.append(f"{item.id}: {item.text!r} → {shown!r}")
            else:
                counts[kind].masked += 1
        _judge_marks(item, shown, counts)
    return counts


def _context(item: Item, value: str) -> str:
    """Return what surrounds a value and is not personal data."""
    around = item.text
    for _, each in item.values:
        around = around.replace(each, " ", 1)
    return around


def _judge_marks(item: Item, shown: str, counts: dict[str, Counts]) -> None:
    """Count the marks of `shown` : beyond as many as there are values of the kind, or of any kind, they stand for nothing."""
    names = {mark: kind for kind, mark in KINDS.items()}
    marks = Counter(names[match[1] or match[2]] for match in MARK.finditer(shown))
    expected = Counter(kind for kind, _ in item.values)
    spare = sum((expected - marks).values())
    for kind, number in marks.items():
        right = min(number, expected[kind])
        other = min(number - right, spare)
        spare -= other
        counts[kind].right_marks += right + other
        if wrong := number - right - other:
            counts[kind].wrong_marks += wrong
            counts[kind].false.append(f"{item.id}: {item.text!r} → {shown!r}")


def table(items: Sequence[Item]) -> str:
    """Return the figures of these items, a line a kind: recall with its interval, and precision with its own."""
    lines = [f"{'kind':6}{'planted':>9}{'masked':>8}{'recall':>9}  95 %             {'marks':>7}{'false':>7}{'precision':>11}  95 %"]
    for kind, c in measure(items).items():
        marks = c.right_marks + c.wrong_marks
        recall, precision = (f"{low:6.1%} – {high:6.1%}" for low, high in (interval(c.masked, c.planted), interval(c.right_marks, marks)))
        lines.append(
            f"{kind:6}{c.planted:9}{c.masked:8}{c.recall:9.1%}  {recall} {marks:7}{c.wrong_marks:7}{c.precision:11.1%}  {precision}"
        )
    return "\n".join(lines)


def untouched(items: Sequence[Item]) -> list[Item]:
    """Return the traps that pass the door as they are."""
    return [item for item in items if not enter(item.text).masked]


def halves_left(pairs: Sequence[tuple[Item, Item]]) -> int:
    """Return in how many pairs something can still be read of a value whose halves came in two messages."""
    return sum(any(left(kind, value, "", enter(half.text).text) for half in pair for kind, value in half.values) for pair in pairs)


def main() -> None:
    """Print the figures of each round, of all of them, and of what is cut over two messages."""
    first, pairs = planted(), read_pairs()
    rounds = {
        "first round, two thirds": [i for i in (*first, *read("traps")) if not i.held_out],
        "first round, the third that was held out": [i for i in (*first, *read("traps")) if i.held_out],
        "second round": [*read("second"), *read("second_traps")],
        "third round, never looked at": read("third"),
        "all": [*every(), *traps()],
    }
    for name, items in rounds.items():
        trapped = [item for item in items if not item.values]
        print(f"{name}: {len(items) - len(trapped)} items, {len(untouched(trapped))} of {len(trapped)} traps untouched")
        print(table(items), end="\n\n")
    print(f"over two messages (not in the gate): something is left in {halves_left(pairs)} of {len(pairs)}")


if __name__ == "__main__":
    main()
