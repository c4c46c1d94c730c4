# ruff: noqa: S311 - seeded chance

import random
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.calendar import Calendar
from allybot.domain.circle_questions import APPEARS_WITHIN, post_at, posting_window, question
from allybot.errors import FieldError


def test_spaces_and_empty_lines_are_tidied_and_lines_kept():
    assert question("  How would\tyou\n\n\n go about   it?\r\n", 100) == "How would you\ngo about it?"


@pytest.mark.parametrize(("text", "reason"), [(None, "empty"), (" \n ?! ", "empty"), ("x" * 101, "too_long")])
def test_nothing_and_too_much_are_refused(text: str | None, reason: str):
    with pytest.raises(FieldError) as problem:
        question(text, 100)
    assert (problem.value.field, problem.value.reason) == ("question", reason)


@given(st.text(max_size=200))
def test_what_is_tidied_once_stays_as_it_is(text: str):
    try:
        once = question(text, 1000)
    except FieldError:
        return
    assert question(once, 1000) == once


BERLIN = Calendar(ZoneInfo("Europe/Berlin"), frozenset(range(5)), time(9), time(18))
MONDAY = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)


def utc(day: int, hour: int) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "opens", "closes"),
    [
        (MONDAY, MONDAY, MONDAY + APPEARS_WITHIN),
        (utc(12, 16), utc(12, 16), utc(13, 10)),
        (utc(12, 14), utc(12, 14), utc(12, 17)),
        (utc(9, 20), utc(12, 8), utc(12, 11)),
        (utc(12, 5), utc(12, 8), utc(12, 11)),
    ],
    ids=["at work", "in the last hour", "until the end of the day", "on a Friday night", "early"],
)
def test_the_window_is_three_hours_of_work(asked: datetime, opens: datetime, closes: datetime):
    window = posting_window(BERLIN, asked)
    assert (window.opens_at, window.closes_at) == (opens, closes)


@given(st.integers(0, 60 * 24 * 365), st.randoms())
def test_it_is_posted_inside_the_window_and_working_hours(minutes: int, chance: random.Random):
    now = MONDAY + timedelta(minutes=minutes)
    window, at = posting_window(BERLIN, now), post_at(BERLIN, now, chance)
    assert window.opens_at <= at < window.closes_at
    assert BERLIN.is_open(at)


def test_each_part_of_the_window_is_equally_likely():
    chance = random.Random(7)
    parts = [0] * 6
    for _ in range(6000):
        parts[(post_at(BERLIN, MONDAY, chance) - MONDAY) // (APPEARS_WITHIN / 6)] += 1
    assert all(abs(part - 1000) < 150 for part in parts)  # five standard deviations


def at_once(_calendar: Calendar, now: datetime, _chance: random.Random) -> datetime:
    return now


@pytest.mark.parametrize(("posted", "fewest", "most"), [(post_at, 0, 0.25), (at_once, 1, 1)])
def test_who_typed_last_before_a_question_appeared_is_seldom_who_asked(
    posted: Callable[[Calendar, datetime, random.Random], datetime], fewest: float, most: float
):
    """Six people of a circle type ten times a working day each; one of the times is a question's."""
    chance, right, days = random.Random(1), 0, 2000
    for _ in range(days):
        opens = datetime(2026, 1, 12, 8, tzinfo=UTC)
        typed = sorted((opens + timedelta(hours=9) * chance.random(), each % 6) for each in range(60))
        asked_at, author = chance.choice([each for each in typed if each[0] < opens + timedelta(hours=5)])
        appeared = posted(BERLIN, asked_at, chance)
        right += [who for when, who in typed if when <= appeared][-1] == author
    assert fewest <= right / days <= most
