"""The Page and the app that both sides know, and what is computed from their secrets."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any

INBOX_APP = "263902037430900"


@dataclass(frozen=True)
class Page:
    """A Facebook Page with the app that answers for it."""

    id: str
    app_id: str
    app_secret: str
    token: str
    verify_token: str
    name: str = "Page d’essai"

    @classmethod
    def example(cls) -> "Page":
        """Return a page of which every secret is a word of its own, so that a search of the logs finds it."""
        return cls(
            id="104027518999001",
            app_id="770011223344556",
            app_secret="canari-secret-0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            token="EAAcanarijeton0000000000000000000000000000000000000001",
            verify_token="canari-verification-6f2b",
        )

    @property
    def proof(self) -> str:
        """The `appsecret_proof` of the token."""
        return hmac.new(self.app_secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()

    def signature(self, body: bytes) -> str:
        """Return the value of `X-Hub-Signature-256` for these very bytes."""
        return "sha256=" + hmac.new(self.app_secret.encode(), body, hashlib.sha256).hexdigest()

    def signed_request(self, user_id: str, overrides: dict[str, Any]) -> str:
        """Return what Meta posts to a data deletion callback; `secret` among the overrides signs with another one."""
        secret = str(overrides.pop("secret", self.app_secret))
        payload = {"algorithm": "HMAC-SHA256", "issued_at": int(time.time()), "user_id": user_id, **overrides}
        told = _base64url(json.dumps(payload).encode())
        return _base64url(hmac.new(secret.encode(), told.encode(), hashlib.sha256).digest()) + "." + told


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
