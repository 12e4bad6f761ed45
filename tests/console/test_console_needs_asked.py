"""The days, the region and the cut that an address of the needs map asks for."""

from datetime import date

import pytest

from console.needs.asked import read
from console.needs.spans import short, span_of, spans, told
from journal.needs import Period

TODAY = date(2026, 11, 28)
REGIONS = ("R04", "R05")


@pytest.mark.parametrize(
    ("period", "since"),
    [
        ("", date(2026, 10, 30)),
        ("days30", date(2026, 10, 30)),
        ("month", date(2026, 11, 1)),
        ("quarter", date(2026, 10, 1)),
        ("year", date(2026, 1, 1)),
    ],
)
def test_a_preset_goes_up_to_today(period: str, since: date) -> None:
    asked = read({"period": period}, TODAY, REGIONS)
    assert (asked.period, asked.problems) == (Period(since, TODAY), [])


def test_own_days_are_kept() -> None:
    asked = read({"period": "own", "since": "2026-02-03", "until": "2026-02-03", "region": "R04"}, TODAY, REGIONS)
    assert (asked.period, asked.region, asked.problems) == (Period(date(2026, 2, 3), date(2026, 2, 3)), "R04", [])
    again = read(asked.address(), TODAY, REGIONS)
    assert again == asked


@pytest.mark.parametrize(
    "values",
    [
        {"period": "own"},
        {"period": "own", "since": "2026-02-03"},
        {"period": "own", "since": "2026-02-30", "until": "2026-03-01"},
        {"period": "own", "since": "2026-03-02", "until": "2026-03-01"},
        {"period": "own", "since": "2006-03-02", "until": "2026-03-01"},
        {"period": "own", "since": "0001-01-01", "until": "9999-12-31"},
        {"period": "<script>"},
        {"region": "R99"},
    ],
)
def test_what_cannot_be_is_said_and_the_last_30_days_are_shown(values: dict[str, str]) -> None:
    asked = read(values, TODAY, REGIONS)
    assert asked.period == Period(date(2026, 10, 30), TODAY)
    assert asked.region is None
    assert len(asked.problems) == 1
    assert "<" not in asked.problems[0]


def test_a_long_period_is_cut_by_month() -> None:
    assert read({"period": "month"}, TODAY, REGIONS).step == "week"
    assert read({"period": "year"}, TODAY, REGIONS).step == "month"
    assert read({"period": "year", "step": "week"}, TODAY, REGIONS).step == "week"
    long = read({"period": "own", "since": "2020-01-01", "until": "2026-01-01", "step": "week"}, TODAY, REGIONS)
    assert long.step == "month"
    assert long.problems


@pytest.mark.parametrize("step", ["week", "month"])
def test_spans_share_out_a_period_without_gap_nor_overlap(step: str) -> None:
    period = Period(date(2025, 12, 17), date(2026, 3, 5))
    cut = spans(period, step)
    days = [date.fromordinal(day) for span in cut for day in range(span.since.toordinal(), span.until.toordinal() + 1)]
    assert days == [date.fromordinal(day) for day in range(period.since.toordinal(), period.until.toordinal() + 1)]
    assert all(span_of(day, step, period) == span.since for span in cut for day in (span.since, span.until))


def test_spans_are_told_in_plain_french() -> None:
    assert told(Period(date(2026, 11, 1), date(2026, 11, 30)), "month") == "novembre 2026"
    assert told(Period(date(2026, 11, 1), date(2026, 11, 28)), "month") == "1er au 28\u00a0novembre 2026"
    assert told(Period(date(2026, 12, 28), date(2027, 1, 3)), "week") == "28\u00a0décembre 2026 au 3\u00a0janvier 2027"
    assert told(Period(date(2026, 11, 28), date(2026, 11, 28)), "week") == "28\u00a0novembre 2026"
    assert short(Period(date(2026, 11, 1), date(2026, 11, 7)), "week") == "1er nov."
