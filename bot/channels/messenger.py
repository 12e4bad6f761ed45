"""The channel of Facebook Messenger: webhooks are checked, stored, acknowledged; all the rest is done from the inbox and the outbox.

The rules of Meta that it follows are F1 to F26 of docs/messenger-rules.md, each with its source and its test.
"""

import asyncio
import hmac
import json
import logging
import math
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import parse_qs

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channels.addresses import own_address
from bot.conversations.store import Store
from bot.dispatch import Dispatcher
from bot.messenger import deletion, signatures
from bot.messenger.account import Account
from bot.messenger.courier import Courier
from bot.messenger.events import Held, Said, events_of
from bot.messenger.threads import CHANNEL, take_in
from bot.pages import page
from directory.errors import place_of
from directory.text import day_of

logger = logging.getLogger(__name__)
# Real bodies passed 300 kB (github.com/nyaruka/courier/pull/508).
MAX_BODY_BYTES = 1_000_000
MAX_FORM_BYTES = 20_000
# Meta waits 5 s: before that, it is told to come again.
STORED_IN_S = 4
# When as many webhooks wait for the database, the next ones are told to come again at once.
MAX_STORING = 500
TOLD_EVERY_S = 60
# What an event itself is to blame for: redelivering it would mend nothing, and it must not stop the others.
_BAD_EVENT = (IntegrityError, DataError, ValueError, TypeError)
Handler = Callable[[Request], Awaitable[HTTPResponse]]
_MATCHED = "Vos données ont été effacées le {day}. Numéro de preuve\u00a0: {proof}."
_UNMATCHED = (
    "Votre demande du {day} est reçue. Facebook nous a donné un numéro qui ne correspond à aucune de nos conversations\u00a0: nous ne"
    " pouvons pas savoir lesquelles sont les vôtres. Toute conversation est effacée après 90\u00a0jours au plus. Pour effacer la vôtre"
    " tout de suite, écrivez «\u00a0efface ma conversation\u00a0» à la page, dans Messenger."
)
_NO_SUCH = "Aucune demande ne porte ce numéro, ou elle date de plus d’un an\u00a0: vérifiez l’adresse."


class MessengerInput(InputChannel):
    """The webhook of a page, and the deletion of data that Meta asks of us."""

    def __init__(self, account: Account, store: Store, dispatcher: Dispatcher, courier: Courier, request_s: float) -> None:
        self._account, self._store, self._dispatcher, self._courier = account, store, dispatcher, courier
        self._request_s = request_s
        self._storing: set[asyncio.Task] = set()
        self._told_at: dict[str, float] = {}

    @classmethod
    def name(cls) -> str:
        """Name of the channel."""
        return CHANNEL

    def blueprint(self, _on_new_message: Any) -> Blueprint:
        """Return the routes; turns go through the inbox, whose messages have passed the door."""
        routes = Blueprint("messenger")
        for method, path, handler, streamed in (
            ("GET", "/webhook", self._verify, False),
            ("POST", "/webhook", self._take_in, True),
            ("POST", "/suppression", self._delete, True),
            ("GET", "/suppression/<code:[A-Za-z0-9_-]+>", self._deletion, False),
        ):
            routes.add_route(_answered(handler), path, methods=[method], name=handler.__name__.strip("_"), stream=streamed)
        return routes

    async def _verify(self, request: Request) -> HTTPResponse:
        asked = {name: request.args.getlist(f"hub.{name}") or [] for name in ("mode", "verify_token", "challenge")}
        right = hmac.compare_digest("".join(asked["verify_token"]).encode("utf-8", "replace"), self._account.verify_token.encode())
        if not right or asked["mode"] != ["subscribe"] or any(len(given) != 1 for given in asked.values()):
            return _plain(403, "refused")
        return _plain(200, asked["challenge"][0])

    async def _take_in(self, request: Request) -> HTTPResponse:
        body = await self._body(request, MAX_BODY_BYTES)
        if not signatures.is_signed(body, request.headers.get("X-Hub-Signature-256"), self._account.app_secret):
            self._warn("Messenger: a webhook was refused, its signature is missing or is not that of the app's secret")
            return _plain(401, "not signed")
        now = self._store.now()
        if events := [*events_of(_parsed(body), self._account.page_id, self._account.app_id, now)]:
            if len(self._storing) >= MAX_STORING:
                self._warn("Messenger: %s webhooks wait for the database, the next ones are told to come again", MAX_STORING)
                return _plain(503, "later")
            storing = asyncio.create_task(self._store_and_wake(events, now))
            self._storing.add(storing)
            storing.add_done_callback(self._stored)
            # It goes on, should it take longer: what comes again then is known.
            await asyncio.wait_for(asyncio.shield(storing), STORED_IN_S)
        return _plain(200, "EVENT_RECEIVED")

    def _warn(self, text: str, *values: object) -> None:
        """Log what an operator must know, once a minute: anybody can cause it."""
        now = time.monotonic()
        if now - self._told_at.get(text, -math.inf) >= TOLD_EVERY_S:
            self._told_at[text] = now
            logger.warning(text, *values)

    def _stored(self, storing: asyncio.Task) -> None:
        """Take note of how a storing ended; nobody may wait for it any more."""
        self._storing.discard(storing)
        if not storing.cancelled() and storing.exception() is not None:
            logger.error("a webhook could not be stored (%s); Meta sends it again", type(storing.exception()).__name__)

    async def _store_and_wake(self, events: list[Said | Held], now: datetime) -> None:
        try:
            woken = await self._store.run(take_in, self._account, events, now)
        except _BAD_EVENT:
            for event in events:
                self._wake(await self._store_alone(event, now))
            return
        self._wake(woken)

    def _wake(self, woken: list[tuple[str, str]]) -> None:
        for conversation, psid in woken:
            self._courier.seen(psid)
            self._dispatcher.wake(conversation)

    async def _store_alone(self, event: Said | Held, now: datetime) -> list[tuple[str, str]]:
        """Store one event of a batch that the database refused. At the first try another process may have begun the same conversation; at
        the second, the event is one that no redelivery would mend, and must not stop the others."""
        for _ in range(2):
            try:
                return await self._store.run(take_in, self._account, [event], now)
            except _BAD_EVENT as error:
                failed = error
        logger.error("Messenger: an event is left out, storing it fails with %s at %s", type(failed).__name__, place_of(failed))
        return []

    async def _delete(self, request: Request) -> HTTPResponse:
        form = parse_qs((await self._body(request, MAX_FORM_BYTES)).decode("utf-8", "replace"))
        asked, now = form.get("signed_request", [""])[0], self._store.now()
        said = signatures.read_signed_request(asked, self._account.app_secret, now)

        def carry_out(session: Session) -> tuple[str, bool] | None:
            return None if deletion.is_known(session, asked) else deletion.carry_out(session, asked, said["user_id"], now)

        done = said and await self._store.run(carry_out)
        if not done:
            return _plain(403, "refused")
        code, erased = done
        if erased:
            # What is left in the log is emptied at the next sweep, should it fail now: Meta must have its code.
            with suppress(SQLAlchemyError):
                await self._store.forget()
        return response.json({"url": f"{own_address(request)}/messenger/suppression/{code}", "confirmation_code": code})

    async def _deletion(self, _request: Request, code: str) -> HTTPResponse:
        found = await self._store.look(deletion.state_of, code)
        if found is None:
            return page(404, "Demande introuvable", _NO_SUCH)
        asked_at, proof = found
        told = _MATCHED if proof else _UNMATCHED
        return page(200, "Votre demande d’effacement", told.format(day=day_of(asked_at), proof=proof))

    async def _body(self, request: Request, most: int) -> bytes:
        """Return the raw bytes of a request, `most` at most, that come within the time of a request."""
        if not 0 <= int(request.headers.get("Content-Length") or 0) <= most:
            raise _TooLong
        return await asyncio.wait_for(_received(request, most), self._request_s)


class _TooLong(Exception):
    pass


async def _received(request: Request, most: int) -> bytes:
    received = bytearray()
    async for chunk in request.stream:
        received += chunk
        if len(received) > most:
            raise _TooLong
    return bytes(received)


def _parsed(body: bytes) -> object:
    """Return what a body holds; nothing, when it is not JSON: what is signed is never sent twice for that."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _answered(handler: Handler) -> Handler:
    """Answer Meta whatever happens: what could not be stored must come again."""

    @wraps(handler)
    async def answer(request: Request, **named: str) -> HTTPResponse:
        try:
            return await handler(request, **named)
        except _TooLong:
            return _plain(413, "too long", close=True)
        except asyncio.TimeoutError:
            return _plain(503, "later", close=True)
        except SQLAlchemyError as error:
            logger.error("%s %s: the conversations do not answer (%s)", request.method, request.path, type(error).__name__)
            return _plain(503, "later")
        except SanicException:
            raise
        except Exception as error:  # noqa: BLE001 - Meta must come again
            logger.error("%s %s failed with %s at %s", request.method, request.path, type(error).__name__, place_of(error))
            return _plain(503, "later")

    return answer


def _plain(status: int, text: str, close: bool = False) -> HTTPResponse:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **({"Connection": "close"} if close else {})}
    return response.text(text, status=status, headers=headers)
