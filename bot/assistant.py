"""The assistant as a channel sees it: a message or a pressed button in, neutral replies out.

The terminal goes through `Assistant.say` and `Assistant.press`, the channels through `Assistant.turn`: the buttons' secrecy and the
notices are the same everywhere.
"""

import asyncio
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import Event, SlotSet, UserUttered

from bot import care
from bot.channels.refusals import sentence
from bot.door import MAX_CHARACTERS, Entered, enter
from bot.recording import record_of
from bot.standing import MENUS, STANDING
from bot.state import State
from bot.tracker_store import lent
from bot.unreadable import EMPTY, answer_to
from directory.errors import place_of
from directory.text import fold

logger = logging.getLogger(__name__)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
MAX_CONVERSATIONS = 10_000
# More choices than that are hidden by a bubble that follows, where Messenger shows them.
MAX_KEPT_CHOICES = 3
# More than two calls of the action server may take (bot/action_endpoint.py).
TURN_TIMEOUT_S = 20
NOTICE = (
    "Je suis Aiguilleur, un robot. Je masque les renseignements personnels, et nos échanges sont effacés après 90\u00a0jours au plus;"
    " pour tout effacer, écrivez «\u00a0efface ma conversation\u00a0»."
)
MASKED = "J’ai masqué un renseignement personnel dans votre message. Évitez d’en écrire ici\u00a0: je n’en ai pas besoin pour vous aider."
SHORTENED = f"Votre message est très long\u00a0: j’ai lu les {MAX_CHARACTERS} premiers caractères."
STALE_BUTTON = sentence("stale_choice")
OUT_OF_ORDER = (
    "Je suis un robot, et un ennui technique m’a empêché de vous répondre. Réessayez dans un instant, ou appelez votre MRC"
    " ou votre pôle d’économie sociale si c’est pressant."
)
# Where the notice would be out of place, one sentence says that a robot answers, and the notice comes with a later answer.
ROBOT = "Je suis Aiguilleur, un robot."
_LATER = {"exhausted", "privacy", "erase_data"}
# They say it themselves.
_NO_NOTICE = {"greet", "bot_identity"}


@dataclass
class Turned:
    """What came of one turn: `replies` as JSON-ready dicts, the parse, how long it took; whether the person asked that all be
    erased; whether it failed, and can be tried again; what the journal is told besides (bot/recording.py)."""

    replies: list[dict[str, Any]]
    intent: dict[str, Any] = field(default_factory=lambda: {"name": None, "confidence": 0.0})
    entities: list[dict[str, Any]] = field(default_factory=list)
    latency_ms: float = 0.0
    erase: bool = False
    failed: bool = False
    record: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Conversation:
    state: State = field(default_factory=State)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class NeutralOutput(OutputChannel):
    """Keeps each message of a turn whole: text, buttons and cards together, before any channel's limits."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Name of the channel."""
        return "neutral"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep `message` as a neutral reply."""
        cards = (message.get("custom") or {}).get("cards") or []
        self.replies.append({"text": message.get("text") or "", "buttons": message.get("buttons") or [], "cards": cards})


class Assistant:
    """Conversations over one Rasa agent. A conversation's turns are handled one at a time, in order.

    `say` and `press` keep the state of conversations in memory, for the terminal and the measures; `turn` takes it and gives it
    back, for the channels, whose conversations outlive the process.
    """

    def __init__(self, agent: Agent):
        self._agent = agent
        self._conversations: OrderedDict[str, _Conversation] = OrderedDict()

    async def say(self, conversation: str, text: str, channel: str = "cli") -> Turned:
        """Return the replies to a typed text; never raises, never silent."""
        entered = enter(text)
        if not entered.text:
            return Turned([bubble(answer_to(EMPTY))])
        return await self._remembering(conversation, entered, None, channel)

    async def press(self, conversation: str, payload: str, channel: str = "cli") -> Turned:
        """Return the replies to a pressed button; only payloads issued to this conversation act."""
        return await self._remembering(conversation, Entered(""), payload, channel)

    async def _remembering(self, conversation: str, entered: Entered, payload: str | None, channel: str) -> Turned:
        held = self._held(conversation)
        async with held.lock:
            turned, held.state = await self.turn(conversation, held.state, entered, payload, channel)
            if turned.erase:
                self._conversations.pop(conversation, None)
        return turned

    def _held(self, conversation: str) -> _Conversation:
        held = self._conversations.pop(conversation, None) or _Conversation()
        self._conversations[conversation] = held
        while len(self._conversations) > MAX_CONVERSATIONS:
            self._conversations.popitem(last=False)
        return held

    async def turn(self, conversation: str, state: State, entered: Entered, payload: str | None, channel: str) -> tuple[Turned, State]:
        """Return what comes of a text, or of the button of `payload`, and the state after it; never raises, never silent.

        `state` is that which the last turn returned; a turn that failed leaves it as it was. No two turns of one conversation may
        run at once.
        """
        if payload is not None and not state.may_press(payload) and not (channel == MENUS and payload in STANDING):
            return self.unread(STALE_BUTTON, state)
        typed = state.issued.get(fold(entered.text)) if payload is None and not entered.masked else None
        told = typed or entered.text if payload is None else payload
        return await self._turn(conversation, state, replace(entered, text=told), channel)

    async def start_over(self, conversation: str, state: State, channel: str) -> tuple[Turned, State]:
        """Return what is said when the person starts over, and the state after it, as `turn` does."""
        turned, after = await self._turn(conversation, state, Entered("/start_over"), channel)
        given = tuple(SlotSet(name, value) for name, value in state.context.items())
        return turned, after if turned.failed else replace(after, events=(*after.events, *given))

    async def _turn(self, conversation: str, state: State, entered: Entered, channel: str) -> tuple[Turned, State]:
        started = time.perf_counter()
        output = NeutralOutput()
        # The lock of `Agent.handle_message` is not taken: turns come one at a time, and one that is stuck would keep it.
        message = UserMessage(entered.text, output, conversation, input_channel=channel)
        with lent(conversation, state.events) as held:
            try:
                await asyncio.wait_for(self._agent.processor.handle_message(message), TURN_TIMEOUT_S)
                tracker = await self._agent.tracker_store.retrieve(conversation)
            except Exception as error:  # noqa: BLE001 - a channel never stays silent
                logger.error("conversation %s: the turn failed with %s at %s", conversation, type(error).__name__, place_of(error))
                return await self._failed(entered, state)
        events = held.get(conversation, ())
        if not output.replies or tracker is None:
            logger.error("conversation %s: the turn gave no reply", conversation)
            return await self._failed(entered, state)
        parse = _latest_parse(tracker.events)
        unwell = _intent(_latest_parse(state.events)) in care.HEAVY and care.says_unwell(parse)
        if unwell or (state.distressed and (care.says_little(parse) or _intent(parse) == care.DANGER)):
            output.replies = [self._lines_of_help(care.AGAIN if state.distressed else care.FIRST)]
        distressed = unwell or _intent(parse) == care.DANGER or (state.distressed and care.stays(parse))
        turned = _turned(state.begun or distressed, entered, output.replies, tracker)
        turned.record = record_of(tracker, parse, self._agent.processor.model_filename)
        turned.latency_ms = round(1000 * (time.perf_counter() - started), 1)
        # Whoever is in danger reads the lines of help, which say that a robot answers; the notice waits.
        begun = state.begun or not (distressed or turned.intent["name"] in _LATER)
        open_ = _open_question(output.replies) if tracker.get_slot("requested_slot") else None
        return turned, replace(state, events=tuple(events), begun=begun, open=open_, distressed=distressed).with_issued(output.replies)

    def unread(self, sentence: str, state: State) -> tuple[Turned, State]:
        """Return a `sentence` for what cannot be read, then what was asked before it, and the state after it. Whoever is in danger gets
        the lines of help again."""
        if state.distressed:
            return Turned([self._lines_of_help(care.AGAIN)]), state
        asked = [dict(state.open)] if state.open else []
        return Turned([bubble(sentence), *_notice(state.begun, None), *asked]), replace(state, begun=True)

    async def _failed(self, entered: Entered, state: State) -> tuple[Turned, State]:
        """Return an apology; to whoever is in danger, the lines of help, which need neither the actions nor the directory."""
        try:
            parse = await asyncio.wait_for(self.parse(entered.text), TURN_TIMEOUT_S)
        except Exception as error:  # noqa: BLE001 - the turn has failed already
            logger.error("a message whose turn had failed could not be read (%s)", type(error).__name__)
            parse = {}
        if _intent(parse) == care.DANGER or (state.distressed and care.says_little(parse)):
            lines = care.AGAIN if state.distressed else care.FIRST
            return Turned([self._lines_of_help(lines)], failed=True), replace(state, distressed=True)
        return Turned([bubble(OUT_OF_ORDER)], failed=True), state

    def _lines_of_help(self, name: str) -> dict[str, Any]:
        return bubble(self._agent.domain.responses[name][0]["text"])

    async def parse(self, text: str) -> dict[str, Any]:
        """Return how a text is read (Rasa's parse result), in no conversation and with no reply."""
        return await self._agent.parse_message(text)

    async def warm_up(self) -> None:
        """Load what the first message would wait for."""
        await self.parse("bonjour")

    async def close(self) -> None:
        """Hang up on the action server; the next message calls it again."""
        await self._agent.action_endpoint.close()


def _turned(begun: bool, entered: Entered, replies: list[dict[str, Any]], tracker: Any) -> Turned:
    parse = _latest_parse(tracker.events)
    intent = parse.get("intent") or {}
    before = (
        [bubble(MASKED)]
        if set(entered.masked) - {"CODE_POSTAL"} and intent.get("name") not in ("store_personal_data", "private_contact")
        else []
    )
    before += [bubble(SHORTENED)] if entered.shortened else []
    after = _notice(begun, intent.get("name"))
    shown = {"name": intent.get("name"), "confidence": intent.get("confidence", 0.0)}
    entities = [dict(e) for e in parse.get("entities") or []]
    # Where choices go with the next bubble, they come last.
    last = replies[-1:] if len(replies[-1]["buttons"]) > MAX_KEPT_CHOICES else []
    first = replies[:-1] if last else replies
    return Turned([*before, *first, *after, *last], shown, entities, erase=bool(tracker.get_slot("erase")))


def _intent(parse: Mapping[str, Any]) -> str | None:
    return (parse.get("intent") or {}).get("name")


def _notice(begun: bool, intent: str | None) -> list[dict[str, Any]]:
    if begun or intent in _NO_NOTICE:
        return []
    return [bubble(ROBOT if intent in _LATER else NOTICE)]


def _open_question(replies: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return the last question of `replies` with its choices, without what was said before it."""
    asked = next((reply for reply in reversed(replies) if reply["buttons"]), None)
    if asked is None:
        return None
    asks = (sentence for sentence in reversed(_SENTENCE.split(asked["text"])) if sentence.endswith(("?", "…", ":")))
    return {**bubble(next(asks, asked["text"])), "buttons": asked["buttons"]}


def _latest_parse(events: Sequence[Event]) -> dict[str, Any]:
    """Return the parse of the last user message among `events`: inside a form, a tracker's `latest_message` lags behind."""
    said = (e for e in reversed(events) if isinstance(e, UserUttered))
    last = next(said, None)
    return (last.parse_data or {}) if last else {}


def bubble(text: str) -> dict[str, Any]:
    """Return a neutral reply of one text."""
    return {"text": text, "buttons": [], "cards": []}
