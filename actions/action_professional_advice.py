"""Declines legal and tax advice, with a door."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.doors import handle_professional
from actions.run import run


class ActionProfessionalAdvice(Action):
    """Declines legal and tax advice, with a door.

    Reads: none. Sets: last_actor.
    """

    def name(self) -> str:
        return "action_professional_advice"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle_professional, dispatcher, tracker)
