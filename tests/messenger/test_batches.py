"""A webhook holds several entries of several events (F7): each is treated, whatever the others are."""

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
from fake_graph import Page
from fake_graph.events import new_mid
from stand_in import StandIn, body, element, message, new_psid, post, received, rows, someone

from bot.messenger.events import Said, _Reading, events_of

PAGE = Page.example()
# What is no event that can be used: nobody's, or without what it needs.
BAD: dict[str, Callable[[], Any]] = {
    "null": lambda: None,
    "a number": lambda: 7,
    "a text": lambda: "bonjour",
    "a list": lambda: [{"sender": {"id": new_psid()}}],
    "an empty object": lambda: {},
    "nobody's": lambda: {"recipient": {"id": PAGE.id}, "message": {"mid": new_mid(), "text": "de personne"}},
    "a sender that is null": lambda: {**message(new_psid(), PAGE.id, "de personne"), "sender": None},
    "a sender that is a text": lambda: {**message(new_psid(), PAGE.id, "de personne"), "sender": new_psid()},
    "an id that is a number": lambda: {**message(new_psid(), PAGE.id, "de personne"), "sender": {"id": 5_000_000_000}},
    "an id that is a list": lambda: {**message(new_psid(), PAGE.id, "de personne"), "sender": {"id": [new_psid()]}},
    "an id that is a word": lambda: message("marie'; DROP TABLE inbox; --", PAGE.id, "de personne"),
    "an id too long": lambda: message("9" * 33, PAGE.id, "de personne"),
    "the page's own message": lambda: message(PAGE.id, new_psid(), "de la page"),
    "a message that is a text": lambda: element(new_psid(), PAGE.id, message="bonjour"),
    "a message that is a list": lambda: element(new_psid(), PAGE.id, message=[{"mid": new_mid(), "text": "bonjour"}]),
    "an empty message": lambda: element(new_psid(), PAGE.id, message={}),
    "no mid": lambda: element(new_psid(), PAGE.id, message={"text": "sans numéro"}),
    "a mid that is a number": lambda: element(new_psid(), PAGE.id, message={"mid": 12, "text": "sans numéro"}),
    "a mid that is an object": lambda: element(new_psid(), PAGE.id, message={"mid": {}, "text": "sans numéro"}),
    "an empty mid": lambda: element(new_psid(), PAGE.id, message={"mid": "", "text": "sans numéro"}),
    "a text that is an object": lambda: element(new_psid(), PAGE.id, message={"mid": new_mid(), "text": {"a": 1}}),
    "attachments that are none": lambda: element(new_psid(), PAGE.id, message={"mid": new_mid(), "attachments": "photo"}),
    "a postback that is null": lambda: element(new_psid(), PAGE.id, postback=None),
    "a postback without payload": lambda: element(new_psid(), PAGE.id, postback={"mid": new_mid(), "title": "Oui"}),
    "a payload that is a number": lambda: element(new_psid(), PAGE.id, postback={"mid": new_mid(), "payload": 4}),
    "an echo to nobody": lambda: {"sender": {"id": PAGE.id}, "message": {"is_echo": True, "mid": new_mid(), "text": "écho"}},
    "an event of a kind to come": lambda: element(new_psid(), PAGE.id, hologram={"shape": ["sphere"]}),
}
ENTRIES: dict[str, Callable[[], Any]] = {
    "null": lambda: None,
    "a number": lambda: 3,
    "a text": lambda: "entry",
    "a list": lambda: [body(PAGE.id, message(new_psid(), PAGE.id, "dans une liste"))],
    "an empty object": lambda: {},
    "without events": lambda: {"id": PAGE.id, "time": 1},
    "null for events": lambda: {"id": PAGE.id, "messaging": None},
    "an object for events": lambda: {"id": PAGE.id, "messaging": message(new_psid(), PAGE.id, "sans liste")},
    "another page's": lambda: {"id": "104027518999002", "messaging": [message(new_psid(), "104027518999002", "à une autre page")]},
    "a page id that is a number": lambda: {"id": int(PAGE.id), "messaging": [message(new_psid(), PAGE.id, "à un nombre")]},
    "without a page": lambda: {"messaging": [message(new_psid(), PAGE.id, "à aucune page")]},
}
WHOLE = [None, [], "x", 1, {}, {"object": "page"}, {"entry": None}, {"entry": {}}, {"entry": "x"}, {"entry": [[]]}, {"object": "user"}]


@pytest.fixture(scope="module")
def signed(serve_messenger: Callable) -> Iterator[Any]:
    """The channel on an assistant that answers at once."""
    with serve_messenger(assistant=StandIn()) as serving:
        yield serving


def _people(signed: Any, number: int) -> list[Any]:
    return [someone(signed.graph) for _ in range(number)]


def _answered(signed: Any, people: list[Any], posted: Any) -> None:
    """Post a body in which each person says « je suis … » once: each is answered once, and nothing else is stored."""
    before = rows(signed.web.store).get("inbox", 0)
    answer = post(signed.graph, posted)
    signed.settle()
    assert answer.status_code == 200
    assert [person.texts_since(0) for person in people] == [[f"réponse à je suis {person.psid}"] for person in people]
    assert rows(signed.web.store).get("inbox", 0) == before + len(people)


def _says(person: Any) -> dict[str, Any]:
    return message(person.psid, PAGE.id, f"je suis {person.psid}")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20, 50])
def test_every_event_of_a_batch_is_answered_once_with_a_bad_one_before_and_after_each(signed, size):
    people, bad = _people(signed, size), [*BAD.values()]
    between = [bad[place % len(bad)]() for place in range(size + 1)]
    events = [between[0], *(each for person, after in zip(people, between[1:], strict=True) for each in (_says(person), after))]
    _answered(signed, people, body(PAGE.id, *events))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_event_stops_none_of_the_others_and_does_nothing(signed, name):
    people = _people(signed, 2)
    _answered(signed, people, body(PAGE.id, BAD[name](), _says(people[0]), BAD[name](), _says(people[1]), BAD[name]()))


@pytest.mark.parametrize("name", ENTRIES)
def test_a_bad_entry_stops_none_of_the_others_and_does_nothing(signed, name):
    people = _people(signed, 2)
    entries = [body(PAGE.id, _says(person))["entry"][0] for person in people]
    bad = ENTRIES[name]
    _answered(signed, people, {"object": "page", "entry": [bad(), entries[0], bad(), entries[1], bad()]})


def test_several_entries_of_several_events_are_all_treated(signed):
    people = _people(signed, 12)
    entries = [body(PAGE.id, *map(_says, people[start : start + 3]))["entry"][0] for start in range(0, 12, 3)]
    _answered(signed, people, {"object": "page", "entry": entries})


def test_an_entry_may_hold_events_for_us_and_events_in_standby(signed):
    here, elsewhere = _people(signed, 2)
    posted = body(PAGE.id, _says(here))
    posted["entry"][0]["standby"] = [None, _says(elsewhere)]
    _answered(signed, [here], posted)
    assert elsewhere.screen == []


@pytest.mark.parametrize("whole", WHOLE, ids=repr)
def test_a_body_without_entries_is_taken_and_does_nothing(signed, whole):
    before = rows(signed.web.store)
    assert post(signed.graph, whole).status_code == 200
    assert rows(signed.web.store) == before


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("name", BAD)
def test_what_one_person_says_in_a_batch_stays_in_order_around_a_bad_event(name, place):
    psid = new_psid()
    events: list[Any] = [message(psid, PAGE.id, word) for word in ("un", "deux", "trois", "quatre")]
    events.insert(place, BAD[name]())
    read = [*events_of(body(PAGE.id, *events), PAGE.id, PAGE.app_id, datetime.now(timezone.utc))]
    assert [each.text for each in read if isinstance(each, Said)] == ["un", "deux", "trois", "quatre"]
    assert {each.psid for each in read} == {psid}


def test_batches_of_one_to_fifty_with_a_bad_event_at_each_position_are_read_whole():
    now, bad = datetime.now(timezone.utc), [*BAD.values()]
    for size in range(1, 51):
        good = [message(new_psid(), PAGE.id, str(number)) for number in range(size)]
        for place in range(size + 1):
            events = [*good[:place], bad[(size + place) % len(bad)](), *good[place:]]
            read = [each.text for each in events_of(body(PAGE.id, *events), PAGE.id, PAGE.app_id, now)]
            assert read == [str(number) for number in range(size)], (size, place)


def test_fifty_messages_of_one_person_in_one_batch_are_answered_in_their_order(signed):
    (marie,) = _people(signed, 1)
    words = [f"phrase {number}" for number in range(50)]
    assert post(signed.graph, body(PAGE.id, *(message(marie.psid, PAGE.id, word) for word in words))).status_code == 200
    signed.settle(60)
    assert received(signed.web.store, marie.psid) == [("text", word) for word in words]
    assert marie.texts_since(0) == [f"réponse à {word}" for word in words]


def test_an_element_that_the_reading_fails_at_stops_none_of_the_others(signed, monkeypatch):
    """Whatever Meta may think of: the reading of one element is made to fail as it would."""
    whole = _Reading.events

    def failing(reading: _Reading) -> Iterator[Any]:
        if reading._message.get("text") == "une forme à venir":
            raise TypeError("a fault")
        return whole(reading)

    monkeypatch.setattr(_Reading, "events", failing)
    page, people = signed.graph.page.id, _people(signed, 3)
    words = ("allo", "une forme à venir", "bonjour")
    posted = body(page, *(message(person.psid, page, word) for person, word in zip(people, words, strict=True)))
    assert post(signed.graph, posted).status_code == 200
    signed.settle()
    assert [person.texts_since(0) for person in people] == [["réponse à allo"], [], ["réponse à bonjour"]]
