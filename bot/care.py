"""After words of danger, until the person speaks of something else: a « non » or a sigh is no change of subject. No Rasa here."""

import re
from collections.abc import Mapping
from typing import Any

from directory.text import fold

DANGER = "distress"
# The lines of help, the first time and afterwards (domain.yml).
FIRST, AGAIN = "utter_distress", "utter_still_distressed"
# What says too little to leave the subject, and what leaves it where it is.
_SAYS_LITTLE = frozenset("affirm deny dont_know refuse_to_say cancel nlu_fallback noise vent exhausted insult complain_bot".split())
_OUTSIDE = frozenset(("out_of_scope", "near_miss"))
_POLITE = frozenset("thank goodbye greet how_are_you laugh_or_compliment bot_identity".split())
# Read less surely, « that is not my subject » is no other subject.
_SURELY = 0.5
_TAKEN_BACK = re.compile(r"\b(?:blagu\w*|niais\w*|farces?|jokes?|lol|expression|facon de parler|pas serieux)\b")
# After these, « ça va pas » is heard.
HEAVY = frozenset(("exhausted", "vent"))
# « Ça va pas », but « ça va pas mal » is well.
UNWELL = re.compile(
    r"\b(?:ca|je|j'|on) ?(?:va|vais|file\w*|feel\w*) (?:(?!pas\b)\w+ )?(?:pas|pus?|plus)\b(?! (?:si |trop )?(?:mal|pire|marcher|se |faire))"
    r"|\b(?:va|vais) (?:(?!pas\b)\w+ )?mal\b|\b(?:pas|plus|pus?) (?:\w+ )?(?:bien|capable)\b"
    r"|\ben peux (?:plus|pus?)\b|\barrive (?:plus|pus?)\b"
)
_NAMED = frozenset("actor service place".split())


def says_little(parse: Mapping[str, Any]) -> bool:
    """Return whether a message, as it is read, leaves the subject of danger open."""
    intent = parse.get("intent") or {}
    little = intent.get("name") in _SAYS_LITTLE or (intent.get("name") in _OUTSIDE and intent.get("confidence", 0.0) < _SURELY)
    named = any(entity.get("entity") in _NAMED for entity in parse.get("entities") or ())
    return little and not named and not _TAKEN_BACK.search(fold(parse.get("text") or ""))


def says_unwell(parse: Mapping[str, Any]) -> bool:
    """Return whether a message says that its person is not well, and little else."""
    return says_little(parse) and bool(UNWELL.search(fold(parse.get("text") or "")))


def stays(parse: Mapping[str, Any]) -> bool:
    """Return whether danger is still what is spoken of after a message that follows words of danger."""
    intent = (parse.get("intent") or {}).get("name")
    return intent == DANGER or intent in _POLITE or says_little(parse)
