"""After words of danger, until the person speaks of something else: a « non » or a sigh is no change of subject."""

from actions.reply import Reply, utter
from actions.turn import Turn

# What says too little to leave the subject.
_SAYS_LITTLE = frozenset(
    "affirm deny dont_know refuse_to_say cancel nlu_fallback noise vent exhausted insult complain_bot out_of_scope near_miss".split()
)


def answer_distress(turn: Turn, _access: object = None) -> Reply:
    """Return the lines of help; who says it again reads them in other words."""
    return utter("utter_still_distressed" if turn.slot("distressed") else "utter_distress", distressed=True)


def still_distressed(turn: Turn) -> Reply | None:
    """Return the lines of help again when danger was spoken of just before and nothing else is said now, or None."""
    stays = turn.slot("distressed") and turn.intent in _SAYS_LITTLE and not (turn.named_actors or turn.values("place"))
    return answer_distress(turn) if stays else None


def acknowledge(turn: Turn, _access: object) -> Reply:
    """Return what is said of a no, or of a matter that is left."""
    return utter(f"utter_{turn.intent}")
