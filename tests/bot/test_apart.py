"""The assistant in a thread of its own: a turn that never lets go holds nobody up, and touches nothing of the next one when it wakes."""

import asyncio
import threading
from types import SimpleNamespace

import bot.engine  # noqa: F401 - before Rasa

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.apart import Apart
from bot.assistant import OUT_OF_ORDER, Assistant
from bot.door import enter
from bot.state import State
from bot.tracker_store import BoundedTrackerStore

SLOTS = {"heard": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}}
DOMAIN = Domain.from_dict({"intents": ["inform"], "slots": SLOTS})
STUCK, SLOW = "reste pris", "réponds lentement"


class Processor:
    """Keeps in a slot the texts that a conversation was told, and answers with them.

    At `STUCK`, it holds its thread until `wake` is set; at `SLOW`, it waits between reading and writing until that turn is over.
    """

    model_filename = None

    def __init__(self) -> None:
        self.store = BoundedTrackerStore(DOMAIN)
        self.wake, self.reading, self.woken = threading.Event(), threading.Event(), threading.Event()

    async def handle_message(self, message: UserMessage) -> None:
        """Do a turn."""
        tracker = await self.store.retrieve(message.sender_id)
        tracker = tracker or DialogueStateTracker.from_events(message.sender_id, [ActionExecuted("action_listen")], DOMAIN.slots)
        if message.text == STUCK:
            self.wake.wait(20)
        if message.text == SLOW:
            self.reading.set()
            while not self.woken.is_set():
                await asyncio.sleep(0.005)
        heard = [*(tracker.get_slot("heard") or []), message.text]
        for event in (UserUttered(message.text, parse_data={"intent": {"name": "inform"}}), SlotSet("heard", heard)):
            tracker.update(event, DOMAIN)
        await message.output_channel.send_response(message.sender_id, {"text": " / ".join(heard)})
        await self.store.save(tracker)
        if message.text == STUCK:
            self.woken.set()


def test_a_turn_that_is_stuck_and_wakes_leaves_the_next_one_alone():
    processor = Processor()
    agent = SimpleNamespace(processor=processor, tracker_store=processor.store)
    apart = Apart(Assistant(agent), stuck_s=3)

    async def turn(state: State, text: str) -> tuple[str, State]:
        turned, after = await apart.turn("c", state, enter(text), None, "messenger")
        return turned.replies[0]["text"], after

    async def conversation() -> None:
        apart.start()
        told, state = await turn(State(begun=True), "allo")
        assert told == "allo"
        stuck = await turn(state, STUCK)
        assert stuck == (OUT_OF_ORDER, state)
        slow = asyncio.create_task(turn(state, SLOW))
        await asyncio.to_thread(processor.reading.wait, 20)
        processor.wake.set()
        told, state = await slow
        assert told == f"allo / {SLOW}"
        assert (await turn(state, "et puis"))[0] == f"allo / {SLOW} / et puis"

    asyncio.run(conversation())
    assert list(asyncio.run(processor.store.keys())) == []


def test_a_failing_turn_is_excused_and_the_next_one_answered():
    processor = Processor()
    agent = SimpleNamespace(processor=processor, tracker_store=processor.store)
    assistant = Assistant(agent)

    async def broken(_message: UserMessage) -> None:
        raise RuntimeError("a fault")

    async def conversation() -> None:
        (turned, state) = await assistant.turn("c", State(begun=True), enter("allo"), None, "web")
        whole, processor.handle_message = processor.handle_message, broken
        failed, same = await assistant.turn("c", state, enter("et là"), None, "web")
        processor.handle_message = whole
        assert (failed.failed, failed.replies[0]["text"], same) == (True, OUT_OF_ORDER, state)
        again, _ = await assistant.turn("c", state, enter("et là"), None, "web")
        assert again.replies[0]["text"] == "allo / et là"

    asyncio.run(conversation())
