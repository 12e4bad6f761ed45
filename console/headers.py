"""The headers of every answer, errors and files included, and the refusal of what another site sends."""

from urllib.parse import urlsplit

from flask import Flask, abort, request
from werkzeug.wrappers import Response

from console.config import Config, is_loopback

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS = "max-age=31536000"
SAFE = ("GET", "HEAD", "OPTIONS")


def install(app: Flask, config: Config) -> None:
    """Make every answer of `app` carry its headers; call it before any other `after_request`, so that it runs last."""

    if not config.https:
        app.before_request(refuse_other_names)

    @app.after_request
    def add_headers(answer: Response) -> Response:
        answer.headers.update(ALWAYS)
        if config.https:
            answer.headers["Strict-Transport-Security"] = HSTS
        if answer.location:
            # Flask writes a few words of English there, which no browser shows.
            answer.set_data("")
        kept = request.endpoint == "static" and answer.status_code in (200, 304)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-store"
        return answer


def refuse_other_names() -> None:
    """Let pass what is asked of this machine by its own names: another is that of a site which would pass for us (DNS rebinding)."""
    try:
        name = urlsplit(f"//{request.environ.get('HTTP_HOST', '')}").hostname
    except ValueError:
        name = None
    if not is_loopback(name or ""):
        abort(400)


def refuse_other_sites() -> None:
    """Let pass what a page of ours sends. Browsers say who sends; those that do not say are refused.

    A browser sends « Origin: null » from pages without referrer: the older header counts only where the newer one is missing.
    """
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site == "same-origin":
        return
    origin = request.headers.get("Origin", "")
    if site is not None or not origin or urlsplit(origin)[:2] != urlsplit(request.host_url)[:2]:
        abort(403)


def refuse_unreadable() -> None:
    """Let pass what a database can hold: no text of ours has the sign of number 0, which PostgreSQL refuses."""
    given = [request.path, *(value for _, value in request.args.items(multi=True)), *(value for _, value in request.form.items(multi=True))]
    if any("\x00" in each for each in given):
        abort(400)
