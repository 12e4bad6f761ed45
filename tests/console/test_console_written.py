"""How times and numbers are written, and what leaves as CSV."""

import csv
import io
from datetime import date, datetime, timezone

import pytest

from console.accounts.own import browser_told
from console.csv_out import csv_text, safe_cell
from console.filters import count, counted, day, moment


@pytest.mark.parametrize(
    ("utc", "written"),
    [
        ((2026, 11, 29, 18, 30), "29\u00a0novembre\u00a02026, 13\u00a0h\u00a030"),
        ((2026, 7, 1, 4, 5), "1er\u00a0juillet\u00a02026, 0\u00a0h\u00a005"),
        # Four hours behind in summer, five in winter; and the day before.
        ((2027, 1, 1, 3, 0), "31\u00a0décembre\u00a02026, 22\u00a0h\u00a000"),
        ((2026, 2, 3, 12, 0), "3\u00a0février\u00a02026, 7\u00a0h\u00a000"),
    ],
)
def test_a_moment_is_written_in_quebec_s_time(utc: tuple[int, ...], written: str) -> None:
    assert moment(datetime(*utc, tzinfo=timezone.utc)) == written


def test_a_day_has_no_zone_and_nothing_is_nothing() -> None:
    assert day(date(2026, 8, 15)) == "15\u00a0août\u00a02026"
    assert day(datetime(2026, 8, 15, 2, tzinfo=timezone.utc)) == "14\u00a0août\u00a02026"
    assert (day(None), moment(None), count(None)) == ("", "", "")


@pytest.mark.parametrize(("number", "written"), [(0, "0"), (999, "999"), (1234, "1\u00a0234"), (10_000_000, "10\u00a0000\u00a0000")])
def test_a_number_is_written_with_no_break_spaces(number: int, written: str) -> None:
    assert count(number) == written


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0\u00a0ligne"), (1, "1\u00a0ligne"), (2, "2\u00a0lignes"), (1234, "1\u00a0234\u00a0lignes")]
)
def test_a_count_has_its_plural_from_two(number: int, told: str) -> None:
    assert counted(number, "ligne") == told


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil.example")', "\n=1", " =1", "\uff1d1"]
)
def test_no_cell_begins_as_a_formula(formula: str) -> None:
    assert safe_cell(formula) == f"'{formula}"
    (row,) = list(csv.reader(io.StringIO(csv_text((formula,), []).removeprefix("\ufeff"), newline="")))
    assert row == [f"'{formula}"]


def test_no_cell_is_parted_at_a_semicolon() -> None:
    assert csv_text(("a", "b"), [("a;=HYPERLINK(1)", 5)]) == '\ufeff"a","b"\r\n"a;=HYPERLINK(1)","5"\r\n'


@pytest.mark.parametrize(
    ("value", "cell"),
    [(None, ""), (-5, "-5"), (2.5, "2.5"), ("a-b", "a-b"), ("", ""), ('é, «\u00a0x\u00a0» "y"\n', 'é, «\u00a0x\u00a0» "y"\n')],
)
def test_other_cells_are_as_they_are(value: object, cell: str) -> None:
    text = csv_text(("a", "b"), [(value, "fin")])
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))[1] == [cell, "fin"]


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Mobile Safari/537.36", "Chrome, Android"),
        (
            "Mozilla/5.0 (iPad; CPU OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/604.1",
            "Safari, iPad",
        ),
        ("curl/8.0", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_a_browser_is_told_in_two_words(says: str, told: str) -> None:
    assert browser_told(says) == told
