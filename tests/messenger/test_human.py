"""A person of the page in the conversation (F21): the robot is silent as long as they have it, and says that it is back."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from clocks import ShiftedClock
from messaging import Messenger
from stand_in import ERASE, StandIn, element, message, post, received, undelivered
from stand_in import body as body_of

from bot.dispatch import BACK
from bot.messenger.threads import BUSY


@pytest.fixture
def clock() -> ShiftedClock:
    """The clock of the server and of Meta."""
    return ShiftedClock()


@pytest.fixture
def served(serve_messenger: Callable, clock: ShiftedClock) -> Iterator[tuple[Messenger, StandIn]]:
    """The channel on a stand-in, with a person of the page who keeps a thread two hours."""
    assistant = StandIn()
    with serve_messenger(assistant=assistant, now=clock, account={"human": timedelta(hours=2)}) as serving:
        yield serving, assistant


def _texts(shown: list[Any]) -> list[str]:
    return [each.text for each in shown]


def test_the_robot_is_silent_while_a_person_has_the_thread_and_keeps_nothing_of_it(served):
    messenger, assistant = served
    marie = messenger.person()
    assert _texts(messenger.told(marie, lambda: marie.says("allo"))) == ["réponse à allo"]
    messenger.graph.take_control(marie)
    assert messenger.told(marie, lambda: marie.says("c'est entre nous")) == []
    assert received(messenger.web.store, marie.psid) == [("text", "allo")]
    assert len(assistant.turns) == 1


def test_it_says_that_it_is_back_once_the_thread_is_given_back(served):
    messenger, _ = served
    marie = messenger.person()
    messenger.told(marie, lambda: marie.says("allo"))
    messenger.graph.take_control(marie)
    messenger.told(marie, lambda: marie.says("c'est entre nous"))
    messenger.graph.pass_control(marie)
    assert _texts(messenger.told(marie, lambda: marie.says("re"))) == [BACK, "réponse à re"]
    assert _texts(messenger.told(marie, lambda: marie.says("et puis"))) == ["réponse à et puis"]


@pytest.mark.parametrize(("hours", "answered"), [(1.9, False), (2.1, True)])
def test_an_answer_from_the_inbox_of_the_page_takes_the_thread_until_it_is_old(served, clock, hours, answered):
    messenger, _ = served
    marie = messenger.person()
    messenger.told(marie, lambda: marie.says("allo"))
    messenger.told(marie, lambda: messenger.graph.human_replies(marie, "Bonjour, ici Luc."))
    messenger.graph.release_control(marie)
    clock.shift = timedelta(hours=hours)
    assert _texts(messenger.told(marie, lambda: marie.says("re"))) == ([BACK, "réponse à re"] if answered else [])


def test_each_message_of_the_person_of_the_page_keeps_the_thread_longer(served, clock):
    messenger, _ = served
    marie = messenger.person()
    messenger.told(marie, lambda: marie.says("allo"))
    for hours in (0, 1.5):
        clock.shift = timedelta(hours=hours)
        messenger.told(marie, lambda: messenger.graph.human_replies(marie, "Un instant."))
    messenger.graph.release_control(marie)
    clock.shift = timedelta(hours=3)
    assert messenger.told(marie, lambda: marie.says("re")) == []


def test_an_old_button_of_ours_that_meta_still_sends_us_meanwhile_is_not_answered(served):
    """Meta sends a postback to the application that made its button, whoever has the thread (webhook-events/standby, 2024-09-25)."""
    messenger, assistant = served
    marie = messenger.person()
    messenger.told(marie, lambda: marie.says("des boutons"))
    messenger.graph.own_postbacks_reach_us = True
    messenger.graph.take_control(marie)
    assert messenger.told(marie, lambda: marie.taps("Non")) == []
    assert len(assistant.turns) == 1


@pytest.mark.parametrize("taken", ["by conversation routing", "by an answer"])
def test_what_was_on_its_way_is_given_up_when_a_person_takes_the_thread(served, taken):
    """No message is even tried: a page without conversation routing would show it, beside its person."""
    from sqlalchemy import select

    from bot.conversations.models import Delivery

    messenger, assistant = served
    marie = messenger.person()
    messenger.told(marie, lambda: marie.says("allo"))
    assistant.hold()
    shown = len(marie.screen)
    marie.says("une longue question")
    messenger.graph.idle(10)
    if taken == "by an answer":
        messenger.graph.human_replies(marie, "Bonjour, ici Luc.")
        messenger.graph.release_control(marie)
    else:
        messenger.graph.take_control(marie)
    messenger.graph.idle(10)
    assistant.release()
    messenger.settle()
    assert [each.text for each in marie.screen[shown:] if each.by == "page"] == []
    assert [refused for refused in messenger.graph.refusals if "message" in refused.body] == []
    ends = messenger.web.store.run_here(lambda session: session.execute(select(Delivery.state, Delivery.reason)).all())
    assert ends == [("sent", None), ("stopped", "human")]


def test_news_of_the_thread_may_come_late_or_in_any_order(served):
    messenger, _ = served
    marie = messenger.person()
    messenger.told(marie, lambda: marie.says("allo"))
    taken = undelivered(messenger.graph, lambda: messenger.graph.take_control(marie))
    given = undelivered(messenger.graph, lambda: messenger.graph.pass_control(marie))
    assert [post(messenger.graph, each).status_code for each in (given, taken, taken)] == [200, 200, 200]
    assert _texts(messenger.told(marie, lambda: marie.says("re")))[-1] == "réponse à re"


def test_a_person_of_the_page_who_wrote_first_is_not_broken_in_upon(served):
    """A page without conversation routing hears of it by the echo alone, and of the answer as of any message."""
    messenger, assistant = served
    marie = messenger.person()
    messenger.graph.human_replies(marie, "Bonjour Marie, ici Luc de la coop.")
    assert messenger.told(marie, lambda: marie.says("merci Luc")) == []
    assert (assistant.turns, received(messenger.web.store, marie.psid)) == ([], [])


def test_an_erasure_does_not_give_the_thread_back(served):
    messenger, _ = served
    marie = messenger.person()
    messenger.told(marie, lambda: marie.says("allo"))
    messenger.told(marie, lambda: messenger.graph.human_replies(marie, "Bonjour, ici Luc."))
    request = messenger.graph.deletion_request(marie.psid)
    assert messenger.web.client.post("/messenger/suppression", data={"signed_request": request}).status_code == 200
    assert messenger.told(marie, lambda: marie.says("et la suite?")) == []


def test_what_is_written_while_an_erasure_is_under_way_is_answered_in_the_next_conversation(served):
    messenger, assistant = served
    marie = messenger.person()
    messenger.told(marie, lambda: marie.says("allo"))
    assistant.hold()
    for text in (ERASE, "je cherche un mentor", "à Matane"):
        marie.says(text)
        messenger.graph.idle(10)
    assistant.release()
    messenger.settle()
    assert received(messenger.web.store, marie.psid) == [("text", "je cherche un mentor"), ("text", "à Matane")]
    told = [each.text for each in marie.screen if each.by == "page"]
    assert [each for each in told if each.startswith("réponse")] == [
        "réponse à allo",
        "réponse à je cherche un mentor",
        "réponse à à Matane",
    ]


def test_it_says_that_it_is_back_even_when_the_first_message_came_among_too_many(served, monkeypatch):
    monkeypatch.setattr("bot.messenger.threads.MAX_WAITING", 1)
    messenger, assistant = served
    marie = messenger.person()
    messenger.told(marie, lambda: marie.says("allo"))
    assistant.hold()
    marie.says("une longue question")
    messenger.graph.idle(10)
    messenger.graph.take_control(marie)
    messenger.graph.pass_control(marie)
    assert _texts(messenger.told(marie, lambda: (marie.says("es-tu là?"), messenger.graph.idle(10), assistant.release())))[0] == BUSY
    assert _texts(messenger.told(marie, lambda: marie.says("re"))) == [BACK, "réponse à re"]


def test_news_of_someone_who_never_wrote_is_let_pass(served):
    messenger, _ = served
    page = messenger.graph.page
    handover = {"pass_thread_control": {"new_owner_app_id": "1"}}
    assert post(messenger.graph, body_of(page.id, element("4242", page.id, **handover))).status_code == 200
    assert post(messenger.graph, body_of(page.id, message("4343", page.id, "allo"), field="standby")).status_code == 200
    assert received(messenger.web.store, "4343") == []
