"""Talks to a running server, as a web page does: a conversation is begun, then messages are sent."""

from typing import Any

import httpx

from cli.errors import CommandError

TIMEOUT_S = 60


class RemoteConversation:
    """Conversations on a server at `url`, one a name."""

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(base_url=url.rstrip("/"), timeout=TIMEOUT_S)
        self._url = url
        self._tokens: dict[str, str] = {}

    async def talk(self, line: dict[str, Any]) -> dict[str, Any]:
        """Return the reply object to a line's object.

        Raises:
            CommandError: nothing answers at the address, or not as ours does.
        """
        name = str(line["conversation"])
        try:
            if name not in self._tokens:
                begun = await self._client.post("/webhooks/web/conversations")
                begun.raise_for_status()
                self._tokens[name] = begun.json()["token"]
            body = {k: line[k] for k in ("text", "payload") if k in line}
            answer = await self._client.post("/webhooks/web/messages", json=body, headers={"Authorization": f"Bearer {self._tokens[name]}"})
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise CommandError(
                f"le serveur ne répond pas à {self._url} ({type(error).__name__}); démarrez-le avec «\u00a0aiguilleur serve\u00a0»"
            ) from error
        return {**answer.json(), "conversation": line["conversation"]}
