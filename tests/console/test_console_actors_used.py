"""What is saved in the console is used by the assistant in the next message, without retraining."""

from collections.abc import Callable, Iterator

import pytest
from held import RISQ, filled, send
from sqlalchemy.orm import sessionmaker
from staff import Staff

from actions.access import Directory
from bot.nlu.reading import Reader
from console.databases import Databases
from directory.database import make_engine, session_factory
from directory.queries import actor_by_slug


@pytest.fixture
def directory_url(new_database: Callable[[], str]) -> str:
    return filled(new_database())


@pytest.fixture
def assistant(directory_url: str) -> Iterator[sessionmaker]:
    """The sessions of the assistant's own process, which the console knows nothing of."""
    made = session_factory(make_engine(directory_url))
    yield made
    made.kw["bind"].dispose()


def named(reader: Reader, text: str) -> list[tuple[str, object]]:
    return [(each["entity"], each["value"]) for each in reader.entities(text) if each["entity"] in ("actor", "service", "place")]


def test_an_added_name_and_a_corrected_phone_are_used_at_once(login: Callable[..., Staff], assistant: sessionmaker) -> None:
    editor, reader, directory = login("editor"), Reader(assistant), Directory(assistant)
    assert named(reader, "c’est quoi la tirelire solidaire?") == []
    with assistant() as session:
        assert actor_by_slug(directory.access(session).session, "risq").phone is None
    assert send(editor, f"{RISQ}/modifier", aliases="La tirelire solidaire", **{"contact.phone": "514 866-2355"}).status_code == 303
    assert named(reader, "c’est quoi la tirelire solidaire?") == [("actor", "risq")]
    with assistant() as session:
        assert actor_by_slug(directory.access(session).session, "risq").phone == "514 866-2355"


def test_a_new_organisation_and_a_new_name_of_place_are_used_at_once(login: Callable[..., Staff], assistant: sessionmaker) -> None:
    editor, reader, directory = login("editor"), Reader(assistant), Directory(assistant)
    with assistant() as session:
        assert directory.access(session).places.find("on est à la Terre-Plate") == []
    assert named(reader, "la coop des Tisserands, à la Terre-Plate") == []
    send(editor, "/annuaire/organismes/nouveau", name="Coop des Tisserands", kind="reseau", source="appel", covers_add="R04")
    send(editor, "/annuaire/lieux/nouveau", name="Terre-Plate", territories_add="Louiseville")
    found = named(reader, "la coop des Tisserands, à la Terre-Plate")
    assert ("actor", "coop-des-tisserands") in found
    assert ("place", ["51015"]) in found
    with assistant() as session:
        assert [each.codes for each in directory.access(session).places.find("on est à la Terre-Plate")] == [("51015",)]


def test_what_is_only_tried_is_not_used(login: Callable[..., Staff], assistant: sessionmaker, bases: Databases) -> None:
    editor, reader = login("editor"), Reader(assistant)
    tried = send(editor, f"{RISQ}/modifier", aliases="La tirelire solidaire", do="preview", qui_besoin="financement")
    assert tried.status_code == 200
    assert named(reader, "c’est quoi la tirelire solidaire?") == []
