"""Tells the pôle, SADC, MRC, CDC or CDR of a place."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.local import handle
from actions.run import run


class ActionFindLocalActor(Action):
    """Tells the pôle, SADC, MRC, CDC or CDR of a place.

    Reads: place, last_kind. Sets: place, last_actor, last_kind, pending.
    """

    def name(self) -> str:
        return "action_find_local_actor"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle, dispatcher, tracker)
