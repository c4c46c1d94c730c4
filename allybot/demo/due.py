"""The check-ins due for each scripted person, from the ladder and the script alone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from allybot.content import Rules
from allybot.demo.cast import Character, Habit
from allybot.demo.session import START, TRAINING_ENDED_ON
from allybot.domain.calendar import Away, Calendar
from allybot.domain.spacing import LadderProgress
from allybot.domain.step_messages import ladder_due
from allybot.services.check_ins.schedule import ladder_of

LEAVE = timedelta(weeks=2)
"""Duration of `/allybot pause 2 weeks`."""


def due_steps(rules: Rules, who: Character, moments: Mapping[str, datetime], end: datetime) -> set[int]:
    """The steps due for this person before `end` (aware).

    Args:
        moments: when the pause, stop or deactivation happened, by Slack user; aware.
    """
    zone = ZoneInfo(who.zone)
    moment = moments.get(who.user)
    away: tuple[Away, ...] = ()
    until = end
    if moment is not None and who.habit is Habit.ON_LEAVE:
        first = moment.astimezone(zone).date()
        away = (Away(first, first + LEAVE - timedelta(days=1)),)
    elif moment is not None:
        until = min(end, moment)
    calendar = Calendar(
        zone=zone,
        working_days=frozenset(day.number for day in rules.check_ins.working_days),
        opens=rules.check_ins.working_hours_start,
        closes=rules.check_ins.working_hours_end,
        away=away,
    )
    ladder = ladder_of(rules)
    progress = LadderProgress(TRAINING_ENDED_ON, START.astimezone(zone).date())
    untapped = ladder.all_steps if who.habit is Habit.SILENT else ()
    return {step for step, _ in ladder_due(ladder, calendar, progress, until, untapped=untapped)}
