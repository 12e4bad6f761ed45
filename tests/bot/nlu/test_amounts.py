"""Amounts of money in what people type, and the numbers that are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.amounts import find_amounts, mentions_money


def values(text: str) -> list[int]:
    return [amount.value for amount in find_amounts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Figures with a sign or a word for money.
        ("75 000 $", [75_000]),
        ("75000$", [75_000]),
        ("75\u00a0000\u00a0$", [75_000]),
        ("75\u202f000\u202f$", [75_000]),
        ("75,000 $", [75_000]),
        ("75.000$", [75_000]),
        ("$75,000", [75_000]),
        ("$ 5000", [5_000]),
        ("500 $", [500]),
        ("50$", [50]),
        ("1 250,50 $", [1_250]),
        ("1250.75$", [1_251]),
        ("500 piasses", [500]),
        ("800 piastres", [800]),
        ("300 dollars", [300]),
        ("10 000 dollars canadiens", [10_000]),
        ("5000 CAD", [5_000]),
        ("2000 bidous", [2_000]),
        ("10 000 de piasses", [10_000]),
        ("$50", [50]),
        ("75,000.50 $", [75_000]),
        ("500-1000 $", [1_000]),
        ("10k-20k", [10_000, 20_000]),
        # Thousands and millions.
        ("75k", [75_000]),
        ("75 k", [75_000]),
        ("75K$", [75_000]),
        ("2,5k", [2_500]),
        ("75 mille", [75_000]),
        ("75 milles piasses", [75_000]),
        ("1,2 M", [1_200_000]),
        ("1.2M$", [1_200_000]),
        ("2M", [2_000_000]),
        ("3 M$", [3_000_000]),
        ("1,2 million", [1_200_000]),
        ("2 millions de dollars", [2_000_000]),
        ("1 million et demi", [1_500_000]),
        ("0,5 M$", [500_000]),
        ("1 800 000 $", [1_800_000]),
        ("1800000", [1_800_000]),
        # Bare numbers: from 1,000 up, and no year.
        ("on a besoin de 15000", [15_000]),
        ("environ 50 000", [50_000]),
        ("autour de 8000 pour commencer", [8_000]),
        ("on cherche 40.000", [40_000]),
        ("on cherche 400", []),
        ("- 15000 pour la bâtisse", [15_000]),
        # Words.
        ("cent mille", [100_000]),
        ("cent mille piasses", [100_000]),
        ("deux cent cinquante mille dollars", [250_000]),
        ("cinq cents piasses", [500]),
        ("soixante-quinze mille", [75_000]),
        ("quatre-vingt-dix mille dollars", [90_000]),
        ("quatre-vingts mille", [80_000]),
        ("quatre-vingt-cinq mille", [85_000]),
        ("soixante et onze mille", [71_000]),
        ("mille piasses", [1_000]),
        ("deux mille cinq cents dollars", [2_500]),
        ("un million", [1_000_000]),
        ("un million et demi", [1_500_000]),
        ("un demi-million", [500_000]),
        ("deux millions trois cent mille", [2_300_000]),
        ("une centaine de mille", [100_000]),
        ("une vingtaine de mille piasses", [20_000]),
        ("une dizaine de milliers de dollars", [10_000]),
        ("deux mille", [2_000]),
        ("une couple de mille", [2_000]),
        ("une centaine de piasses", [100]),
        ("dix mille", [10_000]),
        ("vingt-cinq mille", [25_000]),
        # Several, in order.
        ("entre 10 000 $ et 25 000 $", [10_000, 25_000]),
        ("entre 10 et 25 000 $", [25_000]),
        ("de 50k à 1,5 M$", [50_000, 1_500_000]),
        ("20 000 ou cent mille", [20_000, 100_000]),
        ("on a 5000 pis il manque 20 000", [5_000, 20_000]),
    ],
)
def test_an_amount_is_read(text: str, expected: list[int]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "depuis 2019",
        "en 1998 pis en 2024",
        "fondée en 2020, relancée en 2023",
        "819 555-1234",
        "8195551234",
        "418.555.1234",
        "appelez au 1 800 555 1234",
        "le 24 novembre 2026",
        "2026-11-24",
        "24/11/2026",
        "24 mois",
        "pendant 1200 jours",
        "3 ans et demi",
        "35 %",
        "35%",
        "1,5 pour cent",
        "20 pourcent",
        "12 membres",
        "1500 membres",
        "on est 2000 bénévoles",
        "4 employés",
        "3000 habitants",
        "un village de 1200 habitants",
        "2000 pieds carrés",
        "5000 pi2",
        "1500 m2",
        "40 logements",
        "1 200 unités",
        "à 1500 km d'ici",
        "la route 1380 km",
        "14h30",
        "article 1234.5.6",
        "RE-303",
        "loi C-67.2",
        "une coop",
        "un mentor",
        "deux ou trois personnes",
        "cent fois merci",
        "on est cinq",
        "mille mercis",
        "1000 mercis",
        "un million de mercis",
        "[TELEPHONE_1]",
        "[NAS_1]",
        "NEQ 1171234567",
        "dossier 123 456 789",
        "G9A 2W1",
        "la 138",
        "1re année",
        "2e étage",
        "500 personnes",
        "douze mille personnes",
        "trois mille membres",
        "dix mille habitants",
        "deux cents",
        "quatre-vingt",
        "trois quarts de million",
        "quelques milliers",
        "des millions",
        "en deux mille vingt-quatre",
        "un mur de 3 m",
        "2m de haut",
        "numéro 4521",
        "#4521",
        "5551234",
        "page 1200",
        "1200 portes",
        "et de",
        "",
    ],
)
def test_what_is_no_amount_is_left(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("on cherche 75 000 $ cette année", "75 000 $"),
        ("faudrait cent mille piasses vite", "cent mille piasses"),
        ("un prêt de 1,2 M, c'est gros", "1,2 M"),
        ("$75,000 please", "75,000"),
    ],
)
def test_an_amount_says_where_it_stands(text: str, surface: str) -> None:
    [amount] = find_amounts(text)
    assert text[amount.start : amount.end].strip().lstrip("$") == surface


@pytest.mark.parametrize("text", ["10$", "des piasses", "combien de dollars", "Piastres", "5000 CAD"])
def test_a_word_for_money_is_seen(text: str) -> None:
    assert mentions_money(text)


@pytest.mark.parametrize("text", ["un mentor", "académie", "10 membres", "le cadre", "une décadence"])
def test_other_words_are_not_for_money(text: str) -> None:
    assert not mentions_money(text)


PIECES = st.sampled_from(
    "1 12 123 000 1,2 . , $ k K M mille million cent vingt et demi quatre piasses % ans \u00a0 - a 😀 ² ٣ ½".split(" ")
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map(" ".join), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_is_read_without_error(text: str) -> None:
    amounts = find_amounts(text)

    assert all(0 <= amount.start < amount.end <= len(text) and amount.value > 0 for amount in amounts)
    assert all(left.end <= right.start for left, right in zip(amounts, amounts[1:], strict=False))


@pytest.mark.parametrize("piece", ["1", "1 ", "1,", "mille ", "quatre vingt ", "demi ", "million ", "123 456 "])
def test_a_long_hostile_text_is_read(piece: str) -> None:
    assert isinstance(find_amounts((piece * 50_000)[:50_000]), list)
