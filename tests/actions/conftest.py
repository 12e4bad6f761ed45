"""What handlers read, over the seeded directory, without Rasa and without any server."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def places(seeded: Any) -> Any:
    """The index of places of the seeded directory."""
    from directory.places import PlaceIndex

    with seeded() as session:
        return PlaceIndex.load(session)


@pytest.fixture
def access(seeded: Any, places: Any) -> Iterator[Any]:
    """The directory on a fixed day."""
    from actions.access import Access

    with seeded() as session:
        yield Access(session, places, TODAY)
