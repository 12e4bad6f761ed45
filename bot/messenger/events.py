"""What a webhook of Meta's holds, read once: what a person said or pressed, who answers the thread now. The rest is left out.

Source: developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events. Whatever is missing or
malformed in an element, the others are read.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.unreadable import FILE, OTHER, PHOTO, PLACE, STICKER, THUMB, VIDEO, VOICE

logger = logging.getLogger(__name__)
_KINDS = {"image": PHOTO, "video": VIDEO, "audio": VOICE, "file": FILE, "location": PLACE}
# What Messenger attaches by itself to a text with a link.
_BESIDE_TEXT = {"fallback", "share", "template"}
# The thumb beside the field of Messenger, in its three sizes.
_THUMBS = {369239263222822, 369239343222814, 369239383222810}
_ID = re.compile(r"\d{1,32}")
# Meta's clock and ours differ by less.
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Said:
    """What a person sent: a `text`, a button (`payload`, under the title that was seen in `text`), or what cannot be read (`unread`).

    `digest` is the same for a redelivery.
    """

    psid: str
    digest: str
    at: datetime
    text: str = ""
    payload: str | None = None
    unread: bool = False


@dataclass(frozen=True)
class Held:
    """Who answers a thread from `at` on: a person of the page, or us."""

    psid: str
    at: datetime
    by_human: bool


def events_of(body: object, page_id: str, app_id: str, now: datetime) -> Iterator[Said | Held]:
    """Yield what concerns us of a webhook's JSON, in its order, whatever else it holds."""
    for entry in _objects(body, "entry"):
        if entry.get("id") != page_id:
            continue
        for event in _objects(entry, "messaging"):
            yield from _read(_Reading(event, page_id, app_id, now).events)
        for event in _objects(entry, "standby"):
            yield from _read(_Reading(event, page_id, app_id, now).standby)


def _read(element: Callable[[], Iterator[Said | Held]]) -> list[Said | Held]:
    """Return what an element holds; nothing, when it is like none that Meta describes: no redelivery would mend it."""
    try:
        return [*element()]
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        logger.error("an element of a webhook could not be read (%s)", type(error).__name__)
        return []


def _objects(holder: object, name: str) -> list[Mapping[str, Any]]:
    held = holder.get(name) if isinstance(holder, dict) else None
    return [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []


def _part(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = holder.get(name)
    return part if isinstance(part, dict) else {}


class _Reading:
    """One element of `messaging` or of `standby`."""

    def __init__(self, event: Mapping[str, Any], page_id: str, app_id: str, now: datetime) -> None:
        self._event, self._page_id, self._app_id = event, page_id, app_id
        self._at = _moment(event.get("timestamp"), now)
        self._message = _part(event, "message")

    def events(self) -> Iterator[Said | Held]:
        if self._message.get("is_echo"):
            yield from self._echo()
        elif self._message:
            yield from self._said()
        elif "postback" in self._event:
            yield from self._postback()
        else:
            yield from self._handover()

    def standby(self) -> Iterator[Held]:
        """What is heard while the thread is another application's says that it is."""
        psid = _person(self._event, "recipient" if self._message.get("is_echo") else "sender", self._page_id)
        if psid and (self._message or "postback" in self._event):
            yield Held(psid, self._at, by_human=True)

    def _echo(self) -> Iterator[Held]:
        psid = _person(self._event, "recipient", self._page_id)
        if psid and str(self._message.get("app_id")) != self._app_id:
            yield Held(psid, self._at, by_human=True)

    def _said(self) -> Iterator[Said]:
        psid, mid, message = _person(self._event, "sender", self._page_id), self._message.get("mid"), self._message
        if not psid or not isinstance(mid, str) or not mid:
            return
        text = message.get("text") if isinstance(message.get("text"), str) else ""
        pressed = _part(message, "quick_reply").get("payload")
        if isinstance(pressed, str) and pressed:
            yield Said(psid, _digest(mid), self._at, text, pressed)
            return
        if text:
            yield Said(psid, _digest(mid), self._at, text)
        attached = _attached(message, beside_text=bool(text))
        if attached:
            yield Said(psid, _digest(mid, "attached"), self._at, attached, unread=True)

    def _postback(self) -> Iterator[Said]:
        psid, postback = _person(self._event, "sender", self._page_id), _part(self._event, "postback")
        payload, title, mid = postback.get("payload"), postback.get("title"), postback.get("mid")
        if not psid or not isinstance(payload, str) or not payload:
            return
        # Before v11, a postback had no id.
        digest = _digest(mid) if isinstance(mid, str) and mid else _digest(psid, str(self._event.get("timestamp")), payload)
        yield Said(psid, digest, self._at, title if isinstance(title, str) else "", payload)

    def _handover(self) -> Iterator[Held]:
        """Conversation routing tells the new owner; taking tells the old one, which we were."""
        psid = _person(self._event, "sender", self._page_id)
        for name in ("pass_thread_control", "take_thread_control"):
            if psid and isinstance(self._event.get(name), dict):
                ours = str(self._event[name].get("new_owner_app_id")) == self._app_id
                yield Held(psid, self._at, by_human=not ours)


def _attached(message: Mapping[str, Any], beside_text: bool) -> str:
    attachments = _objects(message, "attachments")
    if beside_text:
        attachments = [each for each in attachments if str(each.get("type")) not in _BESIDE_TEXT]
    stickers = [message.get("sticker_id"), *(_part(each, "payload").get("sticker_id") for each in attachments)]
    if any(sticker in _THUMBS for sticker in stickers if isinstance(sticker, int)):
        return THUMB
    if any(stickers):
        return STICKER
    kinds = [each.get("type") for each in attachments]
    if kinds:
        return _KINDS.get(kinds[0], OTHER) if isinstance(kinds[0], str) else OTHER
    return OTHER if message.get("is_unsupported") and not beside_text else ""


def _person(event: Mapping[str, Any], side: str, page_id: str) -> str:
    found = _part(event, side).get("id")
    return found if isinstance(found, str) and _ID.fullmatch(found) and found != page_id else ""


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _moment(milliseconds: object, now: datetime) -> datetime:
    """Return a time of Meta's; now, when there is none or it cannot be."""
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool) or not 0 < milliseconds < 2**43:
        return now
    at = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    return at if at <= now + _AHEAD else now
