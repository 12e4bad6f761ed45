"""A journal on each kind of database, made by its migrations."""

from collections.abc import Callable, Iterator

import pytest

from journal.store import Journal


@pytest.fixture
def journal(new_database: Callable[[], str]) -> Iterator[Journal]:
    """An empty journal."""
    made = Journal(new_database())
    made.prepare()
    yield made
    made.close()
