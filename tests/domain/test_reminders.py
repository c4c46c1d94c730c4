from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.calendar import Calendar
from allybot.domain.reminders import remind_at, remind_on, stale_at

BERLIN = Calendar(ZoneInfo("Europe/Berlin"), frozenset(range(5)), time(9), time(17))
WEDNESDAY, SATURDAY = date(2026, 1, 14), date(2026, 1, 17)


def nothing_else(_day: date) -> bool:
    return False


def test_it_comes_that_morning_or_on_the_working_day_before():
    assert remind_on(BERLIN, WEDNESDAY, nothing_else) == WEDNESDAY
    assert remind_on(BERLIN, SATURDAY, nothing_else) == date(2026, 1, 16)
    quiet = Calendar(BERLIN.zone, BERLIN.working_days, BERLIN.opens, BERLIN.closes, quiet=frozenset({1, 2}))
    assert remind_on(quiet, WEDNESDAY, nothing_else) == date(2026, 1, 12)


def test_a_day_that_is_taken_moves_it_once_and_then_drops_it():
    assert remind_on(BERLIN, WEDNESDAY, {WEDNESDAY}.__contains__) == date(2026, 1, 13)
    assert remind_on(BERLIN, WEDNESDAY, {WEDNESDAY, date(2026, 1, 13)}.__contains__) is None


def test_a_reminder_comes_when_the_working_day_begins_and_expires_when_it_ends():
    assert remind_at(BERLIN, WEDNESDAY, 7) == datetime(2026, 1, 14, 8, 7, tzinfo=UTC)
    assert stale_at(BERLIN, WEDNESDAY) == datetime(2026, 1, 14, 16, tzinfo=UTC)


@given(
    zone=st.sampled_from(sorted(available_timezones())),
    moment=st.dates(date(2025, 9, 1), date(2027, 9, 1)),
    quiet=st.frozensets(st.integers(0, 4), max_size=4),
    country=st.sampled_from(["", "DE", "JP", "NP", "US"]),
    jitter=st.integers(0, 15),
)
def test_in_every_zone_a_reminder_comes_in_working_hours_on_no_quiet_day_and_not_after_the_moment(
    zone: str, moment: date, quiet: frozenset[int], country: str, jitter: int
):
    calendar = Calendar(ZoneInfo(zone), frozenset(range(5)), time(9), time(17), country, quiet=quiet)
    day = remind_on(calendar, moment, nothing_else)
    assert day is not None
    at = remind_at(calendar, day, jitter)
    assert calendar.is_open(at)
    assert calendar.local_day(at) == day <= moment
    assert day.weekday() not in quiet
    assert not any(
        calendar.is_working_day(day + timedelta(days=ahead)) for ahead in range(1, (moment - day).days + 1)
    )
