"""Gives a private enterprise its general doors, kindly."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.doors import handle_private
from actions.run import run


class ActionPrivateBusiness(Action):
    """Gives a private enterprise its general doors, kindly.

    Reads: place. Sets: place, legal_form, pending.
    """

    def name(self) -> str:
        return "action_private_business"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle_private, dispatcher, tracker)
