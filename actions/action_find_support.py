"""One step of the guided search; it asks the next question itself and proposes at the end."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.run import run
from actions.search import step


class ValidateFindSupportForm(Action):
    """One step of the guided search; it asks the next question itself and proposes at the end.

    Reads: the profile, requested_slot, pending. Sets: the profile, requested_slot, shown.
    """

    def name(self) -> str:
        return "validate_find_support_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(step, dispatcher, tracker)
