"""Days off for a whole program move what is planned, and taken back they move it back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.calendar import Away
from allybot.domain.closures import (
    LONGEST_DAYS,
    MOST,
    closures_as_text,
    closures_from,
    with_closure,
    without_closures,
)
from allybot.domain.spacing import next_due
from allybot.errors import FieldError
from tests.domain.test_spacing import AT_START, BERLIN, FRIDAY, LADDER, no_jitter

TODAY = date(2026, 1, 5)
XMAS = Away(date(2026, 12, 24), date(2027, 1, 1))


def test_closures_are_stored_and_read_back_in_order() -> None:
    earlier = Away(date(2026, 8, 3), date(2026, 8, 14))
    both = with_closure((XMAS,), earlier, TODAY)
    assert both == (earlier, XMAS)
    assert closures_from(closures_as_text(both)) == both
    assert closures_as_text(()) is None
    assert closures_from(None) == ()


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        (Away(date(2026, 2, 2), date(2026, 2, 1)), "backwards"),
        (Away(date(2025, 12, 24), date(2026, 1, 4)), "past"),
        (Away(date(2026, 2, 2), date(2026, 2, 2) + timedelta(days=LONGEST_DAYS)), "too_long"),
        (Away(date(2027, 1, 1), date(2027, 1, 2)), "overlaps"),
    ],
)
def test_days_off_that_make_no_sense_are_refused(added: Away, reason: str) -> None:
    with pytest.raises(FieldError) as refused:
        with_closure((XMAS,), added, TODAY)
    assert refused.value.reason == reason


def test_there_are_only_so_many() -> None:
    many = tuple(Away(day, day) for day in (date(2026, 3, number) for number in range(1, MOST + 1)))
    with pytest.raises(FieldError, match="too_many"):
        with_closure(many, XMAS, TODAY)


@given(
    starts=st.integers(0, 120),
    length=st.integers(0, LONGEST_DAYS - 1),
    paused=st.integers(0, 30),
    steps=st.integers(0, 7),
)
def test_days_off_taken_back_leave_the_ladder_as_it_was(
    starts: int, length: int, paused: int, steps: int
) -> None:
    """Whatever step is planned; whoever has paused may be asked a little earlier, never before its day."""
    progress = replace(AT_START, moved_days=paused)
    earliest = FRIDAY
    for _ in range(steps):
        due = next_due(LADDER, BERLIN, progress, earliest, no_jitter)
        assert due is not None
        earliest = BERLIN.local_day(due.at)
        progress = replace(progress, after=due.step, asked_on=earliest)
    planned = next_due(LADDER, BERLIN, progress, earliest, no_jitter)
    assert planned is not None
    first = FRIDAY + timedelta(days=starts)
    closed = replace(BERLIN, away=(Away(first, first + timedelta(days=length)),))
    stretched = next_due(LADDER, closed, progress, earliest, no_jitter)
    assert stretched is not None
    assert closed.is_working_day(BERLIN.local_day(stretched.at))
    moved = replace(progress, moved_days=stretched.moved_days)
    back = without_closures(LADDER, closed, BERLIN, moved, stretched, earliest, no_jitter)
    if paused:
        nominal = FRIDAY + timedelta(days=planned.step)
        assert back is None or nominal <= BERLIN.local_day(back.at) <= BERLIN.local_day(stretched.at)
    else:
        assert (back or stretched).at == planned.at
        assert (back is None) == (stretched == planned)
