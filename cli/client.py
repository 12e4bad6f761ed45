"""Talks to a running server, as a web page does: a conversation is begun, then messages are sent."""

import json
from typing import Any

import httpx

from cli.errors import CommandError

TIMEOUT_S = 60
# What a refusal leaves out: nothing was understood.
NOTHING_READ: dict[str, Any] = {"intent": {"name": None, "confidence": 0.0}, "entities": [], "latency_ms": 0.0}


class RemoteConversations:
    """Conversations on a server at `url`, one a name; an asynchronous context, at the end of which no connection is open."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._tokens: dict[str, str] = {}

    async def __aenter__(self) -> "RemoteConversations":
        try:
            self._client = httpx.AsyncClient(base_url=self._url.rstrip("/"), timeout=TIMEOUT_S)
        except httpx.InvalidURL as error:
            raise CommandError(f"{self._url} n’est pas une adresse ({error}); donnez par exemple --url http://127.0.0.1:5005") from None
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def talk(self, line: dict[str, Any]) -> dict[str, Any]:
        """Return the reply object to a line's object; a refusal of the server is a reply too.

        Raises:
            CommandError: nothing answers at the address, or not as ours does.
        """
        name = str(line["conversation"])
        if name not in self._tokens:
            self._tokens[name] = (await self._post("conversations", {}, "token"))["token"]
        body = {k: line[k] for k in ("text", "payload") if k in line}
        answer = await self._post("messages", body, "replies", {"Authorization": f"Bearer {self._tokens[name]}"})
        return {"conversation": line["conversation"], **NOTHING_READ, **answer}

    async def _post(self, path: str, body: dict[str, str], expected: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """Return the object that the server answers, whatever its status, once it holds the field `expected`."""
        # Escaped: a lone surrogate has no UTF-8, and httpx would fail on it.
        content = json.dumps(body).encode("ascii")
        try:
            answer = await self._client.post(f"/webhooks/web/{path}", content=content, headers=headers)
        except httpx.HTTPError as error:
            raise CommandError(
                f"Le serveur ne répond pas à {self._url} ({type(error).__name__})\u00a0: démarrez-le avec «\u00a0aiguilleur serve\u00a0»."
            ) from None
        told = _object(answer)
        if expected not in told:
            raise CommandError(
                f"{self._url} ne répond pas comme un serveur d’Aiguilleur (code {answer.status_code})\u00a0: vérifiez l’adresse de --url."
            )
        return told


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
