"""Reminders on the morning of a plan's moment: when, and how often at most. Pure."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from allybot.domain.calendar import Calendar

MAX_REMINDERS = 3
"""Per plan; then the plan's cue has to suffice, since people come to rely on reminders. Our own number."""


def remind_on(calendar: Calendar, moment: date, taken: Callable[[date], bool]) -> date | None:
    """The local day of the reminder of a moment on this day; None when it is dropped.

    The day itself, or the last working day before it. Where another message has `taken` that day, the
    reminder moves once to the working day before, and is dropped if that one is taken too.
    """
    day = calendar.working_day_until(moment)
    if taken(day):
        day = calendar.working_day_until(day - timedelta(days=1))
    return None if taken(day) else day


def remind_at(calendar: Calendar, day: date, jitter_minutes: int) -> datetime:
    """The start of working hours on that day plus jitter; aware UTC."""
    minute = calendar.opens.hour * 60 + calendar.opens.minute + jitter_minutes
    return calendar.at(day, time(minute // 60 % 24, minute % 60))


def stale_at(calendar: Calendar, day: date) -> datetime:
    """When a reminder of that day expires: the end of working hours, aware UTC."""
    return calendar.at(day, calendar.closes)
