"""Counts of people that leads may see: in tens, none under twenty, and one a week."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from allybot.domain.weekly_counts import monday_of, rounded, start_of_week, weekly_count

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("people", "shown"),
    [(0, None), (19, None), (20, 20), (29, 20), (30, 30), (99, 90), (100, 100)],
)
def test_a_count_is_in_tens_and_none_under_twenty(people: int, shown: int | None) -> None:
    assert rounded(people) == shown


def test_the_week_begins_on_monday_at_midnight_of_the_zone() -> None:
    monday = date(2026, 3, 30)  # summer time began the day before
    midnight = start_of_week(monday, BERLIN)
    assert midnight == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert monday_of(midnight, BERLIN) == monday
    assert monday_of(midnight - timedelta(seconds=1), BERLIN) == monday - timedelta(days=7)


def test_the_list_does_not_fall_and_who_takes_part_does() -> None:
    noon = datetime(2026, 3, 30, 12, tzinfo=UTC)
    before = weekly_count(31, 30, None, noon, BERLIN)
    after = weekly_count(29, 29, before, noon + timedelta(days=7), BERLIN)
    assert (before.on_list, before.taking_part) == (30, 30)
    assert (after.on_list, after.taking_part) == (30, 20)
