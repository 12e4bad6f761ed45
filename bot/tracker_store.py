"""The state of each conversation, in memory and bounded: turn 500 costs what turn 20 does, and a conversation left is let go.

A conversation that is kept elsewhere is lent for one turn, and to that turn alone.

Only what the dialogue reads is kept: the slots, the open search, the last turn. What a message was read as (`parts`, most of `ranking`)
serves its own turn and is not kept after it. The journal of whole conversations is another matter.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from functools import cache
from typing import Any

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

KEPT_TURNS = 1
MAX_CONVERSATIONS = 10_000
# Of the turn's own actions only, and the longest part of a message.
_OF_THE_TURN = ("parts", "intent_ranking", "text_tokens")
# The likeliest readings are told to the journal.
KEPT_READINGS = 3

Conversations = OrderedDict[str, list[Event]]
# What the turn under way was lent. A turn runs in a context of its own: one that is given up, and wakes, finds only its own.
_LENT: ContextVar[Conversations | None] = ContextVar("lent", default=None)


class BoundedTrackerStore(TrackerStore):
    """Keeps the state and the last turn (`KEPT_TURNS`) of the last `MAX_CONVERSATIONS` conversations, or of the one that is lent."""

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any):
        self._kept: Conversations = OrderedDict()
        super().__init__(domain, event_broker, **kwargs)

    @property
    def _held(self) -> Conversations:
        lent = _LENT.get()
        return self._kept if lent is None else lent

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the state of `tracker`, as the latest conversation."""
        await self.stream_events(tracker)
        self._held[tracker.sender_id] = bounded(tracker)
        self._held.move_to_end(tracker.sender_id)
        while len(self._held) > MAX_CONVERSATIONS:
            self._held.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the state of a conversation, or None when nothing is held of it."""
        events = self._held.get(sender_id)
        return None if events is None else DialogueStateTracker.from_events(sender_id, events, self.domain.slots)

    async def keys(self) -> Iterable[str]:
        """Return the conversations of which something is held."""
        return self._held.keys()


@contextmanager
def lent(sender_id: str, events: Sequence[Event]) -> Iterator[Conversations]:
    """Lend a conversation that is kept elsewhere to the turn within the block, a new one when there is no event; what is given holds it,
    as the turn leaves it."""
    held: Conversations = OrderedDict([(sender_id, list(events))] if events else [])
    token = _LENT.set(held)
    try:
        yield held
    finally:
        _LENT.reset(token)


def saved(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Return `events` ready for JSON."""
    return [event.as_dict() for event in events]


def restored(events: Sequence[Mapping[str, Any]]) -> list[Event]:
    """Return the events that `saved` gave.

    Raises:
        ValueError: this version of Rasa does not know one of them.
    """
    return [event for each in events if (event := _kind(each["event"])._from_parameters(dict(each)))]


@cache
def _kind(name: str) -> type[Event]:
    # Rasa looks through all its classes for each event.
    return Event.resolve_by_type(name)


def beginning(slots: Mapping[str, Any]) -> list[Event]:
    """Return the events of a conversation where nothing was said yet, with slots that are known from elsewhere."""
    values = [SlotSet(name, value) for name, value in slots.items()]
    return [ActionExecuted("action_session_start"), SessionStarted(), *values, ActionExecuted("action_listen")]


def bounded(tracker: DialogueStateTracker) -> list[Event]:
    """Return events that give `tracker` its slots, its open search and its last turn back."""
    events = list(tracker.events)
    said = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(said) <= KEPT_TURNS:
        return _lighter(events)
    cut = said[-KEPT_TURNS]
    return [*_state(tracker, events[:cut]), *_lighter(events[cut:])]


def _state(tracker: DialogueStateTracker, before: Sequence[Event]) -> list[Event]:
    """Return the fewest events that stand for those `before`: the start of a session, the slots, the open search."""
    values = [SlotSet(slot.name, slot.value) for slot in tracker.slots.values() if slot.value is not None]
    loop = next((event for event in reversed(before) if isinstance(event, ActiveLoop)), None)
    started = before[0].timestamp if before else None
    opening = [ActionExecuted("action_session_start", timestamp=started), SessionStarted(timestamp=started)]
    return [*opening, *values, *([loop] if loop and loop.name else []), ActionExecuted("action_listen", timestamp=started)]


def _lighter(events: Sequence[Event]) -> list[Event]:
    """Return `events` without our own words, which nothing reads again, and with lighter messages."""
    return [_light(event) for event in events if not isinstance(event, BotUttered)]


def _light(event: Event) -> Event:
    if not isinstance(event, UserUttered) or not any(name in event.parse_data for name in ("ranking", *_OF_THE_TURN)):
        return event
    light = copy(event)
    light.parse_data = {name: value for name, value in event.parse_data.items() if name not in _OF_THE_TURN}
    if "ranking" in light.parse_data:
        light.parse_data["ranking"] = light.parse_data["ranking"][:KEPT_READINGS]
    return light
