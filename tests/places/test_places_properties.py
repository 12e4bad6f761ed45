"""Whatever is typed: no error, spans inside the text, and an answer in time."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from directory.places import PlaceIndex, choose

MESSAGE = (
    "Bonjour, on est un groupe de citoyens de Saint-Élie-de-Caxton, en Mauricie, pis on veut partir une coop de"
    " solidarité pour reprendre l'épicerie du village avant que le propriétaire ferme au printemps prochain. "
)
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


def _best_ms(index: PlaceIndex, text: str) -> float:
    """Return the best time of ten: what the code costs, whatever else the machine does."""
    index.find(text)
    times = []
    for _ in range(10):
        start = time.perf_counter()
        index.find(text)
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def test_a_message_is_read_in_about_a_millisecond(index: PlaceIndex) -> None:
    assert _best_ms(index, MESSAGE[:200]) < 2


def test_a_long_message_is_read_in_ten_milliseconds(index: PlaceIndex) -> None:
    assert _best_ms(index, (MESSAGE * 10)[:2000]) < 10


def test_a_hostile_message_stays_affordable(index: PlaceIndex) -> None:
    hostile = ("saint de la sainte des lac du ", "st-", "de la ", "saint saint saint ", "notre dame de ", "G9A ")

    assert max(_best_ms(index, (piece * 2000)[:2000]) for piece in hostile) < 200
