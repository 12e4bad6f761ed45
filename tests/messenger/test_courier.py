"""F15, F16, F18: answers reach their people in order and within Meta's window, whatever becomes of the rest, through any stop."""

import time
from datetime import datetime, timedelta, timezone

import pytest
from desk import Desk, shown
from fake_graph import FakeGraph, Page, cut, error, hang, invalid_json, latency, reset, server_error
from neutral import reply, words
from sqlalchemy import select, update
from stand_in import StandIn

from bot.conversations.models import DUE, SENT, STOPPED, Choice, Delivery, Inbound
from bot.messenger import courier
from bot.messenger.rendering import rendered
from bot.messenger.splitting import tidy

DAY = timedelta(hours=24)
SENTENCE = "Le pôle de votre région accompagne les projets collectifs. "
# Less than what a request that hangs holds up.
AT_ONCE_S = 8
FAILURES = (error(1), error(100), error(190), server_error(html=True), reset(), cut(), invalid_json(), hang())


class Ahead:
    """The clock of the machine, ahead by what the test says."""

    def __init__(self) -> None:
        self.by = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(timezone.utc) + self.by


def long_text(parts: int) -> str:
    """Return a text of so many parts, in which each sentence is numbered."""
    text = "".join(f"{number}. {SENTENCE}" for number in range(parts * 30))
    assert len(rendered(reply(text))) >= parts
    return text


def test_an_answer_is_an_answer_to_a_message_and_says_so(desk):
    marie = desk.someone()
    desk.owe(marie, "un", reply("Lequel?", "Oui", "Non"), reply("", cards=[{"name": "Pôle", "website": "pole.example"}]))
    desk.owe(marie, reply("Où?", *(f"MRC {n}" for n in range(20))))
    desk.settle()
    desk.on_the_loop(lambda: desk.courier.seen(marie.psid))
    desk.until(lambda: marie.typing)
    sent = [each.body for each in desk.graph.accepted]
    assert [body.get("messaging_type") for body in sent if "message" in body] == ["RESPONSE"] * 5
    assert [body["sender_action"] for body in sent if "message" not in body] == ["mark_seen", "typing_on"]
    assert desk.graph.refusals == []


def test_the_answers_of_each_person_come_in_order_with_many_at_once(desk):
    people = [desk.someone() for _ in range(30)]
    desk.graph.faults.always(latency(0.01))
    text = long_text(3)
    for person in people:
        desk.owe(person, "un", text, "trois")
    desk.settle()
    expected = ["un", *(words(message) for message in rendered(reply(text))), "trois"]
    assert [shown(person) for person in people] == [expected] * 30
    assert desk.counts == {"sent": 30 * len(expected)}
    assert desk.states(people[0]) == [(SENT, None)] * 3


def test_someone_for_whom_graph_hangs_holds_up_nobody_else(desk):
    marie, jean = desk.someone(), desk.someone()
    desk.graph.faults.next(hang())
    desk.owe(marie, "un", "deux")
    desk.until(lambda: len(desk.recorder.requests) == 1)
    began = time.monotonic()
    desk.owe(jean, "un", "deux")
    desk.until(lambda: len(shown(jean)) == 2)
    assert time.monotonic() - began < AT_ONCE_S
    assert shown(marie) == []
    desk.graph.faults.release()
    desk.settle()
    assert shown(marie) == ["un", "deux"]


def test_what_arrived_is_noted_though_others_for_whom_graph_hangs_take_every_place(tmp_path, graph, wait, swift, monkeypatch):
    monkeypatch.setattr(courier, "SENDS_AT_ONCE", 1)
    graph.faults.next(latency(0.5), hang())
    with Desk(f"sqlite:///{tmp_path / 'c.db'}", graph, wait) as desk:
        marie, jean = desk.someone(), desk.someone()
        desk.owe(marie, "un", "deux")
        desk.until(lambda: len(desk.recorder.requests) == 1)
        desk.owe(jean, "un")
        desk.until(lambda: len(desk.recorder.requests) == 2)
        # Were the process to die now, « un » would be sent again.
        desk.until(lambda: desk.rows(marie)[0].state == SENT, patience_s=3)
        graph.faults.release()
        desk.settle()
        assert shown(marie) == ["un", "deux"]


@pytest.mark.parametrize(("passed", "is_sent"), [(DAY - timedelta(seconds=1), True), (DAY + timedelta(seconds=1), False)])
def test_the_window_of_a_day_is_kept_to_the_second(tmp_path, wait, clock, passed, is_sent):
    with FakeGraph(Page.example(), now=clock) as graph, Desk(f"sqlite:///{tmp_path / 'c.db'}", graph, wait, clock) as desk:
        marie = desk.someone()
        clock.time += passed
        desk.owe(marie, "un", "deux")
        desk.settle()
        assert shown(marie) == (["un", "deux"] if is_sent else [])
        assert desk.states(marie) == ([(SENT, None)] * 2 if is_sent else [(STOPPED, "window")] * 2)
        assert desk.counts == ({"sent": 2} if is_sent else {"stopped: window": 1})
        assert graph.refusals == []


def test_who_writes_again_after_the_window_is_answered_and_not_sent_what_was_given_up(tmp_path, wait, clock):
    with FakeGraph(Page.example(), now=clock) as graph, Desk(f"sqlite:///{tmp_path / 'c.db'}", graph, wait, clock) as desk:
        marie = desk.someone()
        clock.move(hours=25)
        desk.owe(marie, "trop tard")
        desk.settle()
        desk.hear(marie, "allo?")
        desk.owe(marie, "à temps")
        desk.settle()
        assert shown(marie) == ["à temps"]
        assert desk.states(marie) == [(STOPPED, "window"), (SENT, None)]


@pytest.mark.parametrize(("passed", "is_sent"), [(DAY - timedelta(seconds=1), True), (DAY + timedelta(seconds=1), False)])
def test_an_answer_that_took_a_day_to_make_is_sent_within_the_window_only(serve_messenger, clock, passed, is_sent):
    slow = StandIn()
    slow.hold()
    with serve_messenger(assistant=slow, now=clock) as messenger:
        marie = messenger.person()
        marie.says("le RISQ prête combien?")
        messenger.graph.idle()
        deadline = time.monotonic() + 20
        while not slow.turns:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        clock.time += passed
        slow.release()
        messenger.settle()
        states = messenger.web.store.run_here(lambda session: session.execute(select(Delivery.state, Delivery.reason)).all())
        assert shown(marie) == (["réponse à le RISQ prête combien?"] if is_sent else [])
        assert states == [(SENT, None) if is_sent else (STOPPED, "window")]
        # That the message was seen may be told when the clock has moved already: nobody waits for it.
        assert [refused for refused in messenger.graph.refusals if "message" in refused.body] == []


@pytest.mark.parametrize("failure", FAILURES, ids=lambda fault: f"{fault.kind}-{fault.code or fault.status}")
def test_a_sender_action_that_fails_or_hangs_delays_no_answer(desk, failure):
    people = [desk.someone() for _ in range(courier.ACTIONS_AT_ONCE + 10)]
    desk.graph.faults.always(failure, path="actions")
    desk.on_the_loop(lambda: [desk.courier.seen(person.psid) for person in people])
    began = time.monotonic()
    for person in people:
        desk.owe(person, "un")
    desk.settle()
    assert time.monotonic() - began < AT_ONCE_S
    assert [shown(person) for person in people] == [["un"]] * len(people)
    assert desk.counts["sent"] == len(people)


def test_sender_actions_that_hang_do_not_keep_a_process_from_stopping(tmp_path, graph, wait):
    graph.faults.always(hang(), path="actions")
    with Desk(f"sqlite:///{tmp_path / 'c.db'}", graph, wait) as desk:
        marie = desk.someone()
        desk.on_the_loop(lambda: desk.courier.seen(marie.psid))
        desk.rest()
        began = time.monotonic()
    assert time.monotonic() - began < AT_ONCE_S


def test_with_sender_actions_that_hang_a_conversation_goes_on_as_ever(serve_messenger):
    with serve_messenger(assistant=StandIn()) as messenger:
        messenger.graph.faults.always(hang(), path="actions")
        marie = messenger.person()
        began = time.monotonic()
        assert [messenger.say(marie, text) for text in ("un", "deux")] == ["réponse à un", "réponse à deux"]
        assert time.monotonic() - began < AT_ONCE_S


@pytest.mark.parametrize(
    ("typed", "title"), [("1", "MRC 1"), ("27", "MRC 27"), (" 27. ", "MRC 27"), ("40)", "MRC 40"), ("41", None), ("0", None)]
)
def test_a_choice_is_reached_by_the_number_that_is_typed(desk, typed, title):
    marie = desk.someone()
    desk.owe(marie, reply("Où?", *(f"MRC {n}" for n in range(1, 41))))
    desk.settle()
    desk.hear(marie, typed)
    query = select(Choice.title).join(Inbound, Inbound.choice_id == Choice.id).where(Inbound.conversation_id == desk.name_of(marie))
    assert desk.store.run_here(lambda session: session.execute(query).scalars().all()) == ([title] if title else [])


def test_what_is_left_by_an_earlier_process_is_sent_without_anybody_waking(tmp_path, graph, wait, monkeypatch):
    url = f"sqlite:///{tmp_path / 'c.db'}"
    monkeypatch.setattr(courier, "FIRST_BACKOFF_S", 0)
    graph.faults.always(error(613))
    with Desk(url, graph, wait) as desk:
        marie = desk.someone()
        desk.owe(marie, "un")
        desk.until(lambda: desk.courier.counts["again"] > 1)
    graph.faults.clear()
    with Desk(url, graph, wait) as desk:
        desk.settle()
        assert shown(marie) == ["un"]


def test_a_reply_cut_in_the_middle_goes_on_where_it_was_after_a_restart(tmp_path, graph, wait, monkeypatch):
    url, ahead, text = f"sqlite:///{tmp_path / 'c.db'}", Ahead(), long_text(4)
    parts = [words(message) for message in rendered(reply(text))]
    monkeypatch.setattr(courier, "FIRST_BACKOFF_S", 60)
    graph.faults.next(latency(0), latency(0), error(613))
    with Desk(url, graph, wait, ahead) as desk:
        marie = desk.someone()
        desk.owe(marie, text, "fin")
        desk.until(lambda: desk.counts.get("again"))
    assert shown(marie) == parts[:2]
    ahead.by = timedelta(minutes=5)
    with Desk(url, graph, wait, ahead) as desk:
        desk.settle()
        assert shown(marie) == [*parts, "fin"]
        assert "".join(parts) == tidy(text)
        assert [(row.state, row.doubtful) for row in desk.rows(marie)] == [(SENT, 0)] * 2


def test_a_part_that_was_on_its_way_when_the_process_died_is_sent_again_once_and_counted(tmp_path, graph, wait, monkeypatch):
    url, ahead, text = f"sqlite:///{tmp_path / 'c.db'}", Ahead(), long_text(3)
    parts = [words(message) for message in rendered(reply(text))]
    # No time is left to finish the request.
    monkeypatch.setattr(courier, "DRAIN_S", 0.05)
    graph.faults.next(latency(0), hang(accepted=True))
    with Desk(url, graph, wait, ahead) as desk:
        marie = desk.someone()
        desk.owe(marie, text)
        desk.until(lambda: len(shown(marie)) == 2)
    with Desk(url, graph, wait, ahead) as desk:
        desk.wake(marie)
        desk.rest()
        assert shown(marie) == parts[:2], "another process may still have it in hand"
        ahead.by = timedelta(seconds=21)
        desk.wake(marie)
        desk.settle()
        assert shown(marie) == [*parts[:2], *parts[1:]]
        assert [(row.state, row.doubtful) for row in desk.rows(marie)] == [(SENT, 1)]


def test_two_processes_over_one_database_send_each_part_once(tmp_path, graph, wait):
    url, text = f"sqlite:///{tmp_path / 'c.db'}", long_text(3)
    with Desk(url, graph, wait) as one, Desk(url, graph, wait) as other:
        people = [one.someone() for _ in range(8)]
        for person in people:
            one.owe(person, text, "fin")
            other.wake(person)
        one.settle()
        expected = [*(words(message) for message in rendered(reply(text))), "fin"]
        assert [shown(person) for person in people] == [expected] * 8


def test_a_reply_of_which_a_newer_program_makes_fewer_parts_holds_up_nothing(desk):
    marie = desk.someone()
    desk.graph.faults.next(error(551))
    desk.owe(marie, "un")
    desk.settle()
    # As a version left it that had cut this text in five, of which four were sent.
    left = update(Delivery).values(state=DUE, reason=None, parts=4).execution_options(synchronize_session=False)
    desk.store.run_here(lambda session: session.execute(left))
    desk.owe(marie, "deux")
    desk.settle(3)
    assert shown(marie)[-1] == "deux"


def test_a_sign_that_utf8_cannot_hold_holds_up_nothing(desk):
    marie = desk.someone()
    desk.owe(marie, "avant \ud83d après", "deux")
    desk.settle(3)
    first, second = shown(marie)
    assert (first[:6], first[-6:], second) == ("avant ", " après", "deux")


def test_who_had_everything_erased_is_told_the_number_of_the_proof(desk):
    marie = desk.someone()
    desk.graph.faults.next(error(613), cut())
    desk.on_the_loop(lambda: desk.courier.farewell(marie.psid, "A1B2-C3D4"))
    desk.until(lambda: len(desk.recorder.requests) == 3)
    desk.until(lambda: len(shown(marie)) == 2)
    assert all("A1B2-C3D4" in text for text in shown(marie))
    assert desk.graph.refusals == []
