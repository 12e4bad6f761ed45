"""Makes the best of a message that no label fits: links, two readings, then a way out."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.fallback import handle
from actions.run import run


class ActionDefaultFallback(Action):
    """Makes the best of a message that no label fits: links, two readings, then a way out.

    Reads: fallbacks and context slots. Sets: fallbacks.
    """

    def name(self) -> str:
        return "action_default_fallback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle, dispatcher, tracker)
