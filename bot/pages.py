"""What the server shows to browsers beside the channel: the widget's files, the demonstration site, the shared results.

Each file is named here, so that no address leads to another one; each is read once.
"""

import gzip
import hashlib
import logging
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.rendering import moment
from bot.conversations.results import shared
from bot.conversations.store import Store
from directory.text import day
from settings import PROJECT_ROOT

logger = logging.getLogger(__name__)
WIDGET = PROJECT_ROOT / "widget"
SHARE = Path(__file__).parent / "share"
KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# The pages of ours run nothing that is not a file of ours.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_GONE = "Cette page n’existe pas, ou son temps est passé\u00a0: demandez à la personne qui vous l’a donnée de la partager de nouveau."
_HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def files() -> dict[str, Path]:
    """Return the files that are served, by their path."""
    demo = WIDGET / "demo"
    served = {f"/widget/{path.name}": path for path in sorted(WIDGET.iterdir()) if path.suffix in KINDS}
    served |= {f"/demo/{path.name}": path for path in sorted(demo.iterdir()) if path.suffix in KINDS}
    return {"/": demo / "index.html", "/partage/partage.css": SHARE / "partage.css", **served}


def add_pages(app: Sanic, store: Store) -> None:
    """Add the routes of the files and of the shared pages to `app`."""
    for path, file in files().items():
        app.add_route(_file(file), path, name=f"file{re.sub('[^a-z]', '_', path)}")

    @app.get("/partage/<name:[A-Za-z0-9_-]+>")
    async def result(_request: Request, name: str) -> HTTPResponse:
        try:
            found = await store.look(shared, name, store.now())
        except SQLAlchemyError as error:
            logger.error("a shared page could not be read (%s)", type(error).__name__)
            return page(503, "Un instant", "La page n’a pas pu être lue\u00a0: rechargez-la dans une minute.")
        if found is None:
            return page(404, "Page introuvable", _GONE)
        cards, expires = found
        return page(200, "Des organismes pour votre projet", cards=cards, expires=day(moment(expires)[:10]))


def page(status: int, title: str, message: str = "", **shown: Any) -> HTTPResponse:
    """Return a page of ours: a message, or `cards` and when they expire."""
    html = _templates().get_template("page.html").render(title=title, message=message, nbsp="\u00a0", **shown)
    return response.html(html, status=status, headers={**_HEADERS, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"})


@lru_cache(maxsize=1)
def _templates() -> Environment:
    templates = Environment(loader=FileSystemLoader(SHARE), autoescape=True)
    templates.filters |= {"digits": lambda phone: re.sub(r"[^\d+]", "", phone), "web": _web}
    return templates


def _web(address: str) -> str:
    """Return an address that a browser follows to a site, and nowhere else."""
    return address if re.match(r"https?://", address) else f"https://{address}"


def _file(path: Path):
    body = path.read_bytes()
    packed = gzip.compress(body, mtime=0)
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    # Any site may show the widget's files: they hold nothing of anybody.
    headers = {
        **_HEADERS,
        "ETag": tag,
        # Kept, and asked each time whether it is the last one: no page mixes the files of two versions.
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding",
        **({"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"} if path.parent == WIDGET else {}),
    }
    kind = f"{KINDS[path.suffix]}; charset=utf-8"

    async def send(request: Request) -> HTTPResponse:
        if request.headers.get("If-None-Match") == tag:
            return response.empty(304, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return response.raw(packed, headers={**headers, "Content-Encoding": "gzip"}, content_type=kind)
        return response.raw(body, headers=headers, content_type=kind)

    return send
