"""Messenger's threads: an event becomes a message of the inbox once, whoever answers the thread now.

Each function runs within the transaction of its caller. Everything here may come twice, late or out of order: times only go forward.
"""

import logging
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.assistant import STANDING
from bot.conversations import inbox, outbox
from bot.conversations.errors import TooManyWaiting
from bot.conversations.inbox import Begun, Incoming
from bot.conversations.models import CHOICE, HUMAN, LAPSE, MEDIA, RESTART, TEXT, Choice, Event, Outbound, Thread
from bot.door import Entered, enter
from bot.messenger.account import Account
from bot.messenger.events import Held, Said
from bot.messenger.menu import GET_STARTED, RESTARTS, STANDING_OF
from bot.messenger.rendering import CHOICE as CHOICE_PREFIX
from bot.messenger.rendering import is_numbered
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
            _hold(session, account, event)
        elif (conversation := _receive(session, account, event, now)) is not None:
            woken.append((conversation, event.psid))
    return woken


def _hold(session: Session, account: Account, event: Held) -> None:
    thread = _find(session, account.page_id, event.psid)
    # A person whom the page wrote to first has no thread with us yet: the next event in standby says who holds it.
    if thread is None:
        return
    if event.by_human and (thread.bot_at is None or event.at > thread.bot_at):
        thread.human_at = max(event.at, thread.human_at or event.at)
    elif not event.by_human:
        thread.bot_at = max(event.at, thread.bot_at or event.at)


def is_humans(thread: Thread, human: timedelta, now: datetime) -> bool:
    """A person of the page answers this thread: they did less than `human` ago, and did not give it back."""
    if thread.human_at is None or (thread.bot_at is not None and thread.bot_at >= thread.human_at):
        return False
    return now - thread.human_at < human


def _receive(session: Session, account: Account, said: Said, now: datetime) -> str | None:
    """Store what was said and return its conversation; None when it is a redelivery, or is not for us."""
    # The thread first, as everywhere: two batches that hold the same event would wait for one another.
    found = _find(session, account.page_id, said.psid)
    if not _is_new(session, said.digest, now):
        return None
    thread = found or _begin(session, account.page_id, said, now)
    before, thread.heard_at = thread.heard_at, max(thread.heard_at, said.at)
    if is_humans(thread, account.human, now):
        return None
    conversation = thread.conversation_id
    incoming = _incoming(session, conversation, said, _reintroduced(thread, before, said.at))
    try:
        inbox.receive(session, conversation, incoming, now, MAX_WAITING)
    except TooManyWaiting:
        _say_busy(session, conversation, now)
    return conversation


def _is_new(session: Session, digest: str, now: datetime) -> bool:
    """The database keeps one row a digest: of those who write it at once, one does."""
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert
    return session.execute(insert(Event).values(digest=digest, taken_at=now).on_conflict_do_nothing()).rowcount == 1


def _find(session: Session, page_id: str, psid: str) -> Thread | None:
    query = select(Thread).where(Thread.page_id == page_id, Thread.psid == psid)
    return session.execute(query.with_for_update()).scalar_one_or_none()


def _begin(session: Session, page_id: str, said: Said, now: datetime) -> Thread:
    """Begin a conversation; of two that begin at once, one fails on the database's rule, and is done again by its caller."""
    conversation = inbox.begin(session, Begun(CHANNEL, True, NOTICE_VERSION), None, now)
    thread = Thread(conversation_id=conversation, page_id=page_id, psid=said.psid, heard_at=said.at)
    session.add(thread)
    session.flush()
    return thread


def _reintroduced(thread: Thread, before: datetime, at: datetime) -> str | None:
    if thread.human_at is not None:
        # What a person of the page wrote until now is over, whenever we hear of it.
        thread.human_at, thread.bot_at = None, max(thread.human_at, thread.bot_at or thread.human_at)
        return HUMAN
    return LAPSE if at - before >= LAPSED else None


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
    query = select(Outbound.content).where(Outbound.conversation_id == conversation).order_by(Outbound.seq.desc()).limit(3)
    for content in session.execute(query).scalars():
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


def forget_events(session: Session, now: datetime) -> int:
    """Delete the digests that no redelivery can meet any more; return how many."""
    gone = delete(Event).where(Event.taken_at < now - REMEMBERED).execution_options(synchronize_session=False)
    return session.execute(gone).rowcount
