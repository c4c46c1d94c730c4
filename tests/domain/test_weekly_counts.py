"""Counts of people that leads may see: in tens, none under twenty, and one a week."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from allybot.domain.weekly_counts import monday_of, rounded, start_of_week

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("people", "shown"),
    [(0, None), (19, None), (20, 20), (24, 20), (25, 30), (34, 30), (35, 40), (94, 90), (95, 100)],
)
def test_a_count_is_in_tens_and_none_under_twenty(people: int, shown: int | None) -> None:
    assert rounded(people) == shown


def test_the_week_begins_on_monday_at_midnight_of_the_zone() -> None:
    monday = date(2026, 3, 30)  # summer time began the day before
    midnight = start_of_week(monday, BERLIN)
    assert midnight == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert monday_of(midnight, BERLIN) == monday
    assert monday_of(midnight - timedelta(seconds=1), BERLIN) == monday - timedelta(days=7)
