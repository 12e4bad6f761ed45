"""The Graph API: each call has a time-out, a bearer token and its proof, and tells apart what failed for sure from what may have been done.

Sources: developers.facebook.com/documentation/business-messaging/messenger-platform, error-codes (page of 2026-03-18), send-messages,
messenger-profile-api, conversation-routing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from bot.messenger.account import Account
from bot.messenger.signatures import appsecret_proof

TIMEOUT = httpx.Timeout(10, connect=5)
WHOLE_S = 15
# What Messenger calls an answer to a message, within its window. No tag is ever sent.
RESPONSE = "RESPONSE"
AGAIN, TOKEN, PERMISSION, WINDOW = "again", "token", "permission", "window"
UNAVAILABLE, HUMAN, REFUSED = "unavailable", "human", "refused"
_BY_CODE = {1: AGAIN, 2: AGAIN, 4: AGAIN, 17: AGAIN, 32: AGAIN, 613: AGAIN, 80006: AGAIN, 190: TOKEN, 551: UNAVAILABLE, 230: UNAVAILABLE}
_BY_SUBCODE = {(10, 2018278): WINDOW, (10, 2018300): HUMAN, (200, 1545041): UNAVAILABLE}


class GraphError(Exception):
    """Graph refused: nothing was done. `verdict` says what to do of it; the trace is what Meta's support asks for; `of_proof` that the
    refusal names `appsecret_proof`."""

    def __init__(self, status: int, code: int | None, subcode: int | None, trace: str = "", of_proof: bool = False) -> None:
        super().__init__(f"HTTP {status}, code {code}, subcode {subcode}, trace {trace}")
        self.status, self.code, self.subcode, self.trace, self.of_proof = status, code, subcode, trace, of_proof

    @property
    def verdict(self) -> str:
        """AGAIN: later. TOKEN: nothing passes until the operator mends it. PERMISSION: nothing passes to this person, until then. WINDOW,
        UNAVAILABLE, HUMAN: not to this person now. REFUSED: our fault."""
        found = _BY_SUBCODE.get((self.code, self.subcode)) or _BY_CODE.get(self.code)
        if found is None and (self.code == 10 or 200 <= (self.code or 0) < 300):
            return PERMISSION
        return found or (AGAIN if self.status >= 500 or self.status == 429 else REFUSED)


class Unreachable(Exception):
    """No connection was made: nothing was done."""


class Unknown(Exception):
    """The request went, and no readable answer came: it may have been done."""


class Graph:
    """The calls of one page. Close it at the end."""

    def __init__(self, account: Account, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._account = account
        self._proof = {"appsecret_proof": appsecret_proof(account.page_token, account.app_secret)}
        self._client = httpx.AsyncClient(
            base_url=f"{account.graph_url}/{account.graph_version}",
            headers={"Authorization": f"Bearer {account.page_token}"},
            timeout=TIMEOUT,
            transport=transport,
            # A proxy of the machine would read what people say.
            trust_env=False,
        )

    async def send(self, psid: str, message: Mapping[str, Any]) -> str:
        """Return the id of a message that a person was sent.

        Raises:
            GraphError, Unreachable, Unknown: as their names say.
        """
        body = {"recipient": {"id": psid}, "messaging_type": RESPONSE, "message": message}
        answer = await self._post(f"/{self._account.page_id}/messages", body)
        if not isinstance(answer.get("message_id"), str):
            raise Unknown("no message_id")
        return answer["message_id"]

    async def act(self, psid: str, action: str) -> None:
        """Show the person that their message was seen (`mark_seen`) or that an answer is being written (`typing_on`).

        Raises:
            GraphError, Unreachable, Unknown: as their names say.
        """
        await self._post(f"/{self._account.page_id}/messages", {"recipient": {"id": psid}, "sender_action": action})

    async def profile(self, fields: Sequence[str]) -> dict[str, Any]:
        """Return those of the `fields` that the page's profile has.

        Raises:
            GraphError, Unreachable, Unknown: as their names say.
        """
        answer = await self.get("/me/messenger_profile", fields=",".join(fields))
        found = answer.get("data")
        return {name: value for each in found if isinstance(each, dict) for name, value in each.items()} if isinstance(found, list) else {}

    async def set_profile(self, fields: Mapping[str, Any]) -> None:
        """Set `fields` of the page's profile.

        Raises:
            GraphError, Unreachable, Unknown: as their names say.
        """
        await self._post("/me/messenger_profile", dict(fields))

    async def subscribe(self, fields: Sequence[str]) -> None:
        """Have the page's events of these kinds sent to the application's webhook.

        Raises:
            GraphError, Unreachable, Unknown: as their names say.
        """
        await self._post(f"/{self._account.page_id}/subscribed_apps", {"subscribed_fields": list(fields)})

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        """Return what a path answers.

        Raises:
            GraphError, Unreachable, Unknown: as their names say.
        """
        return await self._ask("GET", path, params={**query, **self._proof})

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return await self._ask("POST", path, json={**body, **self._proof})

    async def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            # httpx's own limits are of each step: an answer that trickles in would have none.
            answer = await asyncio.wait_for(self._client.request(method, path, **options), WHOLE_S)
        except asyncio.TimeoutError:
            raise Unknown("TimeoutError") from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreachable(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise Unknown(type(error).__name__) from None
        return _read(answer)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _read(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        told = None
    error = told.get("error") if isinstance(told, dict) else None
    if isinstance(error, dict):
        of_proof = "appsecret_proof" in str(error.get("message"))
        raise GraphError(answer.status_code, _number(error, "code"), _number(error, "error_subcode"), _trace(error), of_proof)
    if answer.status_code == 429 or answer.status_code >= 500:
        raise GraphError(answer.status_code, None, None)
    if answer.status_code >= 300 or not isinstance(told, dict):
        raise Unknown(f"HTTP {answer.status_code}")
    return told


def _number(error: Mapping[str, Any], name: str) -> int | None:
    return error[name] if isinstance(error.get(name), int) else None


def _trace(error: Mapping[str, Any]) -> str:
    """Return Meta's trace, signs of an id only: what it quotes is not ours to log."""
    trace = error.get("fbtrace_id")
    return "".join(sign for sign in trace[:64] if sign.isalnum() or sign in "-_") if isinstance(trace, str) else ""
