"""The assistant as a channel sees it: a message or a pressed button in, neutral replies out.

Every channel goes through `Assistant.say` and `Assistant.press`, so the door, the buttons' secrecy and
the notices are the same everywhere.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import UserUttered

from bot.door import MAX_CHARACTERS, Entered, enter
from directory.text import fold

logger = logging.getLogger(__name__)
MAX_CONVERSATIONS = 10_000
NOTICE = (
    "Je suis Aiguilleur, un robot. Je masque les renseignements personnels et je ne garde pas nos échanges après l’arrêt du service;"
    " pour tout effacer, écrivez «\u00a0efface ma conversation\u00a0»."
)
MASKED = "J’ai masqué un renseignement personnel dans votre message. Évitez d’en écrire ici\u00a0: je n’en ai pas besoin pour vous aider."
SHORTENED = f"Votre message est très long\u00a0: j’ai lu les {MAX_CHARACTERS} premiers caractères."
EMPTY = "Je n’ai rien reçu à lire. Écrivez votre question en quelques mots."
STALE_BUTTON = "Ce bouton n’est plus valide. Dites-moi en quelques mots ce que vous cherchez."
OUT_OF_ORDER = (
    "J’ai eu un ennui technique et je n’ai pas pu répondre. Réessayez dans un instant, ou appelez votre MRC"
    " ou votre pôle d’économie sociale si c’est pressant."
)
_NO_NOTICE = {"greet", "distress", "exhausted", "bot_identity", "privacy", "erase_data"}


@dataclass
class Turned:
    """What came of one turn: `replies` as JSON-ready dicts, the parse, and how long it took."""

    replies: list[dict[str, Any]]
    intent: dict[str, Any] = field(default_factory=lambda: {"name": None, "confidence": 0.0})
    entities: list[dict[str, Any]] = field(default_factory=list)
    latency_ms: float = 0.0


@dataclass
class _Conversation:
    issued: dict[str, tuple[str, str]] = field(default_factory=dict)
    begun: bool = False
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
    """Conversations over one Rasa agent. A conversation's turns are handled one at a time, in order."""

    def __init__(self, agent: Agent):
        self._agent = agent
        self._conversations: OrderedDict[str, _Conversation] = OrderedDict()

    async def say(self, conversation: str, text: str, channel: str = "cli") -> Turned:
        """Return the replies to a typed text; never raises, never silent."""
        entered = enter(text)
        if not entered.text:
            return Turned([_bubble(EMPTY)])
        state = self._state(conversation)
        typed = state.issued.get(_title_key(entered.text))
        if typed and not entered.masked:
            return await self._turn(conversation, state, Entered(typed[1]), channel)
        return await self._turn(conversation, state, entered, channel)

    async def press(self, conversation: str, payload: str, channel: str = "cli") -> Turned:
        """Return the replies to a pressed button; only payloads issued to this conversation act."""
        state = self._state(conversation)
        issued = {p for _, p in state.issued.values()}
        if payload not in issued:
            return Turned([_bubble(STALE_BUTTON)])
        return await self._turn(conversation, state, Entered(payload), channel)

    def _state(self, conversation: str) -> _Conversation:
        state = self._conversations.pop(conversation, None) or _Conversation()
        self._conversations[conversation] = state
        while len(self._conversations) > MAX_CONVERSATIONS:
            self._conversations.popitem(last=False)
        return state

    async def _turn(self, conversation: str, state: _Conversation, entered: Entered, channel: str) -> Turned:
        started = time.perf_counter()
        async with state.lock:
            output = NeutralOutput()
            try:
                await self._agent.handle_message(UserMessage(entered.text, output, conversation, input_channel=channel))
                tracker = await self._agent.tracker_store.retrieve(conversation)
            except Exception as error:  # noqa: BLE001 - a channel never stays silent
                logger.error("conversation %s: the turn failed with %s", conversation, type(error).__name__)
                return Turned([_bubble(OUT_OF_ORDER)])
            turned = self._turned(state, entered, output.replies, tracker)
            if tracker is not None and tracker.get_slot("erase"):
                await self.erase(conversation)
        turned.latency_ms = round(1000 * (time.perf_counter() - started), 1)
        return turned

    def _turned(self, state: _Conversation, entered: Entered, replies: list[dict[str, Any]], tracker: Any) -> Turned:
        parse = _latest_parse(tracker)
        intent = parse.get("intent") or {}
        replies = replies or [_bubble(OUT_OF_ORDER)]
        before = (
            [_bubble(MASKED)]
            if set(entered.masked) - {"CODE_POSTAL"} and intent.get("name") not in ("store_personal_data", "private_contact")
            else []
        )
        before += [_bubble(SHORTENED)] if entered.shortened else []
        after = [_bubble(NOTICE)] if not state.begun and intent.get("name") not in _NO_NOTICE else []
        state.begun = True
        state.issued = {_title_key(b["title"]): (b["title"], b["payload"]) for r in replies for b in r["buttons"]} or state.issued
        shown = {"name": intent.get("name"), "confidence": intent.get("confidence", 0.0)}
        return Turned([*before, *replies, *after], shown, [dict(e) for e in parse.get("entities") or []])

    async def parse(self, text: str) -> dict[str, Any]:
        """Return how a text is read (Rasa's parse result), in no conversation and with no reply."""
        return await self._agent.parse_message(text)

    async def close(self) -> None:
        """Hang up on the action server; the next message calls it again."""
        await self._agent.action_endpoint.close()

    async def erase(self, conversation: str) -> None:
        """Delete what is held of a conversation: the tracker, the issued buttons."""
        self._conversations.pop(conversation, None)
        # Rasa wraps the store in one that survives a failing database.
        getattr(self._agent.tracker_store, "_tracker_store", self._agent.tracker_store).discard(conversation)


def _latest_parse(tracker: Any) -> dict[str, Any]:
    """Return the parse of the last user message among the events: inside a form, `latest_message` lags behind."""
    said = (e for e in reversed(tracker.events if tracker is not None else ()) if isinstance(e, UserUttered))
    last = next(said, None)
    return (last.parse_data or {}) if last else {}


def _title_key(title: str) -> str:
    return fold(title)


def _bubble(text: str) -> dict[str, Any]:
    return {"text": text, "buttons": [], "cards": []}
