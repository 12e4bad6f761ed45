"""The glue between Rasa and the handlers: one turn in, one reply out, and never silence.

Each custom action is a small class that calls `run` with its handler; handlers are pure of Rasa.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions.access import Access, Directory
from actions.comparing import handle as handle_compare
from actions.following import follow
from actions.pointing import pointed_at
from actions.profile import kept_from
from actions.questions import handle as handle_question
from actions.reply import Reply, dispatch, utter
from actions.resume import resume
from actions.turn import Turn
from directory.errors import DirectoryError, place_of

logger = logging.getLogger(__name__)
Handler = Callable[[Turn, Access], Reply]
_POINTED: dict[str, Handler] = {"compare_actors": handle_compare, "ask_what_is": handle_question, "ask_amount": handle_question}
# What is said while off the subject is nothing of the project.
_FORGETS = {"start_over", "erase_data", "out_of_scope"}
_RECENT = 3
_ALWAYS_SENT = ("requested_slot", "fallbacks", "came_of")


@lru_cache(maxsize=1)
def directory() -> Directory:
    """Return the directory of this process."""
    return Directory.from_settings()


def run(handler: Handler, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Run `handler` on the latest turn and return Rasa's events; a failure ends in one sentence with a way out."""
    turn = Turn.from_tracker(tracker)
    try:
        reply = answer(handler, turn)
    except (SQLAlchemyError, DirectoryError) as error:
        # The text of the error may hold what the person typed: its class only.
        logger.error("conversation %s: the directory does not answer (%s)", tracker.sender_id, type(error).__name__)
        reply = utter("utter_directory_down")
    except Exception as error:  # noqa: BLE001 - the last line before silence
        frame = place_of(error)
        logger.error("conversation %s: %s failed with %s at %s", tracker.sender_id, handler.__module__, type(error).__name__, frame)
        reply = utter("utter_out_of_order")
    return dispatch(changing(reply, turn), dispatcher)


def changing(reply: Reply, turn: Turn) -> Reply:
    """Return `reply` with the slots that change only: each one sent is checked, kept and sent back at the next turn.

    Rasa takes a step of the search that sets no slot for a refusal, and answers a second time: one is always sent.
    """
    said = {"fallbacks": turn.slot("fallbacks") or 0, **reply.slots} if turn.in_form else reply.slots
    slots = {name: value for name, value in said.items() if name in _ALWAYS_SENT or value != turn.slot(name)}
    return replace(reply, slots=slots)


def answer(handler: Handler, turn: Turn) -> Reply:
    """Return the reply to `turn`, within one session: a pending question first, else `handler`."""
    with directory().sessions() as session:
        access = directory().access(session)
        reply = resume(turn, access) or (None if turn.in_form else _following(turn, access)) or handler(turn, access)
        return remembered(reply, turn, access)


def remembered(reply: Reply, turn: Turn, access: Access) -> Reply:
    """Return `reply` that also remembers what was said in passing, and the organisations spoken of, the last first."""
    slots = dict(reply.slots)
    if not turn.in_form and turn.intent not in _FORGETS:
        slots = kept_from(turn, access) | slots
    named = [*reversed(turn.named_actors), slots.get("last_actor")] if turn.named_actors else [slots.get("last_actor")]
    recent = [slug for slug in dict.fromkeys(reversed(named)) if slug]
    if recent:
        slots["recent_actors"] = list(dict.fromkeys([*recent, *(turn.slot("recent_actors") or ())]))[:_RECENT]
    if turn.named_actors:
        slots.setdefault("last_actor", turn.named_actors[0])
    if kinds := turn.values("actor_kind"):
        slots.setdefault("last_kind", kinds[0])
    if turn.slot("offered") and "offered" not in slots:
        slots["offered"] = None
    return replace(reply, slots=slots)


def _following(turn: Turn, access: Access) -> Reply | None:
    """Return the reply to words that lean on what was just said, ending a search that they would have begun."""
    pointed = pointed_at(turn)
    reply = _POINTED[pointed.intent](pointed, access) if pointed.intent != turn.intent else follow(pointed, access)
    return reply and Reply(slots={"requested_slot": None}, close_form=True) + reply if turn.intent == "find_support" else reply
