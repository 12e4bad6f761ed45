"""« C’est confidentiel? »: what becomes of the conversation, or of what is said to a mentor when that is the subject."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.restating import handle_privacy
from actions.run import run


class ActionAnswerPrivacy(Action):
    """Tells what is kept of the conversation.

    Reads: need, last_topic. Sets: last_topic when the subject was mentoring.
    """

    def name(self) -> str:
        return "action_answer_privacy"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(handle_privacy, dispatcher, tracker)
