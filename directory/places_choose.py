"""Understanding the answer to « Lequel? » when a name stands for several places."""

import re
from collections.abc import Sequence

from directory.places_index import PlaceIndex
from directory.places_resolve import narrowed, neighbours
from directory.places_tree import Tree
from directory.text import fold

_ORDINALS = {
    0: "1 1er 1re 1ere un une premier premiere",
    1: "2 2e 2eme deux deuxieme second seconde",
    2: "3 3e 3eme trois troisieme",
    3: "4 4e 4eme quatre quatrieme",
    4: "5 5e 5eme cinq cinquieme",
    -1: "dernier derniere",
}
_RANKS = {word: rank for rank, words in _ORDINALS.items() for word in words.split()}
_ENDING = re.compile(r"(?:\b(?:de|du|des|sur)\b|\bd[’']).*", re.IGNORECASE | re.DOTALL)
_AROUND_A_RANK = frozenset("le la l choix option numero no c est ce cest svp oui plutot ben choisis je prends merci".split())
_SAID_LEVELS = {
    "mrc": ("mrc", None), "region": ("region", None),
    "secteur": ("sector", None), "quartier": ("sector", None), "arrondissement": ("sector", None),
    "ville": ("municipality", "Ville"), "paroisse": ("municipality", "Paroisse"),
    "village": ("municipality", "Village"), "canton": ("municipality", "Canton"),
    "municipalite": ("municipality", "Municipalité"), "communaute": ("municipality", "Réserve indienne"),
    "reserve": ("municipality", "Réserve indienne"),
}  # fmt: skip


def choose(index: PlaceIndex, candidates: Sequence[str], text: str) -> str | None:
    """Return the candidate that `text` picks (« celui en Abitibi », « le premier », « 2 »), or None.

    `candidates` are in the order in which they were shown. None when the answer fits none of them, or
    more than one.
    """
    left = _by_longer_name(index, candidates, text) or _by_place(index, candidates, text)
    if len(left) > 1:
        left = _by_kind(index.tree, left, text)
    if len(left) == 1 and len(candidates) > 1:
        return left[0]
    return _by_rank(candidates, text) if len(left) == len(candidates) else None


def _by_longer_name(index: PlaceIndex, candidates: Sequence[str], text: str) -> tuple[str, ...]:
    """Return the candidate that the answer names when put after the name: « de Matha », « de Québec »."""
    ending = _ENDING.search(text)
    for name in index.names_of(candidates):
        for mention in index.find(f"{name} {ending[0] if ending else text}")[:1]:
            longer = mention.end > len(name) and not mention.negated
            chosen = tuple(c for c in candidates if mention.codes and _agree(index.tree, c, mention.codes))
            if longer and len(chosen) == 1:
                return chosen
    return ()


def _agree(tree: Tree, candidate: str, codes: Sequence[str]) -> bool:
    return all(tree.lies_in(code, candidate) for code in codes)


def _by_place(index: PlaceIndex, candidates: Sequence[str], text: str) -> tuple[str, ...]:
    left = tuple(candidates)
    for mention in index.find(text):
        inside = narrowed(index.tree, left, mention.codes)
        if mention.negated:
            left = tuple(code for code in left if code not in inside) or left
        elif mention.codes:
            left = inside or neighbours(index.tree, left, mention.codes) or (mention.near and _by_area(index, left, mention.codes)) or left
    return left


def _by_area(index: PlaceIndex, candidates: tuple[str, ...], landmarks: Sequence[str]) -> tuple[str, ...]:
    """Return the candidates in an everyday area that bears the name of a landmark (« Rive-Sud de Montréal »)."""
    return narrowed(index.tree, candidates, index.areas_named_after(landmarks))


def _by_kind(tree: Tree, candidates: tuple[str, ...], text: str) -> tuple[str, ...]:
    for word in fold(text).split():
        level, kind = _SAID_LEVELS.get(word, (None, None))
        fitting = tuple(c for c in candidates if tree[c].level == level and kind in (None, tree[c].kind))
        if fitting:
            return fitting
    return candidates


def _by_rank(candidates: Sequence[str], text: str) -> str | None:
    words = re.split(r"[ ']+", fold(text))
    ranks = [_RANKS[word] for word in words if word in _RANKS]
    if len(ranks) != 1 or not all(word in _RANKS or word in _AROUND_A_RANK for word in words):
        return None
    return candidates[ranks[0]] if ranks[0] < len(candidates) else None
