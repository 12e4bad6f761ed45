"""The HTTP server of the assistant: our channel, a page to try it, and nothing else of Rasa's API."""

import asyncio
from pathlib import Path

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.assistant import Assistant
from bot.channels.web import MAX_BODY_BYTES, TOO_LARGE, WebInput, refusal

PAGE = Path(__file__).parent / "page"
_FILES = {"/": ("index.html", "text/html"), "/page.js": ("page.js", "text/javascript"), "/page.css": ("page.css", "text/css")}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def make_app(assistant: Assistant, secret: str) -> Sanic:
    """Return the server: the page at /, the channel under /webhooks/web, /health for whoever watches it."""
    app = Sanic("aiguilleur", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 4 * MAX_BODY_BYTES
    app.config.ACCESS_LOG = False
    channel = WebInput(secret)
    channel.assistant = assistant
    app.blueprint(channel.blueprint(None), url_prefix="/webhooks/web")
    for path, (name, kind) in _FILES.items():
        app.add_route(_file(PAGE / name, kind), path, name=name.replace(".", "_"))

    @app.before_server_start
    async def wake(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        # What the first message would load is loaded before anybody writes.
        await assistant.parse("bonjour")

    @app.after_server_stop
    async def hang_up(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        await assistant.close()

    @app.get("/health")
    async def health(_request: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    @app.exception(Exception)
    async def failure(_request: Request, error: Exception) -> HTTPResponse:
        status = getattr(error, "status_code", 500)
        if status == 413:
            return refusal(TOO_LARGE, status)
        return response.json(
            {
                "replies": [
                    {"text": "Cette adresse ne mène nulle part, ou le service a un ennui. Rechargez la page.", "buttons": [], "cards": []}
                ]
            },
            status=status,
            ensure_ascii=False,
        )

    return app


def _file(path: Path, kind: str):
    async def send(_request: Request) -> HTTPResponse:
        headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
        return response.text(path.read_text(encoding="utf-8"), content_type=f"{kind}; charset=utf-8", headers=headers)

    return send
