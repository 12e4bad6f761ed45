"""Erases what the conversation holds, at the person's word."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher


class ActionEraseConversation(Action):
    """Forgets every slot and marks the conversation for erasure.

    Reads: none. Sets: every slot to nothing, then `erase`, by which the channel deletes the conversation.
    """

    def name(self) -> str:
        return "action_erase_conversation"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> list[EventType]:
        dispatcher.utter_message(response="utter_erased")
        return [AllSlotsReset(), SlotSet("erase", True)]
