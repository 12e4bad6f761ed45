"""Signed texts that expire, on the console's own clock."""

import hashlib
from datetime import datetime
from typing import Any

from flask import current_app
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from console import clock


class _Signer(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


class _Serializer(URLSafeTimedSerializer):
    default_signer = _Signer


def signed(value: Any, purpose: str) -> str:
    """Return `value` as a text that only this console can have made, for `purpose` alone."""
    return _serializer(purpose).dumps(value)


def unsigned(text: str, purpose: str, max_age_s: int) -> tuple[Any, datetime]:
    """Return the value of a text signed for `purpose` less than `max_age_s` ago, and when it was signed.

    Raises:
        BadSignature: it was made elsewhere, for something else, or too long ago.
    """
    return _serializer(purpose).loads(text, max_age=max_age_s, return_timestamp=True)


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return _Serializer(current_app.secret_key, salt=f"console {purpose}", signer_kwargs={"digest_method": hashlib.sha256})
