"""Names of the directory found in what people type: organisations, programmes, kinds of organisations.

The index is pure: it takes names and gives back references. It is rebuilt when the directory
changes, so a name added by staff is understood in the next message, without training.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from directory.text import fold, fold_key

ARTICLES = {"le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "au", "aux", "the"}
# Short names that are also everyday words: only taken in capitals.
CAPITALS_ONLY = {"parc", "mis", "dec", "coco", "cap", "ark", "mei", "del", "ess", "ces", "sage", "iq"}
# Short names that are everyday words after one of these: « un chantier », « en émergence ».
EVERYDAY_AFTER = {
    word: {"un", "une", "notre", "nos", "votre", "mon", "leur", "en", "gros", "grand"}
    for word in ("chantier", "emergence", "capitalisation", "consortium", "esplanade")
}
# Words that a name may end on or hold, never the whole of what is recognised.
_GENERIC = {
    "fonds", "reseau", "pole", "centre", "corporation", "association", "federation", "formation", "mentorat",
    "accompagnement", "promotion", "financement", "caisse", "ministere", "gouvernement", "table", "conseil",
    "programme", "consultants", "cooperative", "economie sociale", "quebec", "montreal", "estrie", "mauricie",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:[·.][^\W_]+)*", re.UNICODE)
_LONGEST = 14


@dataclass(frozen=True)
class Ref:
    """What a name stands for: `kind` is "actor" or "service"; `actor` is the slug of the organisation."""

    kind: str
    slug: str
    actor: str


@dataclass(frozen=True)
class NameMention:
    """A name found in a text, between `start` and `end`; `refs` holds several when the name is shared."""

    start: int
    end: int
    surface: str
    refs: tuple[Ref, ...]
    exact: bool


class NameIndex:
    """Longest-match search of names, blind to case, accents and hyphens, tolerant of one slip a word."""

    def __init__(self, names: Iterable[tuple[str, Ref]]):
        self._refs: dict[tuple[str, ...], dict[Ref, None]] = defaultdict(dict)
        for name, ref in names:
            if key := _name_key(name):
                self._refs[key][ref] = None
        self._first: dict[str, int] = defaultdict(int)
        for key in self._refs:
            self._first[key[0]] = max(self._first[key[0]], len(key))
        words = {word for key in self._refs for word in key if len(word) >= 5}
        self._words = words
        self._by_sound = _group(words, sound)
        self._by_deletion = _group_by_deletion(words)

    def find(self, text: str) -> list[NameMention]:
        """Return the names of `text` in order, the longest first where they overlap; empty when none."""
        tokens = [(m.start(), m.end(), _word_key(m[0])) for m in _WORD.finditer(text)]
        tokens = [t for t in tokens if t[2]]
        found, index = [], 0
        while index < len(tokens):
            mention = self._longest_at(text, tokens, index)
            if mention:
                found.append(mention[0])
                index += mention[1]
            else:
                index += 1
        return found

    def _longest_at(self, text: str, tokens: list, index: int) -> tuple[NameMention, int] | None:
        for exact in (True, False):
            readings = [[t[2]] if exact else self._readings(t[2]) for t in tokens[index : index + _LONGEST]]
            for first in readings[0]:
                longest = min(self._first.get(first, 0), len(readings))
                for length in range(longest, 0, -1):
                    for key in _products(readings[:length], first):
                        if key in self._refs and self._allowed(key, text, tokens, index, exact):
                            start, end = tokens[index][0], tokens[index + length - 1][1]
                            refs = tuple(self._refs[key])
                            return NameMention(start, end, text[start:end], refs, exact), length
        return None

    def _allowed(self, key: tuple[str, ...], text: str, tokens: list, index: int, exact: bool) -> bool:
        if len(key) > 1:
            return True
        surface = text[tokens[index][0] : tokens[index][1]]
        if key[0] in CAPITALS_ONLY:
            # « COCo » is written so by its own people: two capitals are enough.
            return sum(letter.isupper() for letter in surface) > 1
        if index and tokens[index - 1][2] in EVERYDAY_AFTER.get(key[0], ()):
            return False
        return exact or len(key[0]) >= 6

    def _readings(self, word: str) -> list[str]:
        """Return `word` and the words of names that it may be a slip for."""
        if len(word) < 5 or word in self._words:
            return [word]
        near = self._by_sound.get(sound(word), set()) | self._near(word)
        return [word, *sorted(near)]

    def _near(self, word: str) -> set[str]:
        deletions = {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}
        candidates = {near for d in deletions for near in self._by_deletion.get(d, ())}
        return {near for near in candidates if OSA.distance(word, near, score_cutoff=1) <= 1}


def _word_key(word: str) -> str:
    """Return the key of one word, « st » spelt out as `fold_key` does within a name."""
    key = fold_key(word)
    return {"st": "saint", "ste": "sainte"}.get(key, key)


def _name_key(name: str) -> tuple[str, ...] | None:
    words = fold_key(name).split()
    while words and words[0] in ARTICLES and len(words) > 1:
        words = words[1:]
    key = tuple(words)
    if not key or " ".join(key) in _GENERIC or len(key) > _LONGEST or (len(key) == 1 and len(key[0]) < 3 and key[0] not in CAPITALS_ONLY):
        return None
    return key


def _products(readings: list[list[str]], first: str):
    """Yield the word sequences of `readings` that begin with `first`; few, as most words have one reading."""
    sequences = [(first,)]
    for options in readings[1:]:
        sequences = [(*s, o) for s in sequences for o in options][:64]
    return sequences


def sound(word: str) -> str:
    """Return a rough French spelling of how `word` sounds: « fidussie » and « fiducie » are one."""
    word = re.sub(r"ph", "f", fold(word))
    word = re.sub(r"(?:qu|q|c(?=[aourlt])|k|ch(?=r))", "k", word)
    word = re.sub(r"ss|c(?=[eiy])|ti(?=on)|z", "s", word)
    word = word.replace("y", "i").replace("eau", "o").replace("au", "o").replace("ai", "e").replace("h", "")
    word = re.sub(r"(.)\1+", r"\1", word)
    return re.sub(r"(?:es|e|s|t|x|d)$", "", word)


def _group(words: Iterable[str], key) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for word in words:
        groups[key(word)].add(word)
    return groups


def _group_by_deletion(words: Iterable[str]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for key in {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}:
            groups[key].add(word)
    return groups


# Kinds of organisations that exist in every territory: the place says which one.
KINDS: dict[str, re.Pattern] = {
    "pole": re.compile(r"\bpoles?\b(?! (?:de services|sud|industriel))"),
    "sadc_cae": re.compile(r"\b(?:sadc|cae|s a d c)\b|societe d'aide au developpement"),
    "cdc": re.compile(r"\bcdc\b|corporation de developpement communautaire"),
    "mrc": re.compile(r"\bm\.?r\.?c\b|\bcld\b|accueil entreprises?|acces entreprise|reseau acces pme"),
    "cdr": re.compile(r"\bcdrq?\b|cooperative de developpement regional"),
    "mentorat": re.compile(r"cellules? (?:de mentorat|locale)|groupes? de mentors?"),
    "cdec": re.compile(r"\bcdec\b"),
}


def kinds_in(text: str) -> list[str]:
    """Return the kinds of organisations named in `text`, in the order of `KINDS`."""
    folded = fold(text)
    return [kind for kind, pattern in KINDS.items() if pattern.search(folded)]
