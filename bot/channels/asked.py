"""What a body of the widget's protocol asks, read once and strictly; what the protocol does not name is dropped."""

import re
from collections.abc import Mapping
from typing import Any

from sanic.request import Request

from bot.channels.refusals import Refused
from bot.conversations.inbox import Incoming
from bot.conversations.models import CHOICE, RATINGS, REASONS, RESTART, TEXT
from bot.conversations.results import WHOLE
from bot.door import enter

MAX_BODY_BYTES = 16_384
MAX_COMMENT = 500
MAX_CONTEXT = 100
RESTARTED = "Recommencer"
# More than a 32-bit number of the database would fail there.
_MAX_SEQ = 2**31 - 1
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_NOTICE = re.compile(r"[A-Za-z0-9._-]{1,32}")


def body_of(request: Request) -> Mapping[str, Any]:
    """Return the object that a request holds.

    Raises:
        Refused: it is too long, or no object in JSON.
    """
    if len(request.body) > MAX_BODY_BYTES:
        raise Refused("too_long")
    try:
        body = request.json
    except Exception:  # noqa: BLE001 - whatever the parser raises, the body is not ours
        raise Refused("bad_request") from None
    if not isinstance(body, dict):
        raise Refused("bad_request")
    return body


def beginning_of(body: Mapping[str, Any]) -> tuple[bool, str, list[str]]:
    """Return whether the conversation is kept, the version of the notice, and the texts of the page's context.

    Raises:
        Refused: one of them is not what the protocol says.
    """
    context = [body[name] for name in ("place", "programme") if body.get(name) is not None]
    if not isinstance(body.get("keep"), bool) or not _matches(_NOTICE, body.get("notice")):
        raise Refused("bad_request")
    if not all(isinstance(each, str) and len(each) <= MAX_CONTEXT for each in context):
        raise Refused("bad_request")
    return body["keep"], body["notice"], [text for each in context if (text := enter(each).text)]


def message_of(body: Mapping[str, Any]) -> Incoming:
    """Return the message of a body, past the door.

    Raises:
        Refused: it is none, or nothing is left of it.
    """
    if not _matches(_ID, body.get("id")) or sum(name in body for name in ("text", "choice", "restart")) != 1:
        raise Refused("bad_request")
    text, choice = body.get("text"), body.get("choice")
    if isinstance(text, str) and (entered := enter(text)).text:
        return Incoming(body["id"], TEXT, entered)
    if isinstance(choice, str) and 0 < len(choice) <= 16 and choice.isascii() and choice.isprintable():
        return Incoming(body["id"], CHOICE, choice_id=choice)
    if body.get("restart") is True:
        return Incoming(body["id"], RESTART, enter(RESTARTED))
    raise Refused("bad_request")


def judgement_of(body: Mapping[str, Any]) -> tuple[int, dict[str, str | None]]:
    """Return the number of the message judged (`WHOLE` for the conversation), and what is thought of it.

    Raises:
        Refused: it is not what the protocol says.
    """
    seq = WHOLE if "message" in body and body["message"] is None else seq_of(body)
    rating, reason, comment = body.get("rating"), body.get("reason"), body.get("comment")
    if rating not in RATINGS or reason not in (None, *REASONS) or not isinstance(comment, str | None):
        raise Refused("bad_request")
    if comment is not None and len(comment) > MAX_COMMENT:
        raise Refused("bad_request")
    return seq, {"rating": rating, "reason": reason, "comment": comment and enter(comment).text}


def seq_of(body: Mapping[str, Any]) -> int:
    """Return the number of the message that a body names.

    Raises:
        Refused: it names none.
    """
    seq = body.get("message")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 1 <= seq <= _MAX_SEQ:
        raise Refused("bad_request")
    return seq


def number_of(request: Request, name: str, most: int) -> int:
    """Return the whole number of a query, 0 when it is not given.

    Raises:
        Refused: it is none, or is out of bounds.
    """
    text = request.args.get(name, "0")
    if not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) > most:
        raise Refused("bad_request")
    return int(text)


def after_of(request: Request) -> int:
    """Return the number above which messages are fetched.

    Raises:
        Refused: it is none.
    """
    return number_of(request, "after", _MAX_SEQ)


def _matches(pattern: re.Pattern, value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
