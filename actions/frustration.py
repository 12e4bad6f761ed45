"""Moods: anger at the assistant, a hard time. Acknowledged first, then people are given, where the person is."""

from actions.access import Access
from actions.doors import human_doors
from actions.reply import Reply, say, utter
from actions.turn import Turn

_AGAIN = "Je vois que je ne vous aide pas. Le mieux est de parler à une personne."
# What « oui » then begins.
_OFFERED = {"vent": "gouvernance", "exhausted": "mentorat"}


def handle(turn: Turn, access: Access) -> Reply:
    """Return a calm reply the first time, the people to call from the second on; a hard time is never counted as a complaint."""
    if turn.intent in _OFFERED:
        return utter(f"utter_{turn.intent}", offered=_OFFERED[turn.intent])
    times = (turn.slot("complaints") or 0) + 1
    if times == 1:
        return Reply(slots={"complaints": times}) + utter(f"utter_{turn.intent}")
    return Reply(slots={"complaints": times}) + say(_AGAIN) + human_doors(turn, access)
