"""Says in English and in French which language to write in, with the doors of the place when one was named."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.english import handle
from actions.run import run


class ActionSpeakEnglish(Action):
    """Says in English and in French which language to write in, with the doors of the place when one was named.

    Sets: place.
    """

    def name(self) -> str:
        return "action_speak_english"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle, dispatcher, tracker)
