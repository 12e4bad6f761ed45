"""One spelling for SMS words, postal codes and the words of a project; French words are left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.spelling import plain
from directory.text import fold


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("C koi le RISQ", "c'est quoi le risq"),
        ("cb y prete", "combien y prete"),
        ("slt, ki peu aider", "salut qui peu aider"),
        ("JSP", "je sais pas"),
        ("chu perdu", "je suis perdu"),
        ("l'accompagnment", "l'accompagnement"),
        ("du finacement", "du financement"),
        ("une coperative", "une cooperative"),
        ("en demarage", "en demarrage"),
        ("la gouvernence", "la gouvernance"),
        ("des subvnetions", "des subvnetions"),
        ("fiancnement", "fiancnement"),
        ("on est au G5L 3A1", "on est au codepostal"),
        ("g5l3a1", "codepostal"),
        ("h2k", "codepostal"),
        ("[CODE_POSTAL J0B] svp", "codepostal svp"),
        ("mon tel [TELEPHONE_1]", "mon tel"),
    ],
)
def test_what_people_type_is_spelt_one_way(typed: str, spelt: str) -> None:
    assert plain(typed) == spelt


@pytest.mark.parametrize(
    "text",
    [
        "ce que c'est",
        "plus croissante",
        "la gouvernante",
        "un redemarrage",
        "des cooperatives",
        "mentorats",
        "l'information",
        "une entreprise",
        "b2b",
        "h2o",
        "un pre",
        "les 4 et 5 mai",
        "il forme",
        "500k",
        "les formations",
    ],
)
def test_french_words_and_other_codes_are_left_alone(text: str) -> None:
    assert plain(text) == text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_spelt_in_folded_words(text: str) -> None:
    assert plain(text) == fold(plain(text))


@pytest.mark.parametrize("piece", ["g5l ", "[CODE_POSTAL ", "coperative ", "c ", "'", "a"])
def test_a_long_hostile_text_is_spelt(piece: str) -> None:
    assert 0 < len(plain((piece * 20_000)[:20_000])) < 150_000
