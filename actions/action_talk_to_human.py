"""Gives the people to call near the person."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.doors import handle_human
from actions.run import run


class ActionTalkToHuman(Action):
    """Gives the people to call near the person.

    Reads: place. Sets: place, pending.
    """

    def name(self) -> str:
        return "action_talk_to_human"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle_human, dispatcher, tracker)
