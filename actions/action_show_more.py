"""Shows the next organisations of the same search."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.proposing import show_more
from actions.run import run


class ActionShowMore(Action):
    """Shows the next organisations of the same search.

    Reads: the profile, shown. Sets: shown, last_actor.
    """

    def name(self) -> str:
        return "action_show_more"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        return run(show_more, dispatcher, tracker)
