"""The HTTP server of the assistant: our channel, the widget and its demonstration, and nothing else of Rasa's API."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.apart import Apart
from bot.assistant import Assistant
from bot.channels.asked import MAX_BODY_BYTES
from bot.channels.limits import Limits, Rates
from bot.channels.messenger import MessengerInput
from bot.channels.origins import allow_origin
from bot.channels.refusals import refusal_of_status
from bot.channels.tokens import Tokens
from bot.channels.widget import MAX_WAIT_S, WidgetInput
from bot.conversations.store import Store
from bot.dispatch import Dispatcher
from bot.journaling import Journaling
from bot.messenger.account import Account
from bot.messenger.courier import Courier
from bot.messenger.graph import Graph
from bot.messenger.threads import CHANNEL
from bot.pages import add_pages, page
from directory.errors import place_of

PROTOCOL = "/widget/v1"
MESSENGER = "/messenger"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Service:
    """What a server is told: the secret of its tokens, the sites that may show the widget, limits, proxies in front, retention, and
    in how many seconds a request must be whole, so that slow ones cannot take every place; the page on Messenger, if there is one."""

    secret: str
    origins: tuple[str, ...] = ()
    rates: Rates = field(default_factory=Rates)
    proxies: int = 0
    retention: timedelta = timedelta(days=90)
    request_s: int = 10
    messenger: Account | None = None


def make_app(assistant: Assistant, store: Store, service: Service, journaling: Journaling | None = None) -> Sanic:
    """Return the server: the widget's channel under /widget/v1, its files and demonstration, Messenger's under /messenger when it has a
    page, /health for whoever watches it. `journaling` tells the journal meanwhile."""
    app = Sanic("aiguilleur", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 4 * MAX_BODY_BYTES
    app.config.REQUEST_TIMEOUT = service.request_s
    app.config.RESPONSE_TIMEOUT = MAX_WAIT_S + 10
    app.config.PROXIES_COUNT = service.proxies or None
    app.config.ACCESS_LOG = False
    assistant = Apart(assistant)
    courier = Courier(Graph(service.messenger), store, service.messenger) if service.messenger else None
    dispatcher = Dispatcher(assistant, store, service.retention, {CHANNEL: courier} if courier else {})
    tokens = Tokens(service.secret, WidgetInput.name(), service.retention)
    channel = WidgetInput(assistant, store, dispatcher, tokens, Limits(service.rates), service.origins, service.request_s)
    app.blueprint(channel.blueprint(None), url_prefix=PROTOCOL)
    if courier:
        messenger = MessengerInput(service.messenger, store, dispatcher, courier, service.request_s)
        app.blueprint(messenger.blueprint(None), url_prefix=MESSENGER)
    add_pages(app, store)

    @app.before_server_start
    async def wake(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        assistant.start()
        await assistant.warm_up()
        await dispatcher.start()
        if courier:
            await courier.start()
        if journaling:
            await journaling.start()

    @app.before_server_stop
    async def drain(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        await dispatcher.stop()
        if courier:
            await courier.stop()
        if journaling:
            await journaling.stop()
        await assistant.close()

    @app.after_server_stop
    async def hang_up(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        store.close()

    @app.get("/health")
    async def health(_request: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    @app.exception(Exception)
    async def failure(request: Request, error: Exception) -> HTTPResponse:
        if not isinstance(error, SanicException):
            logger.error("a request failed with %s at %s", type(error).__name__, place_of(error))
        # What Sanic cannot read of the headers, a length for instance, is no fault of ours.
        unread = isinstance(error, ValueError) and getattr(request, "route", None) is None
        answer = _failed(request, getattr(error, "status_code", 400 if unread else 500))
        answer.headers.update(getattr(error, "headers", None) or {})
        allow_origin(request, answer, service.origins)
        return answer

    return app


def _failed(request: Request, status: int) -> HTTPResponse:
    if "text/html" in request.headers.get("Accept", "") and not request.path.startswith(PROTOCOL):
        title = "Page introuvable" if status == 404 else "Un ennui technique"
        return page(status, title, "Revenez à la page d’avant, ou rechargez celle-ci dans une minute.")
    answer = refusal_of_status(status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
