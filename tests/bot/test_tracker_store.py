"""The state of a conversation: bounded, whole where the dialogue reads it, forgotten on request."""

import asyncio

import bot.engine  # noqa: F401 - before Rasa

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import KEPT_READINGS, KEPT_TURNS, BoundedTrackerStore, bounded

DOMAIN = Domain.from_dict(
    {
        "intents": ["inform"],
        "slots": {
            name: {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
            for name in ("place", "need", "requested_slot")
        },
        "forms": {"find_support_form": {"required_slots": []}},
    }
)


def _turn(number: int, *events) -> list:
    said = UserUttered(f"turn {number}", parse_data={"intent": {"name": "inform"}, "entities": [], "ranking": [["inform", 0.9]] * 40})
    return [ActionExecuted("action_listen"), said, *events]


def _tracker(turns: list[list]) -> DialogueStateTracker:
    events = [event for turn in turns for event in turn]
    return DialogueStateTracker.from_events("c", events, DOMAIN.slots)


def _kept(tracker: DialogueStateTracker) -> DialogueStateTracker:
    store = BoundedTrackerStore(DOMAIN)
    asyncio.run(store.save(tracker))
    kept = asyncio.run(store.retrieve("c"))
    assert kept is not None
    return kept


@pytest.mark.parametrize("turns", [1, KEPT_TURNS + 1, 40])
def test_slots_and_the_open_search_come_back_whatever_the_length(turns):
    opening = _turn(0, ActiveLoop("find_support_form"), SlotSet("place", ["10043"]), SlotSet("requested_slot", "need"))
    tracker = _tracker([opening, *(_turn(n) for n in range(1, turns))])
    kept = _kept(_kept(tracker))
    assert kept.current_slot_values() == tracker.current_slot_values()
    assert kept.active_loop_name == "find_support_form"
    assert kept.latest_message.text == f"turn {turns - 1}"


def test_a_search_that_ended_stays_ended():
    tracker = _tracker([_turn(0, ActiveLoop("find_support_form")), _turn(1, ActiveLoop(None)), *(_turn(n) for n in range(2, 9))])
    assert _kept(tracker).active_loop_name is None


def test_a_slot_emptied_long_ago_stays_empty():
    tracker = _tracker([_turn(0, SlotSet("need", "mentorat")), _turn(1, SlotSet("need", None)), *(_turn(n) for n in range(2, 9))])
    assert _kept(tracker).get_slot("need") is None


def test_turn_500_holds_no_more_than_turn_20():
    sizes = {}
    store, tracker = BoundedTrackerStore(DOMAIN), None
    for number in range(500):
        tracker = asyncio.run(store.retrieve("c")) or _tracker([])
        for event in _turn(number, SlotSet("place", [str(number)]), ActionExecuted("action_inform")):
            tracker.update(event, DOMAIN)
        asyncio.run(store.save(tracker))
        sizes[number] = len(bounded(tracker))
    assert sizes[499] <= sizes[20]
    assert asyncio.run(store.retrieve("c")).get_slot("place") == ["499"]


def test_the_reading_of_a_message_is_not_kept_after_its_turn_and_the_turn_itself_keeps_it():
    tracker = _tracker([_turn(0)])
    assert len(_kept(tracker).latest_message.parse_data["ranking"]) == KEPT_READINGS
    assert len(tracker.latest_message.parse_data["ranking"]) == 40


def test_the_oldest_conversation_is_forgotten_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr("bot.tracker_store.MAX_CONVERSATIONS", 2)
    store = BoundedTrackerStore(DOMAIN)
    for name in ("one", "two", "three"):
        asyncio.run(store.save(DialogueStateTracker.from_events(name, _turn(0), DOMAIN.slots)))
    assert list(asyncio.run(store.keys())) == ["two", "three"]
    assert asyncio.run(store.retrieve("one")) is None
