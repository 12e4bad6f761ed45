"""« Qui peut nous aider à Rimouski? »: who asks for names gets them at once; what is not known yet sharpens them afterwards."""

from actions.access import Access
from actions.asking import asks_where_to_begin, asks_who
from actions.local import tell_local_actors
from actions.proposing import propose
from actions.reply import Reply, say
from actions.search_questions import QUESTIONS
from actions.turn import Turn
from directory.routing import MONEY

BEGINNING = "Le premier pas, c’est d’en parler à qui accompagne les projets collectifs de votre coin."


def named_at_once(turn: Turn, access: Access) -> Reply | None:
    """Return who helps with what the slots already hold, or None when names are not asked for or too little is known.

    Without a place, only lenders can be named, since many serve all of Québec, and the place is asked below. Without a need, the local
    doors are. What was asked for in the first message still is when the place comes.
    """
    said = turn.slot("subject") or "" if turn.in_form else turn.text
    who = asks_who(said)
    if turn.is_pressed or not (who or asks_where_to_begin(said)):
        return None
    placed = bool(turn.place) and turn.place != ["QC"]
    if turn.slot("need") is None:
        return tell_local_actors(turn, access, turn.values("actor_kind")) if placed else None
    if placed or turn.slot("place") is not None:
        return propose(turn, access, at_once=True) if placed or turn.slot("need") in MONEY else None
    if not who or turn.slot("need") not in MONEY:
        return None
    question, buttons = QUESTIONS["place"]
    asked = say(f"{question} Je nommerai aussi qui aide dans votre coin.", *buttons, requested_slot="place")
    return propose(turn, access, at_once=True) + asked
