from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.frequency import back_on
from allybot.errors import FieldError

TODAY = date(2026, 12, 16)  # a Wednesday


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2 weeks", date(2026, 12, 30)),
        ("for 10 days", date(2026, 12, 26)),
        ("two weeks", date(2026, 12, 30)),
        ("a week", date(2026, 12, 23)),
        ("a couple of weeks", date(2026, 12, 30)),
        ("the next three weeks", date(2027, 1, 6)),
        ("for the next 2 weeks", date(2026, 12, 30)),
        ("1 month", date(2027, 1, 15)),
        ("until 14 Jan", date(2027, 1, 14)),
        ("until 14 January", date(2027, 1, 14)),
        ("UNTIL the 14th of January.", date(2027, 1, 14)),
        ("till January 14", date(2027, 1, 14)),
        ("January 14th, 2027", date(2027, 1, 14)),
        ("2027-01-14", date(2027, 1, 14)),
        ("until 14.1.", date(2027, 1, 14)),
        ("14.01.2027", date(2027, 1, 14)),
        ("14/1", date(2027, 1, 14)),
        ("until Monday", date(2026, 12, 21)),
        ("until wednesday", date(2026, 12, 23)),
        ("until Thu", date(2026, 12, 17)),
        ("until tomorrow", date(2026, 12, 17)),
        ("today", date(2026, 12, 17)),
        ("until next week", date(2026, 12, 21)),
        ("next week", date(2026, 12, 28)),
        ("this week", date(2026, 12, 21)),
        ("next 10 days", date(2026, 12, 26)),
        ("\u201cuntil 14 Jan\u201d", date(2027, 1, 14)),
        ("'2 weeks'.", date(2026, 12, 30)),
        ("until\n14 Jan\n", date(2027, 1, 14)),
    ],
)
def test_what_people_type_is_understood(words: str, day: date):
    assert back_on(words, TODAY) == day


@pytest.mark.parametrize("words", ["", "  ", "open-ended", "Open", "for now", "until further notice"])
def test_a_pause_may_have_no_end(words: str):
    assert back_on(words, TODAY) is None


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("until 2026-12-15", "past"),
        ("until today", "past"),
        ("until 16 December", "past"),
        ("until 1 December", "past"),
        ("0 days", "past"),
        ("until 2029-01-01", "too_far"),
        ("until 29 Feb", "too_far"),
        ("100 weeks", "too_far"),
        ("until 31 February", "not_understood"),
        ("until 13/13", "not_understood"),
        ("until the cows come home", "not_understood"),
        ("2", "not_understood"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_reason(words: str, reason: str):
    with pytest.raises(FieldError) as problem:
        back_on(words, TODAY)
    assert (problem.value.field, problem.value.reason) == ("until", reason)


@given(st.text(max_size=40), st.dates(date(2025, 1, 1), date(2030, 1, 1)))
def test_whatever_is_typed_ends_in_a_later_day_an_open_end_or_a_plain_refusal(words: str, today: date):
    try:
        day = back_on(words, today)
    except FieldError:
        return
    assert day is None or today < day <= today + timedelta(days=366)


@given(st.dates(date(2025, 1, 1), date(2030, 1, 1)), st.integers(1, 366))
def test_a_date_in_numbers_means_that_date(today: date, ahead: int):
    day = today + timedelta(days=ahead)
    assert back_on(f"until {day.isoformat()}", today) == day
    assert back_on(f"{day.day}.{day.month}.{day.year}", today) == day
