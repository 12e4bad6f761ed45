"""Sets two organisations side by side."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.comparing import handle as handle_compare
from actions.run import run


class ActionCompareActors(Action):
    """Sets two organisations side by side.

    Reads: last_actor. Sets: last_actor.
    """

    def name(self) -> str:
        return "action_compare_actors"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle_compare, dispatcher, tracker)
