"""What the journal is told of a turn, beside what was said: why it was read so, what is known of the project, what came of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

_PROFILE = ("need", "place", "legal_form", "stage")
_READINGS = 3
_DIGITS = 3


def record_of(tracker: DialogueStateTracker, parse: Mapping[str, Any], model: str | None) -> dict[str, Any]:
    """Return the record of the last turn of `tracker`, ready for JSON: {label, ranking: [[label, evidence]], fact, profile, asked, came_of,
    model}; what is not known is left out. No amount is in it, and no word of the person."""
    ranking = [[label, round(score, _DIGITS)] for label, score in (parse.get("ranking") or ())[:_READINGS]]
    found = {
        "label": label_of(parse),
        "ranking": ranking,
        "fact": parse.get("fact"),
        "profile": {name: value for name in _PROFILE if (value := tracker.get_slot(name)) is not None},
        "asked": tracker.get_slot("requested_slot"),
        "came_of": _came_of(tracker),
        "model": model and Path(model).name.removesuffix(".tar.gz").removeprefix("aiguilleur-"),
    }
    return {name: value for name, value in found.items() if value}


def label_of(parse: Mapping[str, Any]) -> str | None:
    """Return the whole label of a parse: the best one of its ranking, when that is of its intent; else its intent."""
    intent = (parse.get("intent") or {}).get("name")
    best = parse["ranking"][0][0] if parse.get("ranking") else intent
    return best if best and best.split("/")[0] == intent else intent


def _came_of(tracker: DialogueStateTracker) -> Mapping[str, str] | None:
    """Return what the last turn came to, as its actions said."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return None
        if isinstance(event, SlotSet) and event.key == "came_of":
            return event.value
    return None
