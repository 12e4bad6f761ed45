"""A question of ours left open outside the guided search: « which Saint-Lambert? », « where are you? »."""

from actions.access import Access
from actions.continuing import continue_with_place
from actions.places_said import ask_place_again, ask_which
from actions.profile import chosen_place, said_in
from actions.reply import Reply
from actions.turn import Turn

_GIVES_UP = {"cancel", "start_over", "distress", "erase_data", "talk_to_human", "insult"}


def resume(turn: Turn, access: Access) -> Reply | None:
    """Return the reply when the message answers our open question, else None: the handler of its intent goes on."""
    pending = turn.slot("pending")
    if turn.in_form or not pending or turn.intent in _GIVES_UP:
        return None
    if pending.get("candidates"):
        place = chosen_place(turn, access, pending["candidates"])
        return continue_with_place(turn, access, pending, place) if place else None
    return _place_given(turn, access, pending)


def _place_given(turn: Turn, access: Access, pending: dict) -> Reply | None:
    said = said_in(turn, access)
    if "place" in said.found:
        return continue_with_place(turn, access, pending, said.found["place"])
    if said.candidates:
        return ask_which(access, said.candidates, {**pending, "candidates": list(said.candidates)})
    if said.unknown_place and turn.is_elliptical:
        return ask_place_again(said.unknown_place, pending)
    if turn.intent in ("refuse_to_say", "dont_know"):
        return continue_with_place(turn, access, pending, None)
    return None
