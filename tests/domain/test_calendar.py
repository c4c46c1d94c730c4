from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.calendar import Away, Calendar, check_country
from allybot.errors import UserError

WEEK = frozenset(range(5))


def calendar(zone: str = "Europe/Berlin", country: str = "", *away: Away) -> Calendar:
    return Calendar(ZoneInfo(zone), WEEK, time(9), time(17), country, away)


def test_an_hour_the_clocks_skip_moves_forward():
    assert calendar().at(date(2026, 3, 29), time(2, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_of_an_hour_that_comes_twice_the_first_is_meant():
    assert calendar().at(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_ten_stays_ten_on_both_sides_of_a_change_of_clocks():
    assert calendar().at(date(2026, 3, 27), time(10)).hour == 9
    assert calendar().at(date(2026, 3, 30), time(10)).hour == 8


def test_a_public_holiday_is_free_only_where_the_country_keeps_it():
    epiphany = date(2026, 1, 6)
    assert calendar().is_working_day(epiphany)
    assert not calendar("Europe/Vienna", "AT").is_working_day(epiphany)


def test_leave_counts_with_its_first_and_its_last_day():
    away = calendar("Europe/Berlin", "", Away(date(2026, 1, 6), date(2026, 1, 8)))
    assert away.working_day_from(date(2026, 1, 6)) == date(2026, 1, 9)


def test_two_working_days_after_friday_is_tuesday():
    assert calendar().plus_working_days(date(2026, 1, 9), 2) == date(2026, 1, 13)


def test_nothing_is_open_at_night_at_noon_on_sunday_or_at_closing_time():
    assert calendar().is_open(datetime(2026, 1, 6, 8, tzinfo=UTC))
    for closed in (
        datetime(2026, 1, 6, 22, tzinfo=UTC),
        datetime(2026, 1, 11, 11, tzinfo=UTC),
        datetime(2026, 1, 6, 16, tzinfo=UTC),
    ):
        assert not calendar().is_open(closed)


def test_an_open_moment_stays_and_a_closed_one_moves_to_the_hour_of_the_next_working_day():
    friday_noon = datetime(2026, 1, 9, 11, tzinfo=UTC)
    friday_night = datetime(2026, 1, 9, 21, tzinfo=UTC)
    assert calendar().open_from(friday_noon, time(10)) == friday_noon
    assert calendar().open_from(friday_night, time(10)) == datetime(2026, 1, 12, 9, tzinfo=UTC)


def test_before_the_office_opens_the_same_day_is_meant():
    early = datetime(2026, 1, 9, 4, tzinfo=UTC)
    assert calendar().open_from(early, time(10)) == datetime(2026, 1, 9, 9, tzinfo=UTC)


def test_a_calendar_without_a_working_day_is_an_error_and_no_endless_loop():
    nothing = Calendar(ZoneInfo("UTC"), frozenset(), time(9), time(17))
    with pytest.raises(ValueError, match="no working day"):
        nothing.working_day_from(date(2026, 1, 1))


def test_a_country_nobody_has_heard_of_is_refused():
    check_country("")
    check_country("DE")
    with pytest.raises(UserError):
        check_country("XX")


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        calendar().is_open(datetime(2026, 1, 6, 9))  # noqa: DTZ001 - that is the point


@given(
    zone=st.sampled_from(sorted(available_timezones())),
    start=st.datetimes(datetime(2025, 6, 1), datetime(2027, 6, 1)),  # noqa: DTZ001 - made aware below
)
def test_the_next_open_moment_is_open_and_never_earlier_in_any_zone(zone: str, start: datetime):
    moment = start.replace(tzinfo=UTC)
    found = calendar(zone).open_from(moment, time(10))
    assert calendar(zone).is_open(found)
    assert moment <= found <= moment + timedelta(days=4)
