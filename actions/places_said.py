"""Sentences about places: which one of several, one that is not known, one outside Québec."""

from collections.abc import Mapping, Sequence
from typing import Any

from actions.access import Access
from actions.french import joined
from actions.reply import Button, Reply, say
from directory.places_labels import describe, mrc_title, short_label

_CHOICES = 6
_NAMED = 4


def ask_which(access: Access, candidates: Sequence[str], pending: Mapping[str, Any]) -> Reply:
    """Return the question « which one? » with a button a place; `pending` is what goes on afterwards."""
    shown = list(candidates)[:_CHOICES]
    buttons = [Button(short_label(access.places, code), "inform", {"place": [code]}) for code in shown]
    listed = joined([describe(access.places, code) for code in shown], "ou")
    more = "" if len(candidates) <= _CHOICES else " Dites-moi la MRC ou la région si aucun n’est le bon."
    return say(f"Plusieurs endroits portent ce nom\u00a0: {listed}. Lequel est le vôtre?{more}", *buttons, pending=dict(pending))


def ask_place(text: str, pending: Mapping[str, Any]) -> Reply:
    """Return a question about the place, with a way not to say it."""
    return say(text, Button("J’aime mieux ne pas le dire", "refuse_to_say"), pending=dict(pending))


def ask_place_again(unknown: str, pending: Mapping[str, Any]) -> Reply:
    """Return that a place is not known, and ask the region."""
    return ask_place(f"Je ne connais pas «\u00a0{unknown}\u00a0». Dans quelle région ou dans quelle MRC est-ce?", pending)


def names(access: Access, codes: Sequence[str] | None) -> str:
    """Return how to write the place or places, « tout le Québec » when there is none."""
    if not codes or list(codes) == ["QC"]:
        return "tout le Québec"
    tree = access.places.tree
    mrcs = [tree[code].name for code in codes if tree[code].level == "mrc" and tree[code].kind == "MRC"]
    if len(mrcs) < 2:
        return joined([describe(access.places, code) for code in codes[:_NAMED]])
    others = [describe(access.places, code) for code in codes if tree[code].name not in mrcs]
    listed = f"les MRC {joined([mrc_title(name).removeprefix('MRC ') for name in mrcs])}"
    return f"{listed}, ainsi que {joined(others[:_NAMED])}" if others else listed
