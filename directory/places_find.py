"""From the matches of a text to its mentions of places: which are places, and which places they are."""

from collections.abc import Iterator

from directory.places_context import Surroundings, admitted, surroundings
from directory.places_everyday import MASK
from directory.places_match import Match, matches_at
from directory.places_names import PLACE, Lexicon, Name
from directory.places_quebec import province_after_towns, province_or_town
from directory.places_records import AREA, OUTSIDE, SEVERAL, PlaceMention
from directory.places_tree import UNPEOPLED, Tree
from directory.places_words import CONNECTORS, Word, words_of

_SURE_LETTERS = 7


def named_places(tree: Tree, lexicon: Lexicon, text: str) -> list[PlaceMention]:
    """Return the places that `text` names, in order, without overlap: the longest names win.

    What contains a name and is no place (« Université Laval ») is there too, with MASK as level hint.
    """
    words = words_of(text)
    taken: list[tuple[int, int]] = []
    mentions: list[PlaceMention] = []
    for match, around, names in sorted(_candidates(lexicon, text, words), key=_preference):
        if any(match.first < last and first < match.last for first, last in taken):
            continue
        taken.append((match.first, match.last))
        mentions.extend(_mentions(tree, text, words, match, around, names))
    return province_after_towns(text, sorted(mentions, key=lambda mention: mention.start))


Candidate = tuple[Match, Surroundings, list[Name]]


def _preference(candidate: Candidate) -> tuple[int, float, int]:
    match = candidate[0]
    return (match.first - match.last, match.cost, match.first)


def _candidates(lexicon: Lexicon, text: str, words: list[Word]) -> Iterator[Candidate]:
    capitals_tell = _capitals_tell(words)
    for first in range(len(words)):
        for match in matches_at(lexicon, words, first):
            around = surroundings(text, words, match.first, match.last, capitals_tell)
            names = [name for name in match.names if _admitted(lexicon, words, match, around, name)]
            if names:
                yield match, around, _by_article(names, around)


def _capitals_tell(words: list[Word]) -> bool:
    long = [word for word in words if word.end - word.start > 3]
    return sum(word.capital for word in long) <= max(2, len(long) * 0.6)


def _admitted(lexicon: Lexicon, words: list[Word], match: Match, around: Surroundings, name: Name) -> bool:
    if not admitted(name, around) or (match.cost and name.guard and not _mendable(name, around)):
        return False
    if _is_a_person(lexicon, words, match, name):
        return False
    if not match.cost or match.last - match.first > 1 or words[match.first].end - words[match.first].start >= _SURE_LETTERS:
        return True
    return name.kind != OUTSIDE and bool(around.preposition or around.capital or around.designated or around.alone)


def _mendable(name: Name, around: Surroundings) -> bool:
    """Return whether a guarded name may be misspelt here: only where a place is nearly certain."""
    return name.guard == "names" and (around.bare or bool(around.designated) or around.accented)


def _is_a_person(lexicon: Lexicon, words: list[Word], match: Match, name: Name) -> bool:
    """Return whether a first name comes just before (« Guy Lemieux »), or a family name after (« Maria Roy »)."""
    before = words[match.first - 1] if match.first and words[match.first].joined else None
    if before is not None and before.capital and before.key in lexicon.everyday.given_names:
        return True
    after = words[match.last] if match.last < len(words) and words[match.last].joined else None
    followed = after is not None and after.capital and after.key not in CONNECTORS | lexicon.root.children.keys()
    return followed and name.guard in ("names", "words") and words[match.first].capital


def _by_article(names: list[Name], around: Surroundings) -> list[Name]:
    """Return the names that bear the article of the text; without any such, all."""
    if around.designated:
        names = [name for name in names if name.kind != MASK] or names
    if around.designated and not around.article:
        return names
    return [name for name in names if name.article == around.article] or names


def _mentions(tree: Tree, text: str, words: list[Word], match: Match, around: Surroundings, names: list[Name]) -> Iterator[PlaceMention]:
    codes, hint = _meaning(tree, match, around, names)
    if not codes and hint not in (OUTSIDE, MASK):
        return
    whole = any(name.article for name in names)
    start = words[around.first if whole else match.first].start
    end = words[match.last - 1].end
    mention = PlaceMention(start, end, text[start:end], codes, hint, not match.cost, around.negated, around.near)
    yield province_or_town(text, words, match.first, around, mention)


def _meaning(tree: Tree, match: Match, around: Surroundings, names: list[Name]) -> tuple[tuple[str, ...], str]:
    """Return the codes that the names stand for here, and the level hint."""
    if any(name.kind == MASK for name in names):
        return (), MASK
    if match.beginning:
        return _hinted(tree, _towns(tree, names))
    official = [code for name in names if name.kind == PLACE for code in name.codes]
    announced = [code for code in official if code in tree and tree[code].level == around.designated]
    if announced:
        return _hinted(tree, tree.meant(announced))
    everyday = [name for name in names if name.kind != PLACE]
    if any(name.kind == OUTSIDE for name in everyday):
        return (), OUTSIDE
    if not everyday or len(everyday[0].codes) > 1 and everyday[0].kind != AREA:
        return _hinted(tree, tree.meant(code for name in names if name.kind != AREA for code in name.codes))
    codes = tuple(dict.fromkeys(code for name in everyday for code in name.codes if code in tree))
    return (codes, AREA) if everyday[0].kind == AREA and len(codes) > 1 else _hinted(tree, codes)


def _towns(tree: Tree, names: list[Name]) -> tuple[str, ...]:
    codes = (code for name in names for code in name.codes if code in tree)
    return tree.meant(c for c in codes if tree[c].level == "municipality" and tree[c].kind != UNPEOPLED)


def _hinted(tree: Tree, codes: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    if not codes:
        return codes, SEVERAL
    return codes, tree[codes[0]].level if len(codes) == 1 else SEVERAL
