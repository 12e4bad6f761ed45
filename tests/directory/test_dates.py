"""The day of a moment, as people of Québec read it."""

from datetime import datetime, timezone

import pytest

from directory.text import day_of


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 12, 1, 3, 30, tzinfo=timezone.utc), "30 novembre 2026"),
        (datetime(2026, 12, 1, 5, 30, tzinfo=timezone.utc), "1er décembre 2026"),
        # In summer, midnight is an hour earlier.
        (datetime(2026, 7, 1, 4, 30, tzinfo=timezone.utc), "1er juillet 2026"),
    ],
)
def test_a_moment_is_of_the_day_that_it_is_in_quebec(moment, expected):
    assert day_of(moment) == expected


def test_a_moment_without_a_time_zone_is_of_no_day():
    with pytest.raises(ValueError, match="no time zone"):
        day_of(datetime(2026, 12, 1))
