"""The comparison of pipelines: what is drawn, what a threshold refuses, what a confidence is worth."""

import math
from collections import Counter
from xml.etree import ElementTree

import numpy as np
import pytest

from bench.rivals.blend import standardised
from bench.rivals.drawing import draw_labels, draw_sentences, halves, outside_texts, with_noise
from bench.rivals.features import rankings
from bench.rivals.measures import at_temperature, bins, calibration_error, refusal_at
from bench.rivals.reliability import Curve, draw
from bot.nlu.scores import OUTSIDE

LABELS = [*(f"intent_{i}" for i in range(9)), *OUTSIDE, *(f"ask_topic/t{i}" for i in range(12))]
PAIRS = [(f"phrase {i} de {label}", label) for label in LABELS for i in range(8)]


def test_half_of_the_labels_are_topics_and_the_outside_ones_are_drawn() -> None:
    drawn = draw_labels(LABELS, 10, seed=7)
    assert sum(label.startswith("ask_topic/") for label in drawn) == 5
    assert len(set(drawn)) == 10
    assert set(drawn) >= OUTSIDE


def test_more_labels_than_there_are_give_all_of_them() -> None:
    assert draw_labels(LABELS, 1000, seed=7) == sorted(LABELS)


def test_the_same_sentences_are_drawn_whatever_their_order() -> None:
    labels = draw_labels(LABELS, 10, seed=7)
    drawn = draw_sentences(PAIRS, labels, 5, seed=7)
    assert drawn == draw_sentences(PAIRS[::-1], draw_labels(LABELS[::-1], 10, seed=7), 5, seed=7)
    assert drawn != draw_sentences(PAIRS, labels, 5, seed=8)
    assert Counter(label for _, label in drawn) == dict.fromkeys(labels, 5)


def test_a_label_with_fewer_sentences_gives_them_all() -> None:
    assert len(draw_sentences(PAIRS, ["near_miss"], 100, seed=7)) == 8


def test_the_halves_share_each_label_and_no_sentence() -> None:
    one, other = halves(PAIRS)
    assert sorted(one + other) == sorted(PAIRS)
    assert Counter(label for _, label in one) == Counter(label for _, label in other)
    assert halves(PAIRS[::-1]) == (one, other)


def test_the_noise_is_the_same_each_time_and_keeps_the_labels() -> None:
    noisy = with_noise(PAIRS, seed=7)
    assert noisy == with_noise(PAIRS, seed=7) != PAIRS
    assert [label for _, label in noisy] == [label for _, label in PAIRS]


def test_the_outside_texts_have_a_kind() -> None:
    assert {kind for _, kind in outside_texts()} >= OUTSIDE


def test_the_threshold_is_the_highest_that_is_pure_enough() -> None:
    # Twenty inside, two of them doubtful; ten outside, all but one sure: half of what is missed weighs as two inside.
    inside = [0.1] * 18 + [0.6, 0.8]
    outside = [0.9] * 8 + [0.7, 0.5]
    # At 0.7, 0.95 is kept and 0.1 missed (0.905); at 0.6, 0.9 and 0.1; at 0.5, 0.9 and 0.
    found = refusal_at(inside, outside, 0.95)
    assert found is not None
    assert (found.threshold, found.recall, found.kept) == (0.5, 1.0, 0.9)
    looser = refusal_at(inside, outside, 0.90)
    assert looser is not None
    assert (looser.threshold, looser.recall, looser.kept) == pytest.approx((0.7, 0.9, 0.95))


def test_the_recall_at_a_purity_is_never_under_its_bound() -> None:
    scores = [math.sin(i) ** 2 for i in range(200)]
    found = refusal_at([s * 0.8 for s in scores], [0.3 + s for s in scores[:50]], 0.95)
    assert found is not None
    assert found.recall >= 1 - found.kept * (1 / 0.95 - 1) - 1e-9


def test_the_number_of_inside_sentences_does_not_move_the_threshold() -> None:
    inside, outside = [0.1, 0.2, 0.4], [0.3, 0.5, 0.6]
    assert refusal_at(inside * 30, outside) == refusal_at(inside, outside)


def test_no_threshold_is_given_when_none_is_pure_enough() -> None:
    assert refusal_at([0.5, 0.6], [0.1, 0.2]) is None


def test_a_confidence_that_is_always_right_has_no_error() -> None:
    assert calibration_error([1.0] * 5, [True] * 5) == 0
    assert calibration_error([0.75] * 4, [True, True, True, False]) == pytest.approx(0)
    assert calibration_error([0.9] * 4, [False] * 4) == pytest.approx(0.9)


def test_bins_hold_all_the_sentences_even_a_full_confidence() -> None:
    found = bins([0.0, 0.05, 0.55, 1.0], [False, True, True, True])
    assert [each.count for each in found] == [2, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert (found[0].confidence, found[0].right) == pytest.approx((0.025, 0.5))


def test_a_ranking_at_another_temperature_is_that_of_its_scores() -> None:
    scores = np.array([[0.2, -0.7, 0.1]])
    ranking = rankings(["a", "b", "c"], scores, 4.0)[0]
    assert at_temperature(ranking, 4.0, 4.0) == pytest.approx(ranking[0][1])
    assert at_temperature(ranking, 4.0, 9.0) == pytest.approx(rankings(["a", "b", "c"], scores, 9.0)[0][0][1])


def test_standardised_rows_have_no_mean_and_flat_ones_no_score() -> None:
    found = standardised(np.array([[1.0, 2.0, 3.0], [5.0, 5.0, 5.0]]))
    assert found[0] == pytest.approx([-1.2247449, 0, 1.2247449])
    assert found[1] == pytest.approx([0, 0, 0])


def test_the_plot_is_the_same_file_each_time_and_its_text_is_text(tmp_path) -> None:
    curve = Curve(4, bins([0.05, 0.55, 0.95, 1.0], [False, True, True, True]), {4: 0.1}, 0.1)
    for name in ("one.svg", "other.svg"):
        draw(curve, tmp_path / name)
    one, other = ((tmp_path / name).read_text(encoding="utf-8") for name in ("one.svg", "other.svg"))
    assert one == other
    assert "<dc:date>" not in one
    assert any((each.text or "").strip() == "confidence" for each in ElementTree.fromstring(one).iter("{http://www.w3.org/2000/svg}text"))
