"""Meta delivers at least once (F6): the same event, however often, wherever and whenever it comes, is one message and one answer."""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from fake_graph import Chaos
from messaging import account_of
from stand_in import BUTTONS, ERASE, StandIn, body, element, message, post, received, rows, someone, thread, undelivered

from bot.messenger.events import events_of
from bot.messenger.threads import take_in

TIMES, THREADS = 20, 8
SAID, ANSWERED = [("text", "allo")], ["réponse à allo"]


class Pair(NamedTuple):
    """Two servers of one page over one database, and the fake of Meta's that knows the first."""

    first: Any
    second: Any
    assistant: StandIn

    @property
    def graph(self) -> Any:
        """The fake of Meta's."""
        return self.first.graph

    @property
    def store(self) -> Any:
        """The database of both."""
        return self.first.web.store

    @property
    def webhooks(self) -> list[str]:
        """Where each of the two takes events."""
        return [f"{web.url}/messenger/webhook" for web in (self.first.web, self.second)]

    def pour(self, bodies: list[dict[str, Any]]) -> int:
        """Post these bodies from several threads to both servers by turns, each again until it is taken; return how many were refused."""

        def insist(posted: dict[str, Any], url: str) -> int:
            for refused in range(20):
                if post(self.graph, posted, url).status_code == 200:
                    return refused
            raise AssertionError("an event was never taken")

        with ThreadPoolExecutor(THREADS) as pool:
            return sum(pool.map(insist, bodies, itertools.cycle(self.webhooks)))


@pytest.fixture
def serve_pair(serve_messenger: Callable, serve_app: Callable, new_database: Callable[[], str]) -> Callable[..., Any]:
    """A maker of two servers over one database, SQLite and PostgreSQL, as a context manager."""

    @contextmanager
    def serve(url: str | None = None, **said: Any) -> Iterator[Pair]:
        url, assistant = url or new_database(), StandIn()
        with serve_messenger(assistant=assistant, database_url=url, **said) as first:
            account = account_of(first.graph.page, first.graph.url)
            with serve_app(assistant=assistant, database_url=url, messenger=account, **said) as second:
                try:
                    yield Pair(first, second, assistant)
                finally:
                    assistant.release()

    return serve


@pytest.fixture
def pair(serve_pair: Callable) -> Iterator[Pair]:
    """Two servers."""
    with serve_pair() as serving:
        yield serving


def _once(pair: Pair, person: Any) -> None:
    """« allo » is one row of the inbox, and one answer on the screen."""
    pair.first.settle()
    assert received(pair.store, person.psid) == SAID
    assert person.texts_since(0) == ANSWERED
    assert pair.assistant.turns.count(("allo", None)) == 1


def test_the_same_event_from_eight_threads_on_two_servers_is_one_message_and_one_answer(pair):
    marie = pair.graph.person()
    pair.pour([undelivered(pair.graph, lambda: marie.says("allo"))] * TIMES)
    _once(pair, marie)


def test_the_same_event_of_someone_known_is_one_message_too(pair):
    marie = pair.graph.person()
    marie.says("bonjour")
    pair.first.settle()
    pair.pour([undelivered(pair.graph, lambda: marie.says("allo"))] * TIMES)
    pair.first.settle()
    assert received(pair.store, marie.psid) == [("text", "bonjour"), *SAID]
    assert marie.texts_since(0) == ["réponse à bonjour", *ANSWERED]


def test_an_event_that_comes_again_before_during_and_after_its_turn_is_answered_once(pair):
    marie, other = pair.graph.person(), pair.graph.person()
    pair.assistant.hold()
    told = undelivered(pair.graph, lambda: marie.says("allo"))
    told["entry"][0]["messaging"] *= 2
    # Before: twice in one body, and again while another turn holds the assistant.
    pair.pour([undelivered(pair.graph, lambda: other.says("avant")), told, told])
    while ("allo", None) not in pair.assistant.turns:
        assert post(pair.graph, told).status_code == 200
    pair.pour([told] * TIMES)
    assert marie.texts_since(0) == []
    pair.assistant.release()
    _once(pair, marie)
    pair.pour([told] * TIMES)
    _once(pair, marie)


def test_an_event_that_comes_again_after_a_restart_six_days_later_is_not_answered_again(serve_pair, new_database):
    url = new_database()
    with serve_pair(url) as before:
        marie = before.graph.person()
        told = undelivered(before.graph, lambda: marie.says("allo"))
        before.pour([told] * 2)
        _once(before, marie)
        now = before.store.now
    with serve_pair(url, now=lambda: now() + timedelta(days=6)) as after:
        again = someone(after.graph, marie.psid)
        after.pour([told] * TIMES)
        after.first.settle()
        assert received(after.store, marie.psid) == SAID
        assert again.screen == []
        assert after.assistant.turns == []


def test_an_event_acknowledged_by_a_server_that_is_gone_is_answered_once_by_the_next_one(serve_pair, serve_app, new_database):
    url = new_database()
    with serve_pair(url) as serving:
        page, marie, now = serving.graph.page, someone(serving.graph), serving.store.now()
        told = body(page.id, message(marie.psid, page.id, "allo"))
        account = account_of(page, serving.graph.url)
        # What a server does before it acknowledges; then it is gone.
        serving.store.run_here(take_in, account, [*events_of(told, page.id, page.app_id, now)], now)
        serving.pour([told] * TIMES)
        assert received(serving.store, marie.psid) == SAID
        with serve_app(assistant=serving.assistant, database_url=url, messenger=account):
            _once(serving, marie)


def test_events_of_a_conversation_that_its_person_erased_are_not_answered_again(pair):
    marie = pair.graph.person()
    told = [undelivered(pair.graph, lambda text=text: marie.says(text)) for text in ("allo", ERASE)]
    for each in told:
        pair.pour([each])
        pair.first.settle()
    while not any("EF-" in text for text in marie.texts_since(0)):
        pair.first.settle()
    shown = marie.texts_since(0)
    assert len(shown) == 2
    pair.pour([each for each in told for _ in range(TIMES)])
    pair.first.settle()
    assert marie.texts_since(0) == shown
    assert thread(pair.store, marie.psid) is None
    assert {"conversation", "inbox", "outbox", "choice"} & rows(pair.store).keys() == set()


def test_who_writes_anew_after_an_erasure_is_answered(pair):
    marie = pair.graph.person()
    for text in ("allo", ERASE, "allo"):
        pair.pour([undelivered(pair.graph, lambda text=text: marie.says(text))])
        pair.first.settle()
    assert received(pair.store, marie.psid) == SAID
    assert [text for text in marie.texts_since(0) if "EF-" not in text] == ANSWERED * 2


def _pressed(pair: Pair, person: Any, payload: str, at_ms: int) -> dict[str, Any]:
    """Return a postback as Meta wrote them before v11: without an id."""
    page = pair.graph.page.id
    return body(page, {**element(person.psid, page, postback={"title": "Trouver un mentor", "payload": payload}), "timestamp": at_ms})


def test_a_postback_without_an_id_is_known_by_its_person_its_moment_and_its_payload(pair):
    marie, ali = someone(pair.graph), someone(pair.graph)
    at_ms = pair.graph.now_ms()
    mentor, money = "aiguilleur:mentorat", "aiguilleur:financement"
    different = [(marie, mentor, at_ms), (marie, mentor, at_ms + 1), (marie, money, at_ms), (ali, mentor, at_ms)]
    pair.pour([_pressed(pair, *each) for each in different for _ in range(TIMES // 2)])
    pair.first.settle()
    assert [kind for kind, _ in received(pair.store, marie.psid)] == ["choice"] * 3
    assert [kind for kind, _ in received(pair.store, ali.psid)] == ["choice"]
    assert (len(marie.texts_since(0)), len(ali.texts_since(0))) == (3, 1)


def test_a_pressed_button_that_comes_again_is_pressed_once(pair):
    marie = pair.graph.person()
    pair.pour([undelivered(pair.graph, lambda: marie.says(BUTTONS))])
    pair.first.settle()
    pair.pour([undelivered(pair.graph, lambda: marie.taps("Oui, bien sûr"))] * TIMES)
    pair.first.settle()
    assert received(pair.store, marie.psid) == [("text", BUTTONS), ("choice", "Oui, bien sûr")]
    assert [text for text, payload in pair.assistant.turns if payload == "/affirm"] == ["Oui, bien sûr"]
    assert len(marie.texts_since(0)) == 2


def test_a_photo_with_words_that_comes_again_is_two_messages_and_no_more(pair):
    marie = someone(pair.graph)
    page = pair.graph.page.id
    photo = {"type": "image", "payload": {"url": "https://scontent.xx.fbcdn.net/v/1"}}
    pair.pour([body(page, message(marie.psid, page, "allo", attachments=[photo]))] * TIMES)
    pair.first.settle()
    assert received(pair.store, marie.psid) == [*SAID, ("media", "[photo]")]
    assert len(marie.texts_since(0)) == 2


def test_two_people_or_two_messages_of_the_same_words_are_two(pair):
    marie, ali = pair.graph.person(), pair.graph.person()
    pair.pour([undelivered(pair.graph, lambda who=who: who.says("allo")) for who in (marie, ali, marie)])
    pair.first.settle()
    assert (received(pair.store, marie.psid), received(pair.store, ali.psid)) == (SAID * 2, SAID)
    assert (marie.texts_since(0), ali.texts_since(0)) == (ANSWERED * 2, ANSWERED)


def test_first_messages_that_reach_both_servers_at_once_begin_one_conversation(pair):
    people, words = [pair.graph.person() for _ in range(6)], [f"phrase {number}" for number in range(THREADS)]
    for who in people:
        # Nobody is told to come again: who comes second finds the conversation that the first began.
        assert pair.pour([undelivered(pair.graph, lambda word=word, who=who: who.says(word)) for word in words]) == 0
    pair.first.settle()
    assert rows(pair.store)["messenger_thread"] == len(people)
    for who in people:
        assert sorted(text for _, text in received(pair.store, who.psid)) == words
        assert sorted(who.texts_since(0)) == [f"réponse à {word}" for word in words]


def test_batches_that_hold_the_same_events_in_other_orders_store_each_once(pair):
    people = [pair.graph.person() for _ in range(4)]
    told = [
        undelivered(pair.graph, lambda who=who, n=n: who.says(f"phrase {n}"))["entry"][0]["messaging"][0] for who in people for n in (1, 2)
    ]
    orders = [told, told[::-1], told[3:] + told[:3], told[::2] + told[1::2]]
    pair.pour([body(pair.graph.page.id, *order) for order in orders])
    pair.first.settle()
    for who in people:
        assert sorted(received(pair.store, who.psid)) == [("text", "phrase 1"), ("text", "phrase 2")]
        assert sorted(who.texts_since(0)) == ["réponse à phrase 1", "réponse à phrase 2"]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_meta_doubles_groups_or_holds_back_each_message_is_answered_once(pair, seed):
    pair.graph.chaos = Chaos(seed=seed, duplicate=0.6, batch=0.4, reorder=0.3)
    people = [pair.graph.person() for _ in range(4)]
    for number in range(5):
        for who in people:
            who.says(f"phrase {number}")
    pair.first.settle()
    for who in people:
        assert sorted(who.texts_since(0)) == [f"réponse à phrase {number}" for number in range(5)]
        assert len(received(pair.store, who.psid)) == 5
    assert pair.graph.subscribed
