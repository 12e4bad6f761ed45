"""What goes on once the place is known: a local organisation, a search, a door."""

from collections.abc import Mapping, Sequence
from typing import Any

from actions.access import Access
from actions.doors import human_doors, private_doors
from actions.local import tell_local_actors
from actions.proposing import propose
from actions.reply import Reply
from actions.turn import Turn


def continue_with_place(turn: Turn, access: Access, pending: Mapping[str, Any], place: Sequence[str] | None) -> Reply:
    """Return the reply that was waiting for a place; `place` is None when the person would rather not say."""
    changes = {"place": list(place) if place else None, "pending": None, "fallbacks": 0}
    turn = turn.with_slots(changes)
    reply = _continue(turn, access, pending)
    return Reply(slots=changes) + reply


def _continue(turn: Turn, access: Access, pending: Mapping[str, Any]) -> Reply:
    then = pending.get("then")
    if then == "local":
        return tell_local_actors(turn, access, pending.get("kinds") or [])
    if then == "human":
        return human_doors(turn, access)
    if then == "private":
        return private_doors(turn, access)
    if then == "propose":
        return propose(turn.with_slots({"need": pending.get("need")}), access)
    return Reply(followup="find_support_form")
