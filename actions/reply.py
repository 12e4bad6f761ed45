"""The neutral reply: texts, buttons and cards, before any channel; and what is to be remembered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

# What a turn came to, under the slot `came_of`: the journal counts it (the same words are in journal/told.py).
FOUND, NOTHING_NEAR, NOT_HELD, NOT_UNDERSTOOD = "found", "nothing_near", "not_held", "not_understood"


@dataclass(frozen=True)
class Button:
    """A choice offered: its title, and the intent with entities that pressing it stands for."""

    title: str
    intent: str
    entities: Mapping[str, Any] = field(default_factory=dict)

    @property
    def payload(self) -> str:
        """The payload as Rasa reads it; channels hide it behind an opaque id."""
        said = json.dumps(dict(self.entities), ensure_ascii=False) if self.entities else ""
        return f"/{self.intent}{said}"


@dataclass(frozen=True)
class Card:
    """An organisation as it is offered to a person. Empty fields are not shown; `door` stands in for them."""

    name: str
    does: str
    why: tuple[str, ...] = ()
    first_step: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    source: str = ""
    as_of: str = ""
    caution: str = ""
    actor: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the card's non-empty fields, ready for JSON."""
        fields = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}
        return {name: value for name, value in fields.items() if value}


@dataclass(frozen=True)
class Message:
    """One bubble. `response` names a sentence of `domain.yml` used in place of `text`."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    cards: tuple[Card, ...] = ()
    response: str = ""


@dataclass(frozen=True)
class Reply:
    """What to say and to remember. `followup` names an action to run next; `close_form` ends the guided search."""

    messages: tuple[Message, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    followup: str = ""
    close_form: bool = False

    def __add__(self, other: "Reply") -> "Reply":
        return Reply(
            self.messages + other.messages,
            {**self.slots, **other.slots},
            other.followup or self.followup,
            self.close_form or other.close_form,
        )


def say(text: str, *buttons: Button, cards: tuple[Card, ...] = (), **slots: Any) -> Reply:
    """Return a reply of one bubble that remembers `slots`."""
    return Reply((Message(text, tuple(buttons), cards),), slots)


def utter(response: str, **slots: Any) -> Reply:
    """Return a reply that says a sentence of `domain.yml` and remembers `slots`."""
    return Reply((Message(response=response),), slots)


def came_to(what: str, matter: str = "") -> dict[str, Any]:
    """Return the slot that says what a turn came to, and, of what is not held, the `matter` that was asked about."""
    return {"came_of": {"what": what, **({"matter": matter} if matter else {})}}


def dispatch(reply: Reply, dispatcher: CollectingDispatcher) -> list[EventType]:
    """Hand the messages of `reply` to Rasa and return its events."""
    for message in reply.messages:
        if message.response:
            dispatcher.utter_message(response=message.response)
            continue
        buttons = [{"title": b.title, "payload": b.payload} for b in message.buttons]
        cards = {"cards": [card.as_dict() for card in message.cards]} if message.cards else None
        dispatcher.utter_message(text=message.text, buttons=buttons or None, json_message=cards)
    events: list[EventType] = [SlotSet(name, value) for name, value in reply.slots.items()]
    if reply.close_form:
        events += [ActiveLoop(None), SlotSet("requested_slot", None)]
    return events + ([FollowupAction(reply.followup)] if reply.followup else [])
