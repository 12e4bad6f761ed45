"""Tells where the last fact comes from."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.restating import handle_source
from actions.run import run


class ActionTellSource(Action):
    """Tells where the last fact comes from.

    Reads: last_sources, last_as_of. Sets: none.
    """

    def name(self) -> str:
        return "action_tell_source"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle_source, dispatcher, tracker)
