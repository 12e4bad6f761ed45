"""Typing noise: drawn the same for a seed, never an empty text."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.noise import noisy, strip_accents, typos

SENTENCE = "Est-ce que l’économie sociale, ça prête quelque chose pour démarrer?"


@settings(max_examples=300, deadline=None)
@given(st.text(min_size=1, max_size=80), st.integers(0, 1000))
def test_noise_never_empties_a_text_and_never_fails(text: str, seed: int) -> None:
    assert noisy(text, random.Random(seed)) or not strip_accents(text)


def test_noise_is_the_same_for_a_seed_and_differs_for_others() -> None:
    versions = [noisy(SENTENCE, random.Random(seed)) for seed in range(30)]
    assert versions == [noisy(SENTENCE, random.Random(seed)) for seed in range(30)]
    assert len({*versions}) > 10
    assert all(version != "" for version in versions)


@pytest.mark.parametrize(
    ("text", "plain"), [("économie", "economie"), ("ça prête", "ca prete"), ("Où?", "Ou?"), ("cœur", "cœur"), ("", "")]
)
def test_accents_are_stripped_and_nothing_else(text: str, plain: str) -> None:
    assert strip_accents(text) == plain


def test_typos_leave_short_words_and_touch_few_long_ones() -> None:
    text = " ".join(["financement", "de", "la", "coop"] * 50)
    typed = typos(text, random.Random(3)).split()
    changed = [(old, new) for old, new in zip(text.split(), typed, strict=True) if old != new]
    assert all(len(old) > 3 for old, _ in changed)
    assert 0 < len(changed) < 40
    assert typos("", random.Random(1)) == ""
