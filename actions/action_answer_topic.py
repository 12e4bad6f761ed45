"""Answers a question on a topic of the checked answers."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.questions import handle
from actions.run import run


class ActionAnswerTopic(Action):
    """Answers a question on a topic of the checked answers.

    Reads: topic and context slots. Sets: last_topic, last_actor, last_service, last_sources.
    """

    def name(self) -> str:
        return "action_answer_topic"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle, dispatcher, tracker)
