"""Sentences that nobody tuned on, read by the whole pipeline in service: how many are understood, and what is taken for what."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from bot.nlu.noise import typos
from bot.nlu.scores import Reading, f1_by_label, macro_f1, outside_recall, thefts
from bot.nlu.sentences import read_sentences
from cli.understanding import label_of
from settings import PROJECT_ROOT

EXAMINATION, TRAINING = PROJECT_ROOT / "tests/nlu/examination", PROJECT_ROOT / "data/nlu"
LEAST_F1, MOST_LOST, LEAST_OF_A_LABEL, LEAST_RECALL, LEAST_PRECISION = 0.92, 0.04, 0.75, 0.9, 0.95
_SHOWN = 25

# Slips are made in one sentence of so many.
SLIPS_IN_ONE_OF = 2

Read = Callable[..., list[Reading]]


@pytest.fixture(scope="module")
def read(assistant: Any, wait: Callable[..., Any]) -> Read:
    """read(changed, one_of): the readings of the examination, or of one sentence of so many, each `changed` first."""
    sentences = list(read_sentences(EXAMINATION))

    def readings(changed: Callable[[str], str], one_of: int = 1) -> list[Reading]:
        return [Reading(text, label, label_of(wait(assistant.parse(changed(text))))) for text, label in sentences[::one_of]]

    return readings


@pytest.fixture(scope="module")
def clean(read: Read) -> list[Reading]:
    return read(str)


def _told(readings: list[Reading]) -> str:
    """What was taken for what, with both sentences."""
    lines = []
    for theft in thefts(readings, list(read_sentences(TRAINING)))[:_SHOWN]:
        lines += [f"{theft.victim} → {theft.thief}", *(f"    {text}  ~  {near}" for text, near in theft.pairs)]
    return "\n".join(lines)


def test_unseen_sentences_are_understood(clean: list[Reading]) -> None:
    assert len(clean) > 2_900
    assert macro_f1(clean) >= LEAST_F1, _told(clean)


def test_no_label_is_lost(clean: list[Reading]) -> None:
    # Rounded: three quarters may come as 0.7499999999999999.
    assert {label: value for label, value in f1_by_label(clean).items() if round(value, 6) < LEAST_OF_A_LABEL} == {}, _told(clean)


def test_slips_and_missing_accents_cost_little(read: Read, clean: list[Reading]) -> None:
    chance = random.Random(7)
    slipped = read(lambda text: typos(text, chance), SLIPS_IN_ONE_OF)
    assert len(slipped) > 1_400
    assert macro_f1(slipped) >= macro_f1(clean[::SLIPS_IN_ONE_OF]) - MOST_LOST


def test_outside_subjects_are_known_as_such(clean: list[Reading]) -> None:
    recall, precision = outside_recall(clean)
    assert min(recall / LEAST_RECALL, precision / LEAST_PRECISION) >= 1, (recall, precision)
