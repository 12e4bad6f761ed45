"""Which sites may speak to the widget's channel: the server's own pages, and those of an explicit list."""

from collections.abc import Collection

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.refusals import Refused

_ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Expose-Headers": "Retry-After",
    "Access-Control-Max-Age": "600",
}


def check_origin(request: Request, allowed: Collection[str]) -> None:
    """Do nothing when the request comes from a site that may ask, or from no site (a program, a page's own GET).

    Raises:
        Refused: it comes from another site.
    """
    origin = request.headers.get("Origin")
    if origin is not None and not _is_own(origin, request) and origin not in allowed:
        raise Refused("foreign_origin")


def allow_origin(request: Request, answer: HTTPResponse, allowed: Collection[str]) -> None:
    """Tell the browser of an allowed site that its page may read `answer`."""
    answer.headers["Vary"] = "Origin"
    origin = request.headers.get("Origin")
    if origin in allowed:
        answer.headers.update({"Access-Control-Allow-Origin": origin, **_ALLOWED})


def _is_own(origin: str, request: Request) -> bool:
    # A proxy may speak https for us, and give the name that the visitor wrote (`AIGUILLEUR_PROXIES`).
    return origin in {f"{scheme}://{request.host}" for scheme in ("http", "https")}
