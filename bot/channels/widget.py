"""The website widget's channel: docs/widget-protocol.md over HTTP.

The server names the conversations: a signed, expiring token stands for each, and no client can choose one. A message is stored, then
acknowledged, then answered from the inbox; its answer waits in the outbox until it is fetched.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from functools import wraps
from typing import Any

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.assistant import Assistant
from bot.channels import asked, refusals
from bot.channels.addresses import own_address
from bot.channels.greeting import first_words
from bot.channels.limits import Limits
from bot.channels.origins import allow_origin, check_origin
from bot.channels.refusals import Refused, refusal
from bot.channels.rendering import moment, rendered, theirs
from bot.channels.tokens import Holder, Tokens
from bot.conversations import errors, inbox, outbox, results
from bot.conversations.erasing import erase
from bot.conversations.store import Store
from bot.dispatch import Dispatcher
from directory.errors import place_of

logger = logging.getLogger(__name__)
MAX_WAIT_S = 25
# An answer may come from another process: the database is asked again as often.
LOOK_S = 1
PAGE = 100
Handler = Callable[[Request], Awaitable[HTTPResponse]]
_REFUSED = {
    errors.NoConversation: "no_conversation",
    errors.NoSuchMessage: "not_found",
    errors.StaleChoice: "stale_choice",
}


class WidgetInput(InputChannel):
    """The routes of the protocol, over the conversations of `store` and those who answer them."""

    def __init__(
        self,
        assistant: Assistant,
        store: Store,
        dispatcher: Dispatcher,
        tokens: Tokens,
        limits: Limits,
        origins: Collection[str],
        request_s: float,
    ) -> None:
        self._assistant, self._store, self._dispatcher = assistant, store, dispatcher
        self._tokens, self._limits, self._origins, self._request_s = tokens, limits, origins, request_s

    @classmethod
    def name(cls) -> str:
        """Name of the channel."""
        return "web"

    def blueprint(self, _on_new_message: Any) -> Blueprint:
        """Return the routes; turns go through the inbox, whose messages have passed the door."""
        routes = Blueprint("widget")
        for method, path, handler in (
            ("POST", "/conversations", self._begin),
            ("DELETE", "/conversation", self._erase),
            ("POST", "/messages", self._say),
            ("GET", "/messages", self._fetch),
            ("POST", "/feedback", self._judge),
            ("POST", "/shares", self._share),
        ):
            routes.add_route(self._answered(handler), path, methods=[method], name=handler.__name__.strip("_"), stream=True)
        for path in ("/conversations", "/conversation", "/messages", "/feedback", "/shares"):
            routes.add_route(self._answered(_preflight), path, methods=["OPTIONS"], name=f"options_{path.strip('/')}", stream=True)
        return routes

    def _answered(self, handler: Handler) -> Handler:
        @wraps(handler)
        async def answer(request: Request) -> HTTPResponse:
            told = await self._told(handler, request)
            allow_origin(request, told, self._origins)
            told.headers["Cache-Control"] = "no-store"
            return told

        return answer

    async def _told(self, handler: Handler, request: Request) -> HTTPResponse:
        try:
            check_origin(request, self._origins)
            self._limits.count("address", request.remote_addr or request.ip)
            await asyncio.wait_for(request.receive_body(), self._request_s)
            return await handler(request)
        except asyncio.TimeoutError:
            return refusal("too_slow")
        except Refused as refused:
            return refusal(refused.code, **refused.more)
        except errors.Erased as erased:
            return refusal("erased", proof=erased.proof)
        except errors.TooManyWaiting:
            return refusal("busy", retry_after_s=2)
        except errors.ConversationError as error:
            return refusal(next(code for kind, code in _REFUSED.items() if isinstance(error, kind)))
        except SQLAlchemyError as error:
            logger.error("%s %s: the conversations do not answer (%s)", request.method, request.path, type(error).__name__)
            return refusal("unavailable", retry_after_s=2)
        except SanicException as error:
            return refusals.refusal_of_status(error.status_code)
        except Exception as error:  # noqa: BLE001 - a channel never stays silent
            logger.error("%s %s failed with %s at %s", request.method, request.path, type(error).__name__, place_of(error))
            return refusal("failed")

    def _holder(self, request: Request, kind: str) -> Holder:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Refused("no_conversation")
        holder = self._tokens.read(token, self._store.now())
        self._limits.count(kind, holder.conversation)
        return holder

    async def _begin(self, request: Request) -> HTTPResponse:
        self._limits.count("begin", request.remote_addr or request.ip)
        keep, notice, context = asked.beginning_of(asked.body_of(request))
        replies, state = await first_words(self._assistant, context)
        begun, now = inbox.Begun(self.name(), keep, notice), self._store.now()

        def begin(session: Session) -> tuple[str, list]:
            conversation = inbox.begin(session, begun, state.as_json(), now)
            outbox.greet(session, conversation, replies, now)
            return conversation, outbox.said_since(session, conversation, 0, PAGE)

        conversation, said = await self._store.run(begin)
        token, expires = self._tokens.issue(conversation, keep, now)
        body = {"token": token, "expires_at": moment(expires), "keep": keep, "messages": rendered(said)}
        return response.json(body, status=201, ensure_ascii=False)

    async def _say(self, request: Request) -> HTTPResponse:
        holder = self._holder(request, "write")
        incoming = asked.message_of(asked.body_of(request))
        now = self._store.now()

        def receive(session: Session) -> tuple[Any, bool, int]:
            stored, new = inbox.receive(session, holder.conversation, incoming, now)
            return stored, new, inbox.waiting(session, holder.conversation)

        stored, new, pending = await self._store.run(receive)
        self._dispatcher.wake(holder.conversation)
        return response.json({"message": theirs(stored), "pending": pending}, status=202 if new else 200, ensure_ascii=False)

    async def _fetch(self, request: Request) -> HTTPResponse:
        holder = self._holder(request, "fetch")
        after, wait = asked.after_of(request), asked.number_of(request, "wait", MAX_WAIT_S)
        reading = request.args.get("reading") == "1"
        until = time.monotonic() + wait
        # An answer is on its way: looking before it comes would be for nothing.
        patient = wait > 0 and self._dispatcher.is_answering(holder.conversation)
        while True:
            news = self._dispatcher.news(holder.conversation)
            said, pending = ([], 0) if patient else await self._store.look(_look, holder.conversation, after)
            left = until - time.monotonic()
            if said or (left <= 0 and not patient):
                break
            patient = False
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(news.wait(), max(0, min(left, LOOK_S)))
        body = {"messages": rendered(said[:PAGE], reading), "pending": pending, "more": len(said) > PAGE}
        if holder.ageing:
            body["token"], _ = self._tokens.issue(holder.conversation, holder.keep, self._store.now())
        return response.json(body, ensure_ascii=False)

    async def _judge(self, request: Request) -> HTTPResponse:
        holder = self._holder(request, "write")
        seq, judged = asked.judgement_of(asked.body_of(request))
        await self._store.run(results.judge, holder.conversation, seq, judged, self._store.now())
        return response.json({"feedback": judged["rating"]})

    async def _share(self, request: Request) -> HTTPResponse:
        holder = self._holder(request, "write")
        seq = asked.seq_of(asked.body_of(request))
        name, expires = await self._store.run(results.share, holder.conversation, seq, self._tokens.retention, self._store.now())
        return response.json({"url": f"{own_address(request)}/partage/{name}", "expires_at": moment(expires)}, status=201)

    async def _erase(self, request: Request) -> HTTPResponse:
        holder = self._holder(request, "write")

        def take_away(session: Session) -> str:
            inbox.held(session, holder.conversation)
            return erase(session, holder.conversation, self._store.now())

        proof = await self._store.run(take_away)
        await self._store.forget()
        return response.json({"proof": proof, "message": refusals.sentence("erased")}, ensure_ascii=False)


def _look(session: Session, conversation: str, after: int) -> tuple[list, int]:
    """Return what was said above `after` (a page and one more), and how many messages wait."""
    inbox.held(session, conversation, lock=False)
    return outbox.said_since(session, conversation, after, PAGE + 1), inbox.waiting(session, conversation)


async def _preflight(_request: Request) -> HTTPResponse:
    return response.empty()
