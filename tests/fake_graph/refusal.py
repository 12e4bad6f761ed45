"""A refusal as Graph states it, and the small tests that every limit is made of."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from fake_graph.rules import RULES


@dataclass(frozen=True)
class Refusal:
    """Why a request was refused: the rule, what Graph answers, and the body that was refused."""

    rule: str
    message: str
    status: int = 400
    code: int = 100
    subcode: int | None = None
    body: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the answer of Graph."""
        return error_json(self.code, self.message, self.subcode)


def error_json(code: int, message: str, subcode: int | None = None) -> dict[str, Any]:
    """Return an error as Graph writes it, with a new trace."""
    error: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    return {"error": {**error, "fbtrace_id": "A" + secrets.token_urlsafe(8)}}


def refuse(rule_id: str, found: object = None, *, status: int = 400, code: int = 100, subcode: int | None = None) -> Refusal:
    """Return the refusal of a rule of the table; the message quotes its id and the shape of what was found, never what people write.

    A string given as `found` is told as it is.
    """
    told = "" if found is None else f"; found: {(found if isinstance(found, str) else size(found))[:80]}"
    return Refusal(rule_id, f"(#{code}) [{rule_id}] {RULES[rule_id].says}{told}", status, code, subcode)


def units(text: str) -> int:
    """Return the length in UTF-16 units, the strictest of the usual counts that are not bytes."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_text(value: object, limit: int) -> bool:
    """Say whether `value` is a text that is not blank, of at most `limit` UTF-16 units."""
    return isinstance(value, str) and bool(value.strip()) and units(value) <= limit


def is_address(value: object) -> bool:
    """Say whether `value` is a whole http or https address without a blank."""
    if not isinstance(value, str) or any(char.isspace() or ord(char) < 32 for char in value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def first(refusals: Iterable[Refusal | None]) -> Refusal | None:
    """Return the first refusal, or None when there is none."""
    return next((refusal for refusal in refusals if refusal), None)


def size(value: object) -> str:
    """Return how long a text or a list is, or what an object has, for the message of a refusal."""
    if isinstance(value, str):
        return f"{units(value)} UTF-16 units"
    if isinstance(value, dict):
        return "an object of " + ", ".join(sorted(map(str, value)))
    return f"{len(value)} items" if isinstance(value, list) else repr(value)
