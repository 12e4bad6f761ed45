"""Talks to a running server, as the widget does (docs/widget-protocol.md)."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import httpx

from cli.errors import CommandError

TIMEOUT_S = 60
ANSWERED_IN_TRIES = 6
# How long a server that says that we write too fast is waited for.
PATIENCE_S = 180
# After these, the next message begins another conversation.
_OVER = ("erased", "no_conversation")
_SILENT = "Le serveur ne répond pas à {url} ({why})\u00a0: démarrez-le avec «\u00a0aiguilleur serve\u00a0»."
_ANOTHER = "{url} ne répond pas comme un serveur d’Aiguilleur (code {code})\u00a0: vérifiez l’adresse de --url."
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
        said = {"choice": line["payload"]} if "payload" in line else {"text": line["text"]}
        try:
            if name not in self._tokens:
                begun = await self._ask("POST", "conversations", None, {"keep": False, "notice": "terminal"})
                self._tokens[name] = begun["token"]
            answer = await self._said(self._tokens[name], {"id": uuid4().hex, **said})
        except _Refused as refused:
            if refused.code in _OVER:
                self._tokens.pop(name, None)
            answer = {"replies": [{"text": refused.sentence, "buttons": [], "cards": []}]}
        return {"conversation": line["conversation"], **NOTHING_READ, **answer}

    async def _said(self, token: str, message: dict[str, str]) -> dict[str, Any]:
        seq = (await self._ask("POST", "messages", token, message))["message"]["seq"]
        for _ in range(ANSWERED_IN_TRIES):
            if (await self._ask("GET", f"messages?after={seq}&wait=20", token))["messages"]:
                break
        else:
            raise CommandError(_SILENT.format(url=self._url, why="pas de réponse"))
        whole = await self._ask("GET", f"messages?after={seq - 1}&reading=1", token)
        replies = [_neutral(each) for each in whole["messages"] if each.get("answers") == seq]
        return {"replies": replies, **(whole["messages"][0]["reading"] or {})}

    async def _ask(self, method: str, path: str, token: str | None, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the object that the server answers; waits when it says that we write too fast.

        Raises:
            _Refused: the server refuses, in French.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else None
        # Escaped: a lone surrogate has no UTF-8, and httpx would fail on it.
        content = None if body is None else json.dumps(body).encode("ascii")
        waited_s = 0.0
        while True:
            try:
                answer = await self._client.request(method, f"/widget/v1/{path}", content=content, headers=headers)
            except httpx.HTTPError as error:
                raise CommandError(_SILENT.format(url=self._url, why=type(error).__name__)) from None
            told = _object(answer)
            if answer.status_code < 400 and told:
                return told
            if not isinstance(told.get("error"), dict) or (answer.status_code == 404 and path == "conversations"):
                raise CommandError(_ANOTHER.format(url=self._url, code=answer.status_code))
            if answer.status_code != 429 or waited_s > PATIENCE_S:
                raise _Refused(told["error"]["code"], told["error"]["message"])
            waited_s += (pause_s := int(answer.headers.get("Retry-After", "1")))
            await asyncio.sleep(pause_s)


class _Refused(Exception):
    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code, self.sentence = code, sentence


def _neutral(reply: dict[str, Any]) -> dict[str, Any]:
    buttons = [{"title": button["title"], "payload": button["id"]} for button in reply["buttons"]]
    return {"text": reply["text"], "buttons": buttons, "cards": reply["cards"]}


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
