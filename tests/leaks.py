"""No token, secret, message text or personal data in any log of the suite: every record is read, at the finest level."""

import logging
from collections.abc import Iterator

import pytest
from fake_graph import Page

# What this channel's people write in the tests, and what no log may hold of anybody.
TEXTS = ("le RISQ prête combien", "on cherche du financement", "c'est entre nous", "une longue question", "efface ma conversation")
PERSONAL = ("marie.tremblay@exemple.ca", "418 555-0134", "046 454 286", "12 rue des Érables", "4539 5787 6362 1486")
# The databases' own loggers show parameters when they are asked to; nobody asks.
READ_AT_THEIR_FINEST = ("bot", "actions", "cli", "httpx", "sanic", "asyncio")


class Reader(logging.Handler):
    """Keeps the records in which one of the words is found."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__(logging.DEBUG)
        self._words = words
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Look at a record, its traceback included."""
        told = self.format(record)
        # Meta's own verification has its token in the address: the tests' client, in Meta's place, logs it.
        spared = (Page.example().verify_token,) if record.name == "httpx" else ()
        self.found += [f"{record.name}: {word!r}" for word in self._words if word in told and word not in spared]


@pytest.fixture(scope="session")
def log_reader() -> Iterator[Reader]:
    """The reader of all that is logged in this process."""
    page = Page.example()
    made = Reader((page.token, page.app_secret, page.verify_token, *TEXTS, *PERSONAL))
    logging.getLogger().addHandler(made)
    for name in READ_AT_THEIR_FINEST:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield made
    logging.getLogger().removeHandler(made)


@pytest.fixture(autouse=True)
def no_leak(log_reader: Reader, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test during which something was logged that must not be; the tests of the fake speak in Meta's place."""
    yield
    found, log_reader.found = log_reader.found, []
    assert found == [] or "fake_graph" in request.path.parts, f"logged: {found}"
