"""Acknowledges a no, or a matter that is left."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.care import acknowledge
from actions.run import run


class ActionAcknowledge(Action):
    """Acknowledges a no (`deny`), or a matter that is left (`cancel`).

    Reads: distressed. Sets: none.
    """

    def name(self) -> str:
        return "action_acknowledge"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(acknowledge, dispatcher, tracker, leans=False)
