"""A journal on each kind of database, made by its migrations."""

from collections.abc import Callable, Iterator

import pytest
from databases import with_journal

from journal.store import Journal


@pytest.fixture
def journal(new_database: Callable[[], str]) -> Iterator[Journal]:
    """An empty journal."""
    made = Journal(with_journal(new_database()))
    yield made
    made.close()
