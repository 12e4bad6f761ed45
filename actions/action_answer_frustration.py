"""Answers anger: calmly the first time, with people to talk to the second."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.frustration import handle
from actions.run import run


class ActionAnswerFrustration(Action):
    """Answers an insult or a complaint about the assistant.

    Reads: complaints, place. Sets: complaints.
    """

    def name(self) -> str:
        return "action_answer_frustration"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle, dispatcher, tracker)
