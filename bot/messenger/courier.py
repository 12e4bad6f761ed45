"""Brings the outbox to Messenger: in order within a thread, side by side across threads, again when Graph could not, once when it could.

Nothing here holds up a webhook or a turn: what cannot be sent now waits in the database, for this process or the next.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from itertools import chain, count, repeat
from typing import Any

from sqlalchemy.orm import Session

from bot.channels.refusals import sentence
from bot.conversations import delivering
from bot.conversations.delivering import Parcel
from bot.conversations.store import PAUSES_S, Store
from bot.messenger.account import Account
from bot.messenger.graph import AGAIN, HUMAN, PERMISSION, REFUSED, TOKEN, UNAVAILABLE, WINDOW, Graph, GraphError, Unknown, Unreachable
from bot.messenger.holds import hold_of, is_humans
from bot.messenger.rendering import Message, plain, rendered
from bot.messenger.threads import WINDOW as WINDOW_OPEN
from bot.messenger.threads import erase_thread, forget, thread_of
from bot.one_each import OneEach
from directory.errors import place_of

logger = logging.getLogger(__name__)
SENDS_AT_ONCE = 20
# What is shown while an answer is made is worth no wait: when as many are under way, the others are left out.
ACTIONS_AT_ONCE = 50
SWEEP_S = 5
FORGET_S = 3600
DRAIN_S = 10
FIRST_BACKOFF_S, MOST_BACKOFF_S = 1, 60
# While the token is refused nothing can pass: everything waits as long before the next try.
TOKEN_PAUSE_S = 300
# A part whose outcome is unknown is sent again as often, then taken for sent: nobody wants a tenth copy.
MAX_DOUBTFUL = 3
# What nobody knows waits as many times longer: a Graph that does not answer for some minutes must not use up these attempts.
DOUBT_WAITS = 20
FAREWELL = "{said} Numéro de preuve\u00a0: {proof}. Pour l’effacer aussi de votre côté, supprimez la conversation dans Messenger."
# A part that arrived, whether it was the last one of its message, and why the message was not taken as it was, if so.
Arrival = tuple[Parcel, bool, str | None]
PRESUMED = "presumed"
_ALARM = "Messenger: %s (%s); look with « aiguilleur messenger check »"


def backoff_s(attempts: int) -> float:
    """Return how many seconds wait after as many failed attempts: 1, 2, 4… 60, up to a half more so that not all come back at once."""
    return min(FIRST_BACKOFF_S * 2 ** min(attempts - 1, 10), MOST_BACKOFF_S) * (1 + random.random() / 2)


class Courier:
    """The one who sends, in this process. `counts` says what became of requests: sent, again, doubtful, stopped by reason."""

    def __init__(self, graph: Graph, store: Store, account: Account) -> None:
        self._graph, self._store, self._account = graph, store, account
        # Actions have connections of their own: when Graph hangs, they take none of the answers'.
        self._actions = Graph(account)
        self.counts: Counter[str] = Counter()
        self._sending = OneEach(self._send_all)
        self._aside: set[asyncio.Task] = set()
        self._acting = 0
        self._token_until: float = 0

    async def start(self) -> None:
        """Send what an earlier process left, and from then on what comes."""
        self._sends = asyncio.Semaphore(SENDS_AT_ONCE)
        self._sweeping = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Finish the requests under way, `DRAIN_S` at most; the rest stays in the outbox."""
        self._sweeping.cancel()
        for task in self._aside:
            task.cancel()
        await self._sending.stop(DRAIN_S)
        await asyncio.gather(self._sweeping, *self._aside, return_exceptions=True)
        await self._graph.close()
        await self._actions.close()

    def wake(self, conversation: str) -> None:
        """See that what a conversation is due is sent."""
        self._sending.wake(conversation)

    async def _send_all(self, conversation: str) -> None:
        for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
            try:
                done: Arrival | None = None
                while not self._sending.stopping:
                    if (done := await self._send_one(conversation, done)) is None:
                        return
                if done is not None:
                    await self._store.insist(conversation, delivering.arrived, *done)
                return
            except Exception as error:  # noqa: BLE001 - what was not sent is still in the outbox
                logger.error("conversation %s: sending failed with %s at %s", conversation, type(error).__name__, place_of(error))
                await asyncio.sleep(pause_s)

    async def _send_one(self, conversation: str, done: Arrival | None) -> Arrival | None:
        """Note what arrived before, in the transaction that announces the next part that is due, and send it; return what arrived, to be
        noted. None when nothing more can be sent now: later is the sweep's."""
        paused = self._token_until > asyncio.get_running_loop().time()
        if done is not None and self._sends.locked():
            # The next part waits for its place: what arrived does not.
            await self._store.insist(conversation, delivering.arrived, *done)
            done = None
        async with self._sends:
            now, human = self._store.now(), self._account.human
            parcel, psid = await self._store.insist(conversation, _next, conversation, human, now, done, paused)
            if isinstance(parcel, Parcel):
                return await self._try(parcel, psid)
            if isinstance(parcel, datetime):
                self._wake_at(conversation, parcel)
            elif parcel is not None:
                self._stopped(conversation, parcel)
            return None

    async def _try(self, parcel: Parcel, psid: str) -> Arrival | None:
        messages = rendered(parcel.content)
        if parcel.part >= len(messages):
            # An earlier version of the program made more parts of it.
            return parcel, True, None
        message = messages[parcel.part]
        last = parcel.part + 1 >= len(messages)
        try:
            for each in plain(message) if parcel.plain else [message]:
                await self._graph.send(psid, each)
        except GraphError as error:
            return await self._refused(parcel, message, last, error)
        except Unreachable as error:
            return await self._put_off(parcel, str(error), doubtful=False)
        except Unknown as error:
            if parcel.unknown < MAX_DOUBTFUL:
                return await self._put_off(parcel, str(error), doubtful=True)
            self._count(parcel.conversation, PRESUMED, str(error))
            return parcel, last, PRESUMED
        self.counts["sent"] += 1
        return parcel, last, None

    async def _put_off(self, parcel: Parcel, why: str, doubtful: bool, least_s: float = 0) -> None:
        self._count(parcel.conversation, "doubtful" if doubtful else "again", why)
        wait_s = backoff_s(parcel.attempts) * (DOUBT_WAITS if doubtful else 1)
        until = self._store.now() + timedelta(seconds=max(wait_s, least_s))
        await self._store.insist(parcel.conversation, delivering.put_off, parcel, until, doubtful)
        self._wake_at(parcel.conversation, until)

    async def _refused(self, parcel: Parcel, message: Message, last: bool, error: GraphError) -> Arrival | None:
        conversation, verdict = parcel.conversation, error.verdict
        if verdict == AGAIN:
            return await self._put_off(parcel, str(error), doubtful=False)
        if verdict == PERMISSION:
            logger.error(_ALARM, f"the application lacks a permission, this person waits {TOKEN_PAUSE_S} s", error)
            return await self._put_off(parcel, str(error), doubtful=False, least_s=TOKEN_PAUSE_S)
        if verdict == TOKEN:
            self._token_until = asyncio.get_running_loop().time() + TOKEN_PAUSE_S
            logger.error(_ALARM, f"the page's token is refused, nothing is sent for {TOKEN_PAUSE_S} s", error)
            return await self._put_off(parcel, str(error), doubtful=False)
        if verdict in (WINDOW, UNAVAILABLE, HUMAN):
            self._stopped(conversation, verdict)
            await self._store.insist(conversation, delivering.stop, conversation, verdict)
            return None
        # Our fault: the operator hears of it, and the person reads it in plain words, if it was more than that.
        self._count(conversation, REFUSED, str(error))
        logger.error(_ALARM, "a message of ours was refused", error)
        if parcel.plain or not ("attachment" in message or "quick_replies" in message):
            return parcel, last, REFUSED
        await self._store.insist(conversation, delivering.make_plain, parcel, self._store.now())
        self.wake(conversation)
        return None

    def _stopped(self, conversation: str, reason: str) -> None:
        self._count(conversation, f"stopped: {reason}", "nothing more is sent for now")

    def _count(self, conversation: str, what: str, why: str) -> None:
        self.counts[what] += 1
        logger.warning("conversation %s: Messenger, %s (%s)", conversation, what, why)

    def _wake_at(self, conversation: str, until: datetime) -> None:
        """Do not wait for the sweep."""
        delay_s = max(0.0, (until - self._store.now()).total_seconds())
        asyncio.get_running_loop().call_later(delay_s, self.wake, conversation)

    def seen(self, psid: str) -> None:
        """Show someone that their message was seen and that an answer is being made; whatever becomes of it, nothing waits."""
        if self._sending.stopping or self._acting >= ACTIONS_AT_ONCE:
            return
        self._acting += 1
        self._do_aside(self._act(psid))

    async def _act(self, psid: str) -> None:
        try:
            for action in ("mark_seen", "typing_on"):
                await self._actions.act(psid, action)
        except (GraphError, Unreachable, Unknown) as error:
            self.counts["actions failed"] += 1
            logger.info("Messenger: a sender action failed (%s)", error)
        finally:
            self._acting -= 1

    async def erase(self, conversation: str, answered: int) -> str | None:
        """Erase a conversation, as its message `answered` asks, and tell its person; return the conversation where what they wrote
        after it waits, if anything does. Nothing else is held of them then: a process that stops now tells nothing."""
        gone = await self._store.insist(conversation, erase_thread, conversation, answered, self._store.now())
        if gone is None:
            return None
        self.farewell(gone.psid, gone.proof)
        return gone.following

    def farewell(self, psid: str, proof: str) -> None:
        """Tell someone that their conversation is erased, under the number `proof`."""
        self._do_aside(self._say_farewell(psid, FAREWELL.format(said=sentence("erased"), proof=proof)))

    async def _say_farewell(self, psid: str, text: str) -> None:
        for attempts in range(1, 8):
            try:
                await self._graph.send(psid, {"text": text})
                return
            except (GraphError, Unreachable, Unknown) as error:
                if isinstance(error, GraphError) and error.verdict != AGAIN:
                    logger.error(_ALARM, "an erasure could not be confirmed to its person", error)
                    return
                await asyncio.sleep(backoff_s(attempts))
        logger.error(_ALARM, "an erasure could not be confirmed to its person", "Graph does not answer")

    def _do_aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _sweep(self) -> None:
        for rounds in count():
            try:
                now = self._store.now()
                for conversation in await self._store.look(delivering.due, now):
                    self.wake(conversation)
                if rounds % (FORGET_S // SWEEP_S) == 0:
                    await self._store.run(forget, now)
            except Exception as error:  # noqa: BLE001 - whatever it is, the outbox is searched again
                logger.error("the outbox could not be searched (%s at %s)", type(error).__name__, place_of(error))
            await asyncio.sleep(SWEEP_S)


def _next(
    session: Session, conversation: str, human: timedelta, now: datetime, done: Arrival | None, paused: bool
) -> tuple[Parcel | datetime | str | None, str]:
    """Note what is `done`, then return what to send next to whom, as `delivering.take` does, and nothing while all is `paused`; WINDOW or
    HUMAN once everything was given up for that reason."""
    if done is not None:
        delivering.arrived(session, *done)
    thread = thread_of(session, conversation)
    if thread is None or paused:
        return None, ""
    held = is_humans(hold_of(session, thread.page_id, thread.psid), human, now)
    reason = WINDOW if now - thread.heard_at >= WINDOW_OPEN else HUMAN if held else None
    if reason:
        return (reason if delivering.stop(session, conversation, reason) else None), ""
    return delivering.take(session, conversation, now), thread.psid
