"""What is signed between Meta and us: webhooks, our requests, the requests to delete someone's data."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from typing import Any

# A request to delete that is as old is not one that Meta is making now.
FRESH = timedelta(hours=24)


def signature_of(body: bytes, app_secret: str) -> str:
    """Return the value of `X-Hub-Signature-256` for a body: sha256=, then its HMAC-SHA256 in hexadecimal, keyed by the app's secret."""
    return f"sha256={hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()}"


def is_signed(body: bytes, header: str | None, app_secret: str) -> bool:
    """The header is the signature of these very bytes; compared in constant time."""
    return header is not None and hmac.compare_digest(signature_of(body, app_secret).encode(), header.encode("utf-8", "replace"))


def appsecret_proof(token: str, app_secret: str) -> str:
    """Return the proof that a request with this token comes from whoever holds the app's secret."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def read_signed_request(text: str, app_secret: str, now: datetime) -> dict[str, Any] | None:
    """Return what a `signed_request` of Meta's says, when it is signed, complete (`user_id`) and neither expired nor old; else None.

    Source: developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback.
    """
    signature, _, payload = text.partition(".")
    expected = hmac.new(app_secret.encode(), payload.encode("utf-8", "replace"), hashlib.sha256).digest()
    try:
        if not hmac.compare_digest(expected, _decoded(signature)):
            return None
        said = json.loads(_decoded(payload))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return said if isinstance(said, dict) and _is_good(said, now) else None


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def _is_good(said: dict[str, Any], now: datetime) -> bool:
    if said.get("algorithm") != "HMAC-SHA256" or not isinstance(said.get("user_id"), str) or not said["user_id"]:
        return False
    issued, expires = _moment(said.get("issued_at")), _moment(said.get("expires"))
    if issued is None or not now - FRESH <= issued <= now + FRESH:
        return False
    return expires is None or expires > now


def _moment(seconds: object) -> datetime | None:
    """Return a time of Meta's; 0 is none."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < 2**33:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc)
