"""The names of places as a tree of words, with the ways in which people write them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from directory.places_everyday import Everyday
from directory.places_records import Place, PlaceAlias
from directory.places_spelling import Spelling
from directory.places_tree import UNPEOPLED
from directory.places_words import ARTICLES, CONNECTORS, keys_of

_OWN_ARTICLES = ("le", "la", "les", "l", "des")
_ABBREVIATED = {"saint": "st", "sainte": "ste"}
_NAMELESS = "toponyme a venir"
PLACE = "place"
GLUED_START = 6
MOST_CACHED = 20_000


@dataclass(frozen=True, slots=True)
class Name:
    """What a sequence of words may mean. `article`: the name's own (le, la, l, les), else empty.

    `kind`: place (an official name) or a kind of `PlaceAlias`. `guard`: one of
    `places_everyday.GUARDS`, or empty when the name can be nothing but a place.
    """

    article: str
    codes: tuple[str, ...]
    kind: str
    guard: str


class Node:
    """A word on the way to names: the words that may follow, and the names that end here."""

    __slots__ = ("children", "little_words", "names")

    def __init__(self) -> None:
        self.children: dict[str, Node] = {}
        self.little_words: list[str] = []
        self.names: list[Name] = []

    def child(self, word: str) -> "Node":
        """Return the node of a word that may follow, made if need be."""
        if word not in self.children:
            self.children[word] = Node()
            if word in CONNECTORS:
                self.little_words.append(word)
        return self.children[word]

    def below(self) -> Iterator[Name]:
        """Yield every name that goes on from here."""
        for child in self.children.values():
            yield from child.names
            yield from child.below()


class Lexicon:
    """Every name of every place: `root` is the tree of words, `spelling` mends its words.

    `glued`: the names of several words written as one; they are words of the tree too.
    """

    def __init__(self, places: Iterable[Place], aliases: Iterable[PlaceAlias], everyday: Everyday) -> None:
        self.root = Node()
        self.everyday = everyday
        self.aliases = (*aliases, *everyday.aliases)
        self.glued: set[str] = set()
        self._words: set[str] = set()
        self._starts: dict[str, bool] = {}
        for place in places:
            if " ".join(keys_of(place.name)) != _NAMELESS:
                self._add(place.name, (place.code,), PLACE, "names" if place.kind == UNPEOPLED else "")
        for alias in self.aliases:
            self._add(alias.name, alias.codes, alias.kind)
        self.glued_starts = frozenset(glued[:GLUED_START] for glued in self.glued)
        self.spelling = Spelling(self._words, self.glued)

    def starts_with(self, word: str) -> bool:
        """Return whether a name starts with `word`, or with what it may be a misspelling of."""
        if word not in self._starts:
            if len(self._starts) >= MOST_CACHED:
                self._starts.clear()
            near = (known for known, _cost in self.spelling.near(word))
            self._starts[word] = word in self.root.children or any(known in self.root.children for known in near)
        return self._starts[word]

    def _add(self, written: str, codes: tuple[str, ...], kind: str, guard: str = "") -> None:
        words = keys_of(written)
        if not words:
            return
        guard = self.everyday.guards.get(words, guard)
        article, base = _own_article(words)
        self._put(base, Name(article, codes, kind, guard))
        self._words.update(base)
        for variant in _with_plural_s(base):
            self._put(variant, Name(article, codes, kind, guard))
        if not guard:
            for glued in _glued(words, base):
                self._put((glued,), Name("", codes, kind, guard))
                self.glued.add(glued)

    def _put(self, base: tuple[str, ...], name: Name) -> None:
        node = self.root
        for word in base:
            node = node.child(word)
        if name not in node.names:
            node.names.append(name)


def _own_article(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    if len(words) > 1 and words[0] in _OWN_ARTICLES:
        return ARTICLES[words[0]], words[1:]
    return "", words


def _with_plural_s(base: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if "s" in base[1:]:
        at = base.index("s", 1)
        yield (*base[: at - 1], base[at - 1] + "s", *base[at + 1 :])


def _glued(words: tuple[str, ...], base: tuple[str, ...]) -> Iterator[str]:
    if len(base) > 1:
        yield "".join(base)
        if base[0] in _ABBREVIATED:
            yield _ABBREVIATED[base[0]] + "".join(base[1:])
    if len(words) > 1 and len(words[-1]) > 4:
        yield "".join(words)
