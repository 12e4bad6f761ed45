"""Tells how the organisations shown were chosen."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.proposing import explain
from actions.run import run


class ActionExplainProposals(Action):
    """Tells how the organisations shown were chosen.

    Reads: the profile, search_done. Sets: none.
    """

    def name(self) -> str:
        return "action_explain_proposals"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(explain, dispatcher, tracker)
