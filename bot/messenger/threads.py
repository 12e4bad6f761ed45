"""Messenger's threads: an event becomes a message of the inbox once, whoever answers the thread now.

Each function runs within the transaction of its caller. Everything here may come twice, late or out of order: times only go forward.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.conversations import inbox, outbox
from bot.conversations.erasing import erase
from bot.conversations.errors import TooManyWaiting
from bot.conversations.inbox import LOCKED, Begun, Incoming
from bot.conversations.models import (
    CHOICE,
    HUMAN,
    LAPSE,
    MEDIA,
    RECEIVED,
    RESTART,
    TEXT,
    Choice,
    Conversation,
    Event,
    Hold,
    Inbound,
    Outbound,
    Thread,
)
from bot.conversations.unique import add_once
from bot.door import Entered, enter
from bot.messenger import holds
from bot.messenger.account import Account
from bot.messenger.events import Held, Said
from bot.messenger.menu import GET_STARTED, RESTARTS, STANDING_OF
from bot.messenger.rendering import CHOICE as CHOICE_PREFIX
from bot.messenger.rendering import is_numbered
from bot.standing import STANDING
from bot.unreadable import EMPTY

logger = logging.getLogger(__name__)
CHANNEL = "messenger"
NOTICE_VERSION = "2026-11"
# Meta lets a page answer this long after its person's last message.
WINDOW = timedelta(hours=24)
# A person who comes back after as long is told again that a robot answers.
LAPSED = timedelta(hours=24)
# Meta takes no message back: what more people write waits, as long as it is not a flood.
MAX_WAITING = 50
BUSY = "Je n’ai pas encore répondu à vos derniers messages. Attendez ma réponse avant d’en écrire d’autres."
# Longer than Meta redelivers.
REMEMBERED = timedelta(days=7)
_CHOICE = re.compile(re.escape(CHOICE_PREFIX) + r"([A-Za-z0-9_-]{1,16})")
_NUMBER = re.compile(r"\s*(\d{1,2})\s*[.)]?\s*")


def take_in(session: Session, account: Account, events: Iterable[Said | Held], now: datetime) -> list[tuple[str, str]]:
    """Store what is new of `events`; return the conversations to answer, each with the id of its person."""
    woken = []
    # Rows are locked in one order, so that two batches never wait for one another; within a thread the order stays.
    for event in sorted(events, key=lambda each: each.psid):
        if isinstance(event, Held):
            holds.note(session, account.page_id, event, now)
        elif (conversation := _receive(session, account, event, now)) is not None:
            woken.append((conversation, event.psid))
    return woken


def _receive(session: Session, account: Account, said: Said, now: datetime) -> str | None:
    """Store what was said and return its conversation; None when it is a redelivery, or is not for us."""
    # The conversation first, as everywhere: two batches that hold the same event would wait for one another.
    found = _locked(session, account.page_id, said.psid)
    if not add_once(session, Event, digest=said.digest, taken_at=now):
        return None
    hold = holds.hold_of(session, account.page_id, said.psid)
    if holds.is_humans(hold, account.human, now):
        if found:
            found.heard_at = max(found.heard_at, said.at)
        return None
    thread = found or _begin(session, account.page_id, said.psid, said.at, now)
    before, thread.heard_at = thread.heard_at, max(thread.heard_at, said.at)
    reintroduce = HUMAN if holds.is_back(hold) else LAPSE if said.at - before >= LAPSED else None
    conversation = thread.conversation_id
    try:
        inbox.receive(session, conversation, _incoming(session, conversation, said, reintroduce), now, MAX_WAITING)
    except TooManyWaiting:
        _say_busy(session, conversation, now)
        return conversation
    if reintroduce == HUMAN:
        holds.take_back(hold)
    return conversation


def _locked(session: Session, page_id: str, psid: str) -> Thread | None:
    """Return the thread of someone, with its conversation locked, as whoever erases it does."""
    whose = (Thread.page_id == page_id, Thread.psid == psid)
    query = select(Conversation.id).join(Thread, Thread.conversation_id == Conversation.id).where(*whose)
    if session.execute(query.with_for_update(of=Conversation)).first() is None:
        return None
    return session.execute(select(Thread).where(*whose)).scalar_one_or_none()


def _begin(session: Session, page_id: str, psid: str, heard_at: datetime, now: datetime) -> Thread:
    """Begin a conversation; of two that begin at once, one fails on the database's rule, and is done again by its caller."""
    conversation = inbox.begin(session, Begun(CHANNEL, True, NOTICE_VERSION), None, now)
    thread = Thread(conversation_id=conversation, page_id=page_id, psid=psid, heard_at=heard_at)
    session.add(thread)
    session.flush()
    return thread


def _incoming(session: Session, conversation: str, said: Said, reintroduce: str | None) -> Incoming:
    """Return what was said, past the door; a button by its own id, when it is one of ours."""

    def made(kind: str, entered: Entered, choice_id: str | None = None) -> Incoming:
        return Incoming(said.digest, kind, entered, choice_id, reintroduce)

    if said.unread:
        return made(MEDIA, Entered(said.text))
    entered = enter(said.text)
    if said.payload is not None:
        return _pressed(session, conversation, said.payload, entered, made)
    if not entered.text:
        return made(MEDIA, Entered(EMPTY))
    by_number = _numbered(session, conversation, entered.text)
    return made(CHOICE, entered, by_number) if by_number else made(TEXT, entered)


def _pressed(session: Session, conversation: str, payload: str, seen: Entered, made) -> Incoming:
    if payload in RESTARTS:
        return made(RESTART, enter(RESTARTS[payload]))
    if standing := STANDING_OF.get(payload):
        title = seen.text if payload == GET_STARTED and seen.text else STANDING[standing]
        return made(CHOICE, seen, outbox.issue(session, conversation, {"title": title, "payload": standing}))
    issued = _CHOICE.fullmatch(payload)
    choice = session.get(Choice, issued[1]) if issued else None
    if choice is not None and choice.conversation_id == conversation:
        return made(CHOICE, seen, choice.id)
    # Not ours, or of a conversation that is over: its person is told so.
    logger.warning("conversation %s: a button that was not issued to it was pressed", conversation)
    return made(CHOICE, seen)


def _numbered(session: Session, conversation: str, text: str) -> str | None:
    """Return the id of the choice whose number was typed, when the last choices were listed by number."""
    typed = _NUMBER.fullmatch(text)
    if typed is None:
        return None
    last = select(Outbound.answers).where(Outbound.conversation_id == conversation).order_by(Outbound.seq.desc()).limit(1)
    ours = select(Outbound.content).where(
        Outbound.conversation_id == conversation, Outbound.answers.is_not_distinct_from(last.scalar_subquery())
    )
    for content in session.execute(ours.order_by(Outbound.seq.desc())).scalars():
        if buttons := content["buttons"]:
            number = int(typed[1])
            return buttons[number - 1]["id"] if is_numbered(buttons) and 1 <= number <= len(buttons) else None
    return None


def _say_busy(session: Session, conversation: str, now: datetime) -> None:
    """Tell once that there are too many messages, until one of them is answered."""
    query = select(Outbound).where(Outbound.conversation_id == conversation).order_by(Outbound.seq.desc()).limit(1)
    last = session.execute(query).scalar_one_or_none()
    if last is None or last.content["text"] != BUSY:
        outbox.greet(session, conversation, [{"text": BUSY, "buttons": [], "cards": []}], now)


def thread_of(session: Session, conversation: str) -> Thread | None:
    """Return the thread of a conversation."""
    return session.get(Thread, conversation)


@dataclass(frozen=True)
class Gone:
    """An erased conversation: whose it was, the proof, and the conversation where what they wrote afterwards waits."""

    psid: str
    proof: str
    following: str | None


def erase_thread(session: Session, conversation: str, answered: int, now: datetime) -> Gone | None:
    """Erase a conversation, as its message `answered` asks. What was written after it, and acknowledged, is for the next conversation.

    None when nothing is held under this name.
    """
    if session.execute(LOCKED, {"name": conversation}).first() is None or (thread := thread_of(session, conversation)) is None:
        return None
    page_id, psid, heard_at = thread.page_id, thread.psid, thread.heard_at
    after = (Inbound.conversation_id == conversation, Inbound.seq > answered, Inbound.status == RECEIVED)
    waiting = session.execute(select(Inbound).where(*after).order_by(Inbound.seq)).scalars().all()
    # The database keeps one thread a person: theirs moves on before the rest goes.
    following = None
    if waiting:
        following = inbox.begin(session, Begun(CHANNEL, True, NOTICE_VERSION), None, now)
        for seq, message in enumerate(waiting, start=1):
            message.conversation_id, message.seq, message.reintroduce = following, seq, None
        session.get(Conversation, following).last_seq = len(waiting)
        session.flush()
    session.expunge(thread)
    proof = erase(session, conversation, now)
    if following:
        session.add(Thread(conversation_id=following, page_id=page_id, psid=psid, heard_at=heard_at))
    return Gone(psid, proof, following)


def forget(session: Session, now: datetime) -> None:
    """Delete the digests that no redelivery can meet any more, and who answered whom as long ago."""
    for table, when in ((Event, Event.taken_at), (Hold, Hold.changed_at)):
        session.execute(delete(table).where(when < now - REMEMBERED).execution_options(synchronize_session=False))
