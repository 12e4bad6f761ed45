"""Matching the words of a text with the tree of names, exactly or with mended spelling."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from directory.places_names import GLUED_START, Lexicon, Name, Node
from directory.places_words import CONNECTORS, Word

_GENERIC = frozenset(
    "saint sainte saints saintes notre dame lac mont val baie riviere grand grande grands grandes petit petite pointe"
    " cap ile iles port pont ville chute fort haut haute bas sud nord est ouest east vallee cote".split()
)
_SAINTS = ("saint", "sainte")
_MENDED = 0.6
_SKIPPED = 0.5
_MOST_SKIPPED = 1.0
_MOST_ERRORS = 2
_LONGEST = 9
_FEWER, _FEW, _MANY = 4, 5, 9


@dataclass(frozen=True, slots=True)
class Match:
    """`words[first:last]` may be any of `names`, at a cost (0: written exactly)."""

    first: int
    last: int
    names: tuple[Name, ...]
    cost: float
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class _State:
    """How far a match has come: `letters` counts those that tell the name from others."""

    node: Node
    at: int
    letters: int = 0
    distinct: float = 0.0
    generic: float = 0.0
    skipped: float = 0.0
    depth: int = 0
    on_word: bool = False


def matches_at(lexicon: Lexicon, words: list[Word], first: int) -> list[Match]:
    """Return the names that may start at `words[first]`: the longest first, then the cheapest."""
    found: dict[int, Match] = {}
    pending = [_State(lexicon.root, first)] if _may_start(lexicon, words, first) else []
    while pending:
        state = pending.pop()
        for following in _onward(lexicon, words, first, state):
            if following.distinct + following.generic <= _MOST_ERRORS:
                pending.append(following)
                _keep(found, _match(lexicon, words, first, following))
    return sorted(found.values(), key=lambda match: (-match.last, match.cost))


def _may_start(lexicon: Lexicon, words: list[Word], first: int) -> bool:
    """Return false, at little cost, for the many words with which no name starts."""
    key = words[first].key
    if lexicon.starts_with(key):
        return True
    following = words[first + 1].key if first + 1 < len(words) and words[first + 1].joined else ""
    run = key + following
    return bool(following) and (run in lexicon.root.children or run[:GLUED_START] in lexicon.glued_starts or len(run) < GLUED_START)


def _onward(lexicon: Lexicon, words: list[Word], first: int, state: _State) -> Iterator[_State]:
    """Yield the states that one more word of the text, or one forgotten little word, leads to."""
    if state.at < len(words) and (state.at == first or words[state.at].joined):
        yield from _one_word(lexicon, words, state)
        yield from _two_pieces(lexicon, words, state)
        if state.at == first:
            yield from _misplaced_spaces(lexicon, words, state)
        if state.depth and state.skipped < _MOST_SKIPPED:
            yield from _little_word(words, state)


def _little_word(words: list[Word], state: _State) -> Iterator[_State]:
    """Yield the states after a little word too many, missing, or mistyped (« fe » for « de »)."""
    written = words[state.at].key
    if written in CONNECTORS:
        yield _slipped(state, state.node, 1)
    for connector in state.node.little_words:
        child = state.node.children[connector]
        yield _slipped(state, child, 0)
        if 2 <= len(written) <= 3 and written != connector and OSA.distance(written, connector, score_cutoff=1) <= 1:
            yield _slipped(state, child, 1)


def _slipped(state: _State, node: Node, words: int) -> _State:
    skipped = state.skipped + _SKIPPED
    return _State(node, state.at + words, state.letters, state.distinct, state.generic, skipped, state.depth)


def _misplaced_spaces(lexicon: Lexicon, words: list[Word], state: _State) -> Iterator[_State]:
    """Yield the state after a whole name with its spaces misplaced (« Saint-Roc hde l’Achigan »)."""
    run = words[state.at].key
    for last in range(state.at + 1, min(len(words), state.at + _LONGEST)):
        if not words[last].joined:
            return
        run += words[last].key
        if len(run) >= GLUED_START and run[:GLUED_START] not in lexicon.glued_starts:
            return
        if run in lexicon.glued and words[state.at].key not in CONNECTORS:
            yield replace(_stepped(state, lexicon.root.children[run], run, _MENDED, 1), at=last + 1)


def _one_word(lexicon: Lexicon, words: list[Word], state: _State) -> Iterator[_State]:
    key = words[state.at].key
    exact = state.node.children.get(key)
    if exact is not None:
        yield _stepped(state, exact, key, 0.0, 1)
    for known, cost in lexicon.spelling.near(key):
        child = state.node.children.get(known) if cost else None
        if child is not None and _may_be_misspelt(lexicon, key, known, bool(state.depth or child.children)):
            yield _stepped(state, child, known, cost, 1)


def _two_pieces(lexicon: Lexicon, words: list[Word], state: _State) -> Iterator[_State]:
    """Yield the state after a word that was cut in two (« Louise ville »)."""
    if state.at + 1 >= len(words) or not words[state.at + 1].joined:
        return
    left, right = words[state.at].key, words[state.at + 1].key
    child = state.node.children.get(left + right)
    if child is None or len(left) < 3 or len(right) < 3 or left in CONNECTORS:
        return
    if not {left, right} <= lexicon.everyday.ordinary:
        yield _stepped(state, child, left + right, _MENDED, 2)


def _stepped(state: _State, node: Node, known: str, cost: float, words: int) -> _State:
    generic = known in _GENERIC
    telling = 0 if generic or known in CONNECTORS else len(known)
    return _State(
        node,
        state.at + words,
        state.letters + telling,
        state.distinct + (0 if generic else cost),
        state.generic + (cost if generic else 0),
        state.skipped,
        state.depth + 1,
        True,
    )


def _may_be_misspelt(lexicon: Lexicon, written: str, known: str, of_several: bool) -> bool:
    """Return whether `written` may stand for `known`: an ordinary word only for its plural in a long name."""
    if written not in lexicon.everyday.ordinary:
        return True
    return of_several and (known in (written + "s", written + "x", written + "e") or written in (known + "s", known + "e"))


def _match(lexicon: Lexicon, words: list[Word], first: int, state: _State) -> Match | None:
    cost = state.distinct + state.generic + state.skipped
    if not state.on_word or not _affordable(state):
        return None
    if state.node.names and _ends_well(lexicon, words, first, state):
        return Match(first, state.at, tuple(state.node.names), cost)
    if cost == 0 and state.depth == 2 and _is_beginning(words, first, state.at):
        return Match(first, state.at, tuple(state.node.below()), _MENDED, beginning=True)
    return None


def _affordable(state: _State) -> bool:
    few = _FEW if state.depth == 1 else _FEWER
    allowed = 2 if state.letters >= _MANY else 1 if state.letters >= few else 0
    return state.distinct <= allowed and state.generic <= 1


def _ends_well(lexicon: Lexicon, words: list[Word], first: int, state: _State) -> bool:
    """Return whether the match ends where the name ends.

    « Montréal est une ville » is not Montréal-Est; « Saint-Jean-Xyz » is another place than Saint-Jean.
    """
    last = words[state.at - 1]
    after = words[state.at] if state.at < len(words) and words[state.at].joined else None
    if last.key == "est" and state.at - first > 1 and not (last.hyphened or last.capital):
        return after is None
    unknown = after is not None and after.hyphened and after.key not in lexicon.root.children
    return not (unknown and words[first].key in _SAINTS)


def _is_beginning(words: list[Word], first: int, last: int) -> bool:
    """Return whether « Saint-X » may be the short form of longer names."""
    if words[first].key not in _SAINTS or words[last - 1].key in CONNECTORS:
        return False
    return last == len(words) or not words[last].hyphened


def _keep(found: dict[int, Match], match: Match | None) -> None:
    if match is None:
        return
    other = found.get(match.last)
    if other is None or match.cost < other.cost or (other.beginning and not match.beginning and match.cost <= other.cost):
        found[match.last] = match
    elif match.cost == other.cost and match.names != other.names and not match.beginning:
        found[match.last] = replace(other, names=tuple(dict.fromkeys((*other.names, *match.names))))
