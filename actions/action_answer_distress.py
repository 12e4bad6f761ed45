"""Answers words of danger with the lines of help."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.care import answer_distress
from actions.run import run


class ActionAnswerDistress(Action):
    """Answers words of danger.

    Reads: distressed. Sets: distressed.
    """

    def name(self) -> str:
        return "action_answer_distress"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(answer_distress, dispatcher, tracker, leans=False)
