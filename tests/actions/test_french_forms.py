"""Numbers, dates, lists and sources as people of Québec read them."""

from datetime import date

import pytest

from actions.french import day, dollar_range, dollars, host, joined, lower_first, older_than_years, percent, sentence, source_line


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "0\u00a0$"),
        (75, "75\u00a0$"),
        (1_000, "1\u00a0000\u00a0$"),
        (50_000, "50\u00a0000\u00a0$"),
        (999_999, "999\u00a0999\u00a0$"),
        (1_000_000, "1\u00a0M$"),
        (1_250_000, "1,25\u00a0M$"),
        (2_500_000, "2,5\u00a0M$"),
        (1_234_567, "1\u00a0234\u00a0567\u00a0$"),
        (141_900_000, "141,9\u00a0M$"),
        (10_000_000, "10\u00a0M$"),
    ],
)
def test_an_amount_has_no_break_spaces_and_a_decimal_comma(amount, written):
    assert dollars(amount) == written


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (1_000, 10_000, "de 1\u00a0000\u00a0$ à 10\u00a0000\u00a0$"),
        (None, 150_000, "jusqu’à 150\u00a0000\u00a0$"),
        (50_000, None, "à partir de 50\u00a0000\u00a0$"),
        (None, None, ""),
    ],
)
def test_a_range_is_told_by_what_is_known_of_it(low, high, written):
    assert dollar_range(low, high) == written


def test_a_range_of_one_amount_is_one_amount():
    assert dollar_range(3_000, 3_000) == "3\u00a0000\u00a0$"


@pytest.mark.parametrize(
    ("share", "written"), [(0.35, "35\u00a0%"), (0.315, "31,5\u00a0%"), (1.0, "100\u00a0%"), (0.1, "10\u00a0%"), (0.015, "1,5\u00a0%")]
)
def test_a_share_is_a_percentage(share, written):
    assert percent(share) == written


@pytest.mark.parametrize(
    ("items", "written"),
    [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")],
)
def test_a_list_ends_with_et(items, written):
    assert joined(items) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2024", "2024"),
        ("2024-02", "février 2024"),
        ("2024-02-27", "27 février 2024"),
        ("2025-01-01", "1er janvier 2025"),
        ("2018-12-31", "31 décembre 2018"),
        ("21 juin (année non affichée)", "21 juin (année non affichée)"),
        ("", ""),
        ("automne 2021", "automne 2021"),
    ],
)
def test_a_date_is_written_out(text, written):
    assert day(text) == written


@pytest.mark.parametrize("text", ["2024-13", "2024-00", "2024-13-40"])
def test_a_date_that_cannot_be_is_shown_as_it_is(text):
    assert day(text) == text


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://www.fonds-risq.qc.ca/produits", "fonds-risq.qc.ca"),
        ("cdrq.coop", "cdrq.coop"),
        ("http://agrtq.qc.ca", "agrtq.qc.ca"),
        ("", ""),
    ],
)
def test_an_address_is_shown_by_its_host(address, written):
    assert host(address) == written


def test_a_source_says_its_date_or_that_it_has_none():
    assert source_line(["https://a.ca/x"], "2024-02") == "Source\u00a0: a.ca, février 2024."
    assert source_line(["https://a.ca/x"], None) == "Source\u00a0: a.ca, page non datée, relevée en novembre 2026."


def test_two_pages_of_one_site_are_one_source():
    assert source_line(["https://a.ca/x", "https://www.a.ca/y", "https://b.ca"], "2024") == "Source\u00a0: a.ca et b.ca, 2024."


def test_a_reply_without_source_does_not_say_an_empty_one():
    assert "Source\u00a0: ," not in source_line([], None)


@pytest.mark.parametrize(
    ("as_of", "old"), [("2020", True), ("2022-11-24", True), ("2023", False), ("2026-11", False), (None, False), ("n. d.", False)]
)
def test_a_fact_is_old_after_four_years(as_of, old):
    assert older_than_years(as_of, date(2026, 11, 24), 4) is old


@pytest.mark.parametrize(
    ("text", "written"), [("Prêt direct", "prêt direct"), ("RISQ et associés", "RISQ et associés"), ("TPS", "TPS"), ("É", "é"), ("", "")]
)
def test_a_first_letter_becomes_small_unless_it_begins_an_acronym(text, written):
    assert lower_first(text) == written


@pytest.mark.parametrize(
    ("text", "written"), [("prête", "Prête."), ("Déjà fait.", "Déjà fait."), ("ouvert?", "Ouvert?"), (" oui ", "Oui.")]
)
def test_a_sentence_has_a_capital_and_an_end(text, written):
    assert sentence(text) == written
