"""Says the last answer again."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.restating import handle_rephrase
from actions.run import run


class ActionRephrase(Action):
    """Says the last answer again.

    Reads: last_topic, last_actor. Sets: last_topic.
    """

    def name(self) -> str:
        return "action_rephrase"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle_rephrase, dispatcher, tracker)
