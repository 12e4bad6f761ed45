"""English: which language to write in; a name, a phone and a site are read in any language, so doors are given where a place is known."""

import re

from actions.access import Access
from actions.doors import human_doors
from actions.local import tell_local_actors
from actions.profile import said_in
from actions.reply import Reply, utter
from actions.turn import Turn

_LOOKS_FOR = re.compile(r"\b(?:who|where|help\w*|money|loans?|fund\w*|mentor\w*|call|talk|phone|need)\b")


def handle(turn: Turn, access: Access) -> Reply:
    """Return the sentence in both languages, and who serves the place that the message names."""
    place = said_in(turn, access).found.get("place")
    reply = utter("utter_speak_english", fallbacks=0)
    if place in (None, ["QC"]):
        return reply + human_doors(turn, access) if turn.place and _LOOKS_FOR.search(turn.text.lower()) else reply
    return reply + Reply(slots={"place": place}) + tell_local_actors(turn.with_slots({"place": place}), access, turn.values("actor_kind"))
