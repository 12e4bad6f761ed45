"""Forgets the project described so far, so that a new search starts from nothing."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, EventType
from rasa_sdk.executor import CollectingDispatcher


class ActionRestartSearch(Action):
    """Starts over.

    Reads: none. Sets: every slot to nothing.
    """

    def name(self) -> str:
        return "action_restart_search"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        dispatcher.utter_message(response="utter_restart")
        return [AllSlotsReset()]
