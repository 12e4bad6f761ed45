"""Answers a question of fact on an organisation or a programme, named now or last."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.questions import handle
from actions.run import run


class ActionAnswerAboutActor(Action):
    """Answers a question of fact on an organisation or a programme, named now or last.

    Reads: last_actor, last_service. Sets: last_actor, last_service, last_sources.
    """

    def name(self) -> str:
        return "action_answer_about_actor"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle, dispatcher, tracker)
