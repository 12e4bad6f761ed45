"""What handlers read, over the seeded directory, without Rasa and without any server."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import pytest

TODAY = date(2026, 11, 24)


class House(NamedTuple):
    """An organisation and all its programmes."""

    actor: Any
    services: list[Any]


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


@pytest.fixture(scope="session")
def whole(seeded: Any, places: Any) -> Iterator[Any]:
    """The directory on a fixed day, in one session, for the sweeps that read all of it and change nothing."""
    from actions.access import Access

    with seeded() as session:
        yield Access(session, places, TODAY)


@pytest.fixture(scope="session")
def houses(whole: Any) -> list[House]:
    """Every organisation with its programmes, read once: a sweep that reads them again a question takes minutes."""
    from sqlalchemy import select

    from directory.models import Service
    from directory.queries import actors

    services = whole.session.scalars(select(Service).order_by(Service.id)).all()
    return [House(actor, [s for s in services if s.actor_id == actor.id]) for actor in actors(whole.session)]


def _told(whole: Any, house: House, facet: str, entity: Mapping[str, Any]) -> Any:
    from actions.telling import tell_facet
    from actions.turn import Turn

    return tell_facet(Turn("c'est quoi", facet, 0.9, ((facet, 0.9),), entities=(entity,)), house.actor, house.services, whole)


@pytest.fixture(scope="session")
def facts_of_actors(whole: Any, houses: list[House]) -> Callable[[str], dict[str, Any]]:
    """facts_of_actors(facet): the reply of each organisation to that question, by slug; told once for all the tests."""

    @cache
    def told(facet: str) -> dict[str, Any]:
        slugs = [(h, h.actor.slug) for h in houses]
        return {slug: _told(whole, h, facet, {"entity": "actor", "value": slug, "actor": slug}) for h, slug in slugs}

    return told


@pytest.fixture(scope="session")
def facts_of_programmes(whole: Any, houses: list[House]) -> Callable[[str], dict[str, Any]]:
    """facts_of_programmes(facet): the reply of each programme to that question, by slug."""

    @cache
    def told(facet: str) -> dict[str, Any]:
        pairs = [(h, s.slug) for h in houses for s in h.services]
        return {slug: _told(whole, h, facet, {"entity": "service", "value": slug, "actor": h.actor.slug}) for h, slug in pairs}

    return told
