"""What the benchmark computes from what its sides measured."""

import pytest

from bench.measures import intent_right, long_talk, p95, refused, right, smooth, stretches
from bench.sides import talks

READ = [
    ["ask_topic/a", "ask_topic/a"],
    ["ask_topic/a", "ask_topic/b"],
    ["greet", "nlu_fallback"],
    ["out_of_scope", "near_miss"],
    ["noise", "None"],
    ["near_miss", "greet"],
]


def test_a_refusal_is_a_mistake_unless_it_is_the_label() -> None:
    assert right(READ) == pytest.approx(100 / 6)
    assert right([["out_of_scope", "out_of_scope"]]) == 100


def test_an_intent_is_right_up_to_its_slash() -> None:
    assert intent_right(READ) == pytest.approx(200 / 6)


def test_refusals_are_counted_apart_outside_and_inside() -> None:
    assert refused(READ, outside=True) == pytest.approx(200 / 3)
    assert refused(READ, outside=False) == pytest.approx(100 / 3)


def test_the_95th_centile_leaves_one_in_twenty_above() -> None:
    assert p95(range(1, 101)) == pytest.approx(95.95)


@pytest.mark.parametrize("turns", [60, 300, 500])
def test_the_end_of_a_long_talk_says_what_its_beginning_said(turns: int) -> None:
    said = long_talk([f"message {i}" for i in range(37)], turns)
    assert len(said) == turns
    assert said[-20:] == said[10:30]


def test_growth_compares_the_same_two_stretches() -> None:
    assert stretches([9.0] * 10 + [2.0] * 20 + [5.0] * 50 + [3.0] * 20) == (2.0, 3.0)


def test_a_long_talk_is_drawn_by_stretches() -> None:
    assert smooth([1.0] * 20 + [2.0] * 20 + [9.0] * 5) == [(10, 1.0), (30, 2.0)]


@pytest.mark.parametrize("people", [1, 8, 32])
def test_as_many_turns_are_said_whatever_the_number_of_people(people: int) -> None:
    said = talks([f"message {i}" for i in range(50)], 320, people)
    assert len(said) == people
    assert sum(map(len, said)) == 320
