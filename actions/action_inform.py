"""Takes a place, form, stage or amount given outside the search and redoes what came before."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.informing import handle
from actions.run import run


class ActionInform(Action):
    """Takes a place, form, stage or amount given outside the search and redoes what came before.

    Reads: place, last_topic, last_kind, search_done. Sets: what was said.
    """

    def name(self) -> str:
        return "action_inform"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle, dispatcher, tracker)
