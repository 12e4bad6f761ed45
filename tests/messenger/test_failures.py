"""F25: what each answer of Graph's means for a message: sent again, once more at most, given up, or told in plain words with an alarm."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from desk import Desk, shown
from fake_graph import FakeGraph, Fault, cut, error, error_in_200, hang, invalid_json, latency, reset, reset_mid_body, server_error
from neutral import reply, words

from bot.conversations.models import DUE, SENT, STOPPED
from bot.messenger import courier
from bot.messenger import graph as graph_module
from bot.messenger.courier import MAX_DOUBTFUL, backoff_s
from bot.messenger.rendering import rendered
from cli.stack import free_port

TAKEN = latency(0)
AGAIN = {
    **{f"code {code}": error(code) for code in (1, 2, 4, 613)},
    **{f"code {code} as HTTP {status}": error(code, status=status) for code, status in ((4, 403), (613, 400), (2, 200))},
    **{
        "HTTP 500 in JSON": server_error(500),
        "HTTP 503 in JSON": server_error(503),
        "an unknown code in HTTP 500": error(9999, status=500),
        "HTTP 500 of a proxy": server_error(500, html=True),
        "HTTP 502 of a proxy": server_error(502, html=True),
    },
    **{"HTTP 429 without JSON": Fault("answer", status=429, body=b"slow down", content_type="text/plain")},
    **{"HTTP 429 with an unknown code": error(9999, status=429), "code 613 in HTTP 200": error_in_200(613)},
}
UNKNOWN = {
    "reset before any answer": reset(),
    "JSON that stops short": invalid_json(accepted=False),
    "no message_id": Fault("answer", body=b'{"recipient_id": "1"}'),
    "a list": Fault("answer", body=b"[]"),
}
UNKNOWN_AND_TAKEN = {"cut after it was taken": cut(), "reset in the middle of the answer": reset_mid_body(), "invalid JSON": invalid_json()}
GIVEN_UP = {
    "the window is closed": (error(10, 2018278, 403), "window"),
    "the person cannot be reached": (error(551), "unavailable"),
    "the person blocked the page": (error(230, status=403), "unavailable"),
    "the person is not available": (error(200, 1545041, 403), "unavailable"),
    "another application owns the thread": (error(10, 2018300, 403), "human"),
}
REFUSED = {
    "code 100": error(100),
    "code 100 in HTTP 200": error_in_200(100),
    "an unknown code": error(9999),
}
# A permission of the application is missing: its operator can mend it within the window.
NOT_ALLOWED = {"code 10 without a subcode": error(10), "code 200": error(200, status=403), "code 299": error(299, status=403)}
QUESTION = reply("Que cherchez-vous?", "Du financement", "Un mentor")


def cases(table: dict[str, Any]) -> Any:
    """Return the parameters of a table, each under its name."""
    return pytest.mark.parametrize("case", [*table.values()], ids=[*table])


@pytest.fixture
def alarms(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What the operator was alarmed with until now."""
    return lambda: [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> Desk:
    """A desk that sends again only after ten minutes."""
    monkeypatch.setattr(courier, "FIRST_BACKOFF_S", 600)
    monkeypatch.setattr(courier, "MOST_BACKOFF_S", 6000)
    return desk


@pytest.fixture
def brief_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused token stops everything for half a second."""
    monkeypatch.setattr(courier, "TOKEN_PAUSE_S", 0.5)
    monkeypatch.setattr(courier, "SWEEP_S", 0.1)


@cases(AGAIN)
def test_what_graph_refuses_for_a_while_is_sent_again_until_taken_and_shown_once(desk, case, alarms):
    marie = desk.someone()
    desk.graph.faults.next(case, case, case)
    desk.owe(marie, "un", "deux")
    desk.settle()
    assert shown(marie) == ["un", "deux"]
    assert desk.counts == {"sent": 2, "again": 3}
    assert len(desk.recorder.requests) == 5
    assert [(row.state, row.doubtful) for row in desk.rows(marie)] == [(SENT, 0), (SENT, 0)]
    assert alarms() == []


@cases({**UNKNOWN, **UNKNOWN_AND_TAKEN})
def test_what_may_have_been_done_is_sent_again_and_counted(desk, case, alarms):
    marie = desk.someone()
    desk.graph.faults.next(case, case)
    desk.owe(marie, "un", "deux")
    desk.settle()
    assert shown(marie) == ["un"] * (3 if case.accepted else 1) + ["deux"]
    assert desk.counts == {"sent": 2, "doubtful": 2}
    assert len(desk.recorder.requests) == 4
    assert [(row.state, row.doubtful) for row in desk.rows(marie)] == [(SENT, 2), (SENT, 0)]
    assert alarms() == []


@cases(UNKNOWN_AND_TAKEN)
def test_of_a_message_whose_outcome_is_never_known_there_are_few_copies(desk, case):
    marie = desk.someone()
    desk.graph.faults.next(*[case] * (1 + MAX_DOUBTFUL))
    desk.owe(marie, "un", "deux")
    desk.settle()
    assert shown(marie) == ["un"] * (1 + MAX_DOUBTFUL) + ["deux"]
    assert desk.counts == {"doubtful": MAX_DOUBTFUL, "presumed": 1, "sent": 1}
    assert [(row.state, row.reason, row.doubtful) for row in desk.rows(marie)] == [(STOPPED, "presumed", MAX_DOUBTFUL), (SENT, None, 0)]


def test_of_a_later_part_whose_outcome_is_never_known_there_are_no_more_copies(desk):
    marie, text = desk.someone(), "".join(f"{n}. Une phrase assez ordinaire. " for n in range(150))
    parts = [words(message) for message in rendered(reply(text))]
    assert len(parts) == 3
    desk.graph.faults.next(TAKEN, TAKEN, *[cut()] * 12)
    desk.owe(marie, text)
    desk.settle()
    assert shown(marie) == [*parts[:2], *[parts[2]] * (1 + MAX_DOUBTFUL)]


def test_the_doubts_of_a_part_are_not_those_of_the_next(desk):
    marie, text = desk.someone(), "".join(f"{n}. Une phrase assez ordinaire. " for n in range(150))
    desk.graph.faults.next(*[*[reset()] * MAX_DOUBTFUL, TAKEN] * 3)
    desk.owe(marie, text)
    desk.settle()
    assert shown(marie) == [words(message) for message in rendered(reply(text))]
    assert [(row.state, row.reason, row.doubtful) for row in desk.rows(marie)] == [(SENT, None, 3 * MAX_DOUBTFUL)]


def test_an_answer_that_does_not_come_in_time_may_have_been_done(graph, tmp_path, wait, swift, monkeypatch):
    monkeypatch.setattr(graph_module, "TIMEOUT", httpx.Timeout(0.4))
    graph.faults.next(hang(accepted=True))
    with Desk(f"sqlite:///{tmp_path / 'c.db'}", graph, wait) as desk:
        marie = desk.someone()
        desk.owe(marie, "un")
        desk.settle()
        assert shown(marie) == ["un", "un"]
        assert desk.counts == {"doubtful": 1, "sent": 1}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_where_no_connection_is_made_nothing_is_in_doubt(graph, tmp_path, wait, swift, scheme):
    """Refused where nobody listens; under https, the fake does not speak TLS."""
    port = free_port()
    place = f"{scheme}://127.0.0.1:{port}" if scheme == "http" else graph.url.replace("http:", "https:")
    with Desk(f"sqlite:///{tmp_path / 'c.db'}", graph, wait, graph_url=place) as desk:
        marie = desk.someone()
        desk.owe(marie, "un")
        desk.until(lambda: desk.counts.get("again", 0) > 2)
        assert set(desk.counts) == {"again"}
        assert [(row.state, row.doubtful) for row in desk.rows(marie)] == [(DUE, 0)]
        assert shown(marie) == []
        if scheme == "http":
            with FakeGraph(graph.page, port=port) as back:
                back.person(marie.psid).says("Bonjour")
                desk.settle()
                assert shown(back.person(marie.psid)) == ["un"]
                assert [(row.state, row.doubtful) for row in desk.rows(marie)] == [(SENT, 0)]


@pytest.mark.parametrize(("case", "doubtful"), [(error(613), 0), (server_error(), 0), (cut(), 1), (error(190), 0)])
def test_what_waits_to_be_sent_again_waits_in_the_database(slow, case, doubtful):
    marie = slow.someone()
    slow.graph.faults.next(case)
    before = slow.store.now()
    slow.owe(marie, "un", "deux")
    slow.until(lambda: slow.rows(marie)[0].next_at > before + timedelta(seconds=60))
    first, second = slow.rows(marie)
    assert (first.state, first.attempts, first.doubtful, first.trying_at, first.parts) == (DUE, 1, doubtful, None, 0)
    least_s = 600 * (courier.DOUBT_WAITS if doubtful else 1)
    assert timedelta(seconds=least_s) <= first.next_at - before <= timedelta(seconds=1.5 * least_s + 20)
    assert (second.state, second.attempts) == (DUE, 0)
    slow.wake(marie)
    slow.rest()
    assert len(slow.recorder.requests) == 1


def test_each_new_attempt_waits_longer(desk, monkeypatch):
    monkeypatch.setattr(courier, "FIRST_BACKOFF_S", 0.1)
    monkeypatch.setattr(courier, "MOST_BACKOFF_S", 60)
    marie = desk.someone()
    desk.graph.faults.next(*[error(613)] * 4)
    desk.owe(marie, "un")
    desk.settle()
    assert len(desk.gaps_s) == 4
    assert [gap > least for gap, least in zip(desk.gaps_s, (0.09, 0.19, 0.39, 0.79), strict=True)] == [True] * 4


def test_a_clock_that_lags_behind_the_timers_makes_nothing_wait_for_the_next_search(graph, tmp_path, wait, swift, monkeypatch):
    monkeypatch.setattr(courier, "SWEEP_S", 600)
    began, started = datetime.now(timezone.utc), time.monotonic()

    def lagging() -> datetime:
        return began + timedelta(seconds=(time.monotonic() - started) * 0.8)

    graph.faults.next(error(613), error(613))
    with Desk(f"sqlite:///{tmp_path / 'c.db'}", graph, wait, lagging) as desk:
        marie = desk.someone()
        desk.owe(marie, "un")
        desk.settle(5)
        assert shown(marie) == ["un"]


def test_the_wait_doubles_up_to_a_minute_and_no_two_are_the_same():
    for attempts, least in [*enumerate((1, 2, 4, 8, 16, 32, 60, 60), start=1), (1000, 60)]:
        drawn = [backoff_s(attempts) for _ in range(200)]
        assert least <= min(drawn) <= max(drawn) <= 1.5 * least
        assert len(set(drawn)) > 100


@pytest.mark.parametrize(("case", "reason"), GIVEN_UP.values(), ids=[*GIVEN_UP])
def test_what_cannot_reach_someone_now_is_given_up_at_once_with_its_reason(desk, case, reason, alarms):
    marie, jean = desk.someone(), desk.someone()
    desk.graph.faults.next(case)
    desk.owe(marie, "un", "deux")
    desk.settle()
    desk.owe(jean, "un")
    desk.settle()
    assert len(desk.recorder.requests) == 2
    assert shown(marie) == []
    assert desk.states(marie) == [(STOPPED, reason)] * 2
    assert desk.counts == {f"stopped: {reason}": 1, "sent": 1}
    assert shown(jean) == ["un"]
    assert alarms() == []
    desk.owe(marie, "trois")
    desk.settle()
    assert shown(marie) == ["trois"]


@pytest.mark.parametrize("code", [551, 230])
def test_someone_who_cannot_be_reached_is_asked_for_once(desk, code):
    marie = desk.someone()
    marie.refuses = code
    desk.owe(marie, "un", "deux", "trois")
    desk.settle()
    assert len(desk.graph.refusals) == 1
    assert desk.states(marie) == [(STOPPED, "unavailable")] * 3


def test_with_a_refused_token_the_operator_is_alarmed_and_nothing_more_is_tried_for_a_while(desk, alarms):
    marie, jean = desk.someone(), desk.someone()
    desk.graph.page = replace(desk.graph.page, token="another")
    desk.owe(marie, "un")
    desk.until(lambda: desk.counts.get("again"))
    desk.owe(jean, "un")
    desk.wake(marie, jean)
    desk.rest()
    assert len(desk.recorder.requests) == 1
    assert [desk.states(person) for person in (marie, jean)] == [[(DUE, None)]] * 2
    (alarm,) = alarms()
    assert "aiguilleur messenger check" in alarm
    assert "190" in alarm
    assert "token" in alarm


def test_when_the_token_is_good_again_everything_goes_out_once_and_in_order(brief_pause, desk, alarms):
    people, good = [desk.someone() for _ in range(5)], desk.graph.page
    desk.graph.page = replace(good, token="another")
    for person in people:
        desk.owe(person, "un", QUESTION, "trois")
    desk.until(lambda: len(desk.graph.refusals) > 1)
    desk.graph.page = good
    desk.settle()
    assert [shown(person) for person in people] == [["un", "Que cherchez-vous?", "trois"]] * 5
    assert [row.doubtful for person in people for row in desk.rows(person)] == [0] * 15
    assert all("aiguilleur messenger check" in alarm for alarm in alarms())


@cases(REFUSED)
def test_a_template_that_is_refused_is_read_in_plain_words_and_the_operator_is_alarmed(desk, case, alarms):
    marie = desk.someone()
    desk.graph.faults.next(case)
    desk.owe(marie, QUESTION, "deux")
    desk.settle()
    assert shown(marie) == ["Que cherchez-vous?\n• Du financement\n• Un mentor", "deux"]
    assert len(desk.recorder.requests) == 3
    assert desk.counts["refused"] == 1
    assert desk.states(marie) == [(SENT, None)] * 2
    (alarm,) = alarms()
    assert "aiguilleur messenger check" in alarm


def test_quick_replies_and_carousels_that_are_refused_are_read_in_plain_words(desk):
    marie = desk.someone()
    desk.graph.faults.next(error(100), TAKEN, TAKEN, error(100))
    choices = reply("Où?", *(f"MRC {n}" for n in range(1, 6)))
    desk.owe(marie, choices, reply("", cards=[{"name": "Pôle", "website": "pole.example", "phone": "418 723-1939"}]))
    desk.settle()
    asked, told, carousel = shown(marie)
    assert [f"• MRC {n}" in asked for n in range(1, 6)] == [True] * 5
    assert told == "Pôle\n418 723-1939 · pole.example"
    assert carousel.split() == ["Pôle", "https://pole.example", "+14187231939"]
    assert desk.graph.people[marie.psid].quick_replies == []


@pytest.mark.parametrize("then", [error(613), cut(), server_error(), reset()], ids=["613", "cut", "500", "reset"])
def test_plain_words_that_graph_cannot_take_now_are_sent_again(desk, then):
    marie = desk.someone()
    desk.graph.faults.next(error(100), then)
    desk.owe(marie, QUESTION, "deux")
    desk.settle()
    *told, last = shown(marie)
    assert set(told) == {"Que cherchez-vous?\n• Du financement\n• Un mentor"}
    assert last == "deux"


@cases(REFUSED)
def test_a_text_that_is_refused_alarms_the_operator_and_holds_up_nothing(desk, case, alarms):
    marie = desk.someone()
    desk.graph.faults.next(case)
    desk.owe(marie, "un", "deux")
    desk.settle()
    assert shown(marie) == ["deux"]
    assert len(desk.recorder.requests) == 2
    assert desk.counts == {"refused": 1, "sent": 1}
    (alarm,) = alarms()
    assert "aiguilleur messenger check" in alarm


def test_a_text_that_is_refused_is_not_recorded_as_sent(desk):
    marie = desk.someone()
    desk.graph.faults.next(error(100))
    desk.owe(marie, "un", "deux")
    desk.settle()
    assert desk.states(marie) == [(STOPPED, "refused"), (SENT, None)]


def test_a_part_that_is_refused_takes_none_of_the_others_with_it(desk):
    marie, text = desk.someone(), "".join(f"{n}. Une phrase assez ordinaire. " for n in range(150))
    parts = [words(message) for message in rendered(reply(text))]
    desk.graph.faults.next(TAKEN, error(100))
    desk.owe(marie, text)
    desk.settle()
    assert shown(marie) == [parts[0], *parts[2:]]
    assert desk.states(marie) == [(STOPPED, "refused")]


def test_any_mixture_of_failures_ends_with_every_part_once_and_in_order_where_nothing_is_in_doubt(desk):
    text = "".join(f"{n}. Une phrase assez ordinaire. " for n in range(150))
    expected = ["un", *(words(message) for message in rendered(reply(text))), "Que cherchez-vous?", "fin"]
    people = [desk.someone() for _ in range(10)]
    desk.graph.faults.next(*[error(1), error(2), error(4), error(613), server_error(503), TAKEN] * 15)
    for person in people:
        desk.owe(person, "un", text, QUESTION, "fin")
    desk.settle()
    assert [shown(person) for person in people] == [expected] * 10
    assert desk.counts["sent"] == 10 * len(expected)
    assert desk.counts["again"] == 15 * 5


@cases(NOT_ALLOWED)
def test_what_a_missing_permission_stops_waits_for_it_and_alarms_the_operator(desk, case, alarms, monkeypatch):
    monkeypatch.setattr(courier, "TOKEN_PAUSE_S", 0.2)
    marie, luc = desk.someone(), desk.someone()
    desk.graph.faults.next(case)
    desk.owe(marie, "un")
    desk.owe(luc, "deux")
    desk.settle()
    # Nothing is lost, nor told otherwise than it was, and the others do not wait.
    assert (shown(marie), shown(luc)) == (["un"], ["deux"])
    assert desk.states(marie) == [(SENT, None)]
    assert desk.counts == {"again": 1, "sent": 2}
    (alarm,) = alarms()
    assert "permission" in alarm


def test_an_outage_of_some_seconds_loses_nothing(desk):
    marie = desk.someone()
    desk.graph.faults.next(*[server_error(502, html=True)] * 12)
    desk.owe(marie, "un")
    desk.settle()
    assert (shown(marie), desk.states(marie)) == (["un"], [(SENT, None)])
