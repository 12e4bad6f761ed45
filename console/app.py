"""The console as a Flask application: `make_app` puts its parts together, and opens nothing.

A feature is the folder `console/<name>/`, with `routes.py` (console/features.py says what is read there), its templates, and its lines in
`FEATURES` below, in `ALLOWED` (console/permissions.py) and in tests/console/examples.py.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from console import databases, faults, filters, headers, permissions, visits
from console.config import FLOOR, Config, HashCost, Provider, UnsafeConfig
from console.features import load_feature, menu

__all__ = ["FEATURES", "FLOOR", "Config", "HashCost", "Provider", "UnsafeConfig", "make_app"]
# In the order of the navigation.
FEATURES = (
    "home",
    "review",
    "mending",
    "actors",
    "needs",
    "privacy",
    "accounts",
)
STATIC = Path(__file__).parent / "static"
MOST_BYTES = 5 * 1024 * 1024


class RowNumber(IntegerConverter):
    """The number of a row in an address: one that no database can hold is no page of ours."""

    regex = r"\d{1,9}"


def utc_now() -> datetime:
    """Return the time of the machine."""
    return datetime.now(timezone.utc)


def make_app(config: Config, now: Callable[[], datetime] = utc_now) -> Flask:
    """Return the console of `config`, on the clock `now`.

    Raises:
        UnsafeConfig: passwords would be too cheap to guess, or would travel in clear.
    """
    config.check()
    app = faults.Console(__name__)
    app.config.update(
        SECRET_KEY=config.secret,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        # The token lives as long as the session that holds it; where a request comes from is checked by `headers`.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["console_config"], app.extensions["console_clock"] = config, now
    app.url_map.converters["int"] = RowNumber
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    headers.install(app, config)
    databases.install(app, config)
    visits.install(app, config)
    app.before_request(permissions.guard)
    app.before_request(headers.refuse_other_sites)
    CSRFProtect(app)
    app.before_request(headers.refuse_unreadable)
    faults.install(app)
    filters.install(app)
    _add_words(app)
    _add_features(app)
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=0, x_host=0)
    if config.https:
        app.wsgi_app = _behind_https(app.wsgi_app)
    return app


def _behind_https(answer: Callable) -> Callable:
    """Return `answer`, which then knows that visitors speak https, whatever the proxy in front speaks to it."""
    return lambda environ, start: answer({**environ, "wsgi.url_scheme": "https"}, start)


def _add_words(app: Flask) -> None:
    app.add_template_filter(permissions.roles_told)
    app.jinja_env.globals.update(may=permissions.may, may_open=permissions.may_open, menu=menu, asset=asset, ROLES=permissions.ROLES)


def _add_features(app: Flask) -> None:
    app.extensions["console_features"] = found = [load_feature(name) for name in FEATURES]
    for feature in found:
        app.register_blueprint(feature.blueprint)


def asset(name: str) -> str:
    """Return the address of a file of `static`, which changes with its content: browsers keep it."""
    return url_for("static", filename=name, v=_version(name))


@lru_cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
