"""English: which language to write in; a name, a phone and a site are read in any language, so the doors of a place are given."""

from actions.access import Access
from actions.local import tell_local_actors
from actions.profile import said_in
from actions.reply import Reply, utter
from actions.turn import Turn


def handle(turn: Turn, access: Access) -> Reply:
    """Return the sentence in both languages, and who serves the place that the message names."""
    place = said_in(turn, access).found.get("place")
    reply = utter("utter_speak_english", fallbacks=0)
    if place in (None, ["QC"]):
        return reply
    return reply + Reply(slots={"place": place}) + tell_local_actors(turn.with_slots({"place": place}), access, turn.values("actor_kind"))
