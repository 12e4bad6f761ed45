"""The web channel: begin a conversation, send a message or a pressed button. The widget is built on it.

The server names the conversations: a signed, expiring token stands for each, and no client can choose one.
"""

import secrets
from typing import Any

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

from itsdangerous import BadSignature, URLSafeTimedSerializer
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.assistant import Assistant

TOKEN_LIFETIME_S = 24 * 3600
MAX_BODY_BYTES = 16_384
TOO_LARGE = "Votre message est trop long\u00a0: écrivez-le en quelques phrases."
_BAD_TOKEN = "Cette conversation a expiré\u00a0: rechargez la page pour en commencer une autre."
_BAD_BODY = "Je n’ai pas pu lire ce message\u00a0: réessayez avec une phrase simple."


class WebInput(InputChannel):
    """POST conversations → {"token"}; POST messages {"text"} or {"payload"} → the turn's replies."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="conversation")
        self.assistant: Assistant | None = None

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its path under /webhooks."""
        return "web"

    def blueprint(self, _on_new_message: Any) -> Blueprint:
        """Return the routes of the channel; turns go through the assistant, which holds the door."""
        webhook = Blueprint("web_webhook", "web")

        @webhook.post("/conversations")
        async def begin(_request: Request) -> HTTPResponse:
            return response.json({"token": self._signer.dumps(f"web:{secrets.token_urlsafe(24)}")})

        @webhook.post("/messages")
        async def message(request: Request) -> HTTPResponse:
            return await self._message(request)

        return webhook

    async def _message(self, request: Request) -> HTTPResponse:
        conversation = self._conversation(request.headers.get("Authorization", ""))
        if conversation is None:
            return refusal(_BAD_TOKEN, 401)
        if len(request.body) > MAX_BODY_BYTES:
            return refusal(TOO_LARGE, 413)
        body = _body(request)
        if body is None:
            return refusal(_BAD_BODY, 400)
        if "payload" in body:
            turned = await self.assistant.press(conversation, body["payload"], "web")
        else:
            turned = await self.assistant.say(conversation, body["text"], "web")
        return response.json(
            {"replies": turned.replies, "intent": turned.intent, "entities": turned.entities, "latency_ms": turned.latency_ms},
            ensure_ascii=False,
        )

    def _conversation(self, header: str) -> str | None:
        try:
            return self._signer.loads(header.removeprefix("Bearer "), max_age=TOKEN_LIFETIME_S)
        except BadSignature:
            return None


def _body(request: Request) -> dict[str, str] | None:
    try:
        body = request.json
    except Exception:  # noqa: BLE001 - whatever the parser raises, the body is not ours
        return None
    if not isinstance(body, dict) or not any(isinstance(body.get(k), str) for k in ("text", "payload")):
        return None
    return {k: body[k] for k in ("text", "payload") if isinstance(body.get(k), str)}


def refusal(text: str, status: int) -> HTTPResponse:
    """Return a refusal as a reply that the page shows."""
    return response.json({"replies": [{"text": text, "buttons": [], "cards": []}]}, status=status, ensure_ascii=False)
