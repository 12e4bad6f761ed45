"""Tells whom to see now."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.next_step import handle
from actions.run import run


class ActionTellNextStep(Action):
    """Tells whom to see now.

    Reads: last_actor, last_topic, place, need. Sets: last_actor, pending.
    """

    def name(self) -> str:
        return "action_tell_next_step"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle, dispatcher, tracker)
