"""A member of staff at the console, who asks for pages as a browser does."""

import gc
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from bench.journal_made import ACCOUNTS
from console.accounts.administering import Person, add
from console.accounts.door import find
from console.accounts.passwords import Passwords
from console.app import make_app
from console.config import FLOOR, Config
from console.schema import prepare
from journal.store import Journal

ROLES = ["reader", "reviewer"]
# What a browser says of a request that a page of ours sends.
_OURS = {"Sec-Fetch-Site": "same-origin"}
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class NoPage(Exception):
    """The console gave something else than the page."""


class Staff:
    """Somebody who is logged in."""

    def __init__(self, app: Flask, username: str, password: str) -> None:
        self.app = app
        self._browser: FlaskClient = app.test_client()
        token = _TOKEN.search(self._browser.get("/connexion").get_data(as_text=True))
        form = {"csrf_token": token and token[1], "username": username, "password": password, "code": ""}
        if self._browser.post("/connexion", data=form, headers=_OURS).status_code not in (302, 303):
            raise NoPage("/connexion")

    @property
    def engine(self) -> Engine:
        """The engine of the pages that read the journal."""
        return self.app.extensions["console_databases"].journal.reading.kw["bind"]

    def get(self, address: str) -> str:
        """Return the page at `address`.

        Raises:
            NoPage: it is answered with something else.
        """
        with self._browser.get(address) as answer:
            if answer.status_code != 200:
                raise NoPage(f"{address}: {answer.status}")
            return answer.get_data(as_text=True)


@contextmanager
def staff(journal_url: str, directory_url: str, now: datetime) -> Iterator[dict[str, Staff]]:
    """Give those who have an account, by name, at a console whose clock stands at `now`."""
    journal = Journal(journal_url)
    prepare(journal)
    password = secrets.token_urlsafe(16)
    kept = Passwords(FLOOR).keep(password)
    with journal.writing.begin() as session:
        for name in ACCOUNTS:
            account = find(session, name) or add(session, name, Person(name.title(), None, ROLES), now)
            account.password = kept
    journal.close()
    app = make_app(Config(journal_url, directory_url, secret=secrets.token_urlsafe(32)), lambda: now)
    people = {name: Staff(app, name, password) for name in ACCOUNTS}
    # As the console does when it starts; here what was made up to ask the pages is in the same process.
    gc.collect()
    gc.freeze()
    try:
        yield people
    finally:
        gc.unfreeze()
        app.extensions["console_databases"].close()
