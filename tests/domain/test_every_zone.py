"""Every time zone there is, through 400 days with both changes of the clock: hours, free days and steps."""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from allybot.domain.calendar import Away, Calendar
from allybot.domain.spacing import Ladder, LadderProgress, follow_up_at
from allybot.domain.step_messages import ladder_due

LADDER = Ladder(
    (3, 10, 17, 28, 42, 56, 70), 90, frozenset({1, 2, 3}), time(10), 7, 2, 2, 2, 56, (120, 150, 180)
)
ZONES = sorted(available_timezones())
FIRST = date(2025, 9, 1)
DAYS = 400
OPEN, SHUT = time(9), time(17)
COUNTRIES = ("", "DE", "US", "GB", "AU", "CL", "IR", "JP")


def clock_changes(zone: ZoneInfo) -> list[date]:
    """The days within the 400 on which this zone's clocks are changed."""
    noons = [datetime.combine(FIRST + timedelta(days=day), time(12), zone) for day in range(DAYS)]
    return [later.date() for earlier, later in pairwise(noons) if earlier.utcoffset() != later.utcoffset()]


def trainings(zone: ZoneInfo, number: int) -> list[date]:
    """Ends of trainings: each change of the clock meets a step, and all zones together begin on every day."""
    steps = LADDER.all_steps
    met = [day - timedelta(days=steps[(number + turn) % 8]) for turn, day in enumerate(clock_changes(zone))]
    return [FIRST + timedelta(days=(number * 3 + part * 97) % DAYS) for part in range(3)] + met


def test_clocks_change_in_many_zones_and_both_ways() -> None:
    changing = [zone for zone in ZONES if len(clock_changes(ZoneInfo(zone))) >= 2]
    assert len(ZONES) > 400
    assert len(changing) > 100


@pytest.mark.parametrize("part", range(4))
def test_nothing_is_due_outside_working_hours_and_no_step_is_lost_or_doubled(part: int) -> None:
    rng = random.Random(part)  # noqa: S311 - jitter
    begun: set[date] = set()
    for number in range(part, len(ZONES), 4):
        zone = ZoneInfo(ZONES[number])
        for turn, ended in enumerate(trainings(zone, number)):
            leave = Away(ended + timedelta(days=30), ended + timedelta(days=30 + turn * 4))
            away = (leave,) if turn else ()
            calendar = Calendar(zone, frozenset(range(5)), OPEN, SHUT, COUNTRIES[number % 8], away)
            until = datetime.combine(ended, time(), UTC) + timedelta(days=DAYS)
            found = ladder_due(
                LADDER,
                calendar,
                LadderProgress(ended, ended),
                until,
                jitter=lambda _step: rng.randrange(46),
            )
            assert [step for step, _ in found] == list(LADDER.all_steps), (zone, ended)
            for step, at in found:
                again = follow_up_at(LADDER, calendar, at, step, lambda _step: rng.randrange(46))
                for moment in (at, again):
                    local = moment.astimezone(zone)
                    assert OPEN <= local.time() < SHUT, (zone, ended, step)
                    assert local.weekday() < 5, (zone, ended, step)
                    assert calendar.is_working_day(local.date()), (zone, ended, step)
                    assert not any(off.first <= local.date() <= off.last for off in away)
                assert again > at
            begun.add(ended)
    assert len(begun) > DAYS / 4
