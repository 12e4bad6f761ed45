"""How sure « not my subject » must be."""

import pytest

from bot.nlu.understanding import FALLBACK, Understander


class _Reads:
    """A model that reads every text as the same ranking."""

    words: frozenset[str] = frozenset()

    def __init__(self, first: str) -> None:
        # As a probability, the first is 0.18 likely.
        self._ranking = [(first, 0.064), *((f"ask_topic/{number}", 0.052) for number in range(7))]

    def ranks(self, texts: list[str]) -> list[list[tuple[str, float]]]:
        return [self._ranking for _ in texts]

    def rank(self, _text: str) -> list[tuple[str, float]]:
        return self._ranking

    def mended(self, text: str, _french: object = ()) -> str:
        return text


@pytest.mark.parametrize(("first", "intent"), [("out_of_scope", "out_of_scope"), ("near_miss", "near_miss"), ("ask_amount", FALLBACK)])
def test_an_outside_subject_may_be_less_sure_than_an_answer(first: str, intent: str) -> None:
    read = Understander(_Reads(first), {"threshold": 0.2, "kept": 5}).read("des étoiles filantes", [], [("des", True), ("etoiles", True)])
    assert 0.15 < read["intent"]["confidence"] < 0.2
    assert read["intent"]["name"] == intent
