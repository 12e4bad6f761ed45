"""Anger at the assistant: acknowledged once, then people are given rather than the same words again."""

from actions.access import Access
from actions.doors import human_doors
from actions.reply import Reply, say, utter
from actions.turn import Turn

_AGAIN = "Je vois que je ne vous aide pas. Le mieux est de parler à une personne."


def handle(turn: Turn, access: Access) -> Reply:
    """Return a calm reply the first time, the people to call from the second on."""
    times = (turn.slot("complaints") or 0) + 1
    if times == 1:
        return Reply(slots={"complaints": times}) + utter(f"utter_{turn.intent}")
    return Reply(slots={"complaints": times}) + say(_AGAIN) + human_doors(turn, access)
