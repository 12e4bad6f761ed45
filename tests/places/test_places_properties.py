"""Whatever is typed: no error, and spans inside the text. `bench/places_speed.py` measures the time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.places import PlaceIndex, choose

WORDS = st.sampled_from(
    "saint ste st-jean de la du des sur lac mont baie Québec au à la l' val-d’or MRC pas H2H G9A2W1 [CODE_POSTAL"
    " G9A] n d est rivière-du-loup les îles notre-dame , . ! ( ) \n \u0301 œ ß ﬁ İ 😀 louisevile trois".split(" ")
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map(" ".join))


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_any_text_is_read_without_error(index: PlaceIndex, text: str) -> None:
    mentions = index.find(text)

    assert all(0 <= mention.start < mention.end <= len(text) for mention in mentions)
    assert all(text[mention.start : mention.end] == mention.surface for mention in mentions)
    assert all(left.end <= right.start for left, right in zip(mentions, mentions[1:], strict=False))
    assert index.resolve(mentions).kind in ("none", "one", "several")
    assert index.unknown_place_hint(text) is None or index.unknown_place_hint(text) in text


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_any_answer_picks_a_candidate_or_none(index: PlaceIndex, text: str) -> None:
    assert choose(index, ("58012", "87120"), text) in ("58012", "87120", None)


@pytest.mark.parametrize("piece", ["saint de la sainte des lac du ", "st-", "de la ", "saint saint saint ", "notre dame de ", "G9A "])
def test_a_long_hostile_message_is_read(index: PlaceIndex, piece: str) -> None:
    assert index.resolve(index.find((piece * 2000)[:2000])).kind in ("none", "one", "several")
