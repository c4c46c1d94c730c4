"""A short reminder on the morning of a moment he has named: when, and how often at most. Pure."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from allybot.domain.calendar import Calendar

MAX_REMINDERS = 3
"""For one plan; then his own cue has to carry it, since people come to lean on reminders. Our own number."""


def remind_on(calendar: Calendar, moment: date, taken: Callable[[date], bool]) -> date | None:
    """The local day of the reminder of a moment on this day.

    That day, or the working day before where it is none of his. A day that is `taken` by another message goes
    to that one, since nobody gets two on a day: the reminder moves to the working day before, once,
    and is dropped where that day is taken too.
    """
    day = calendar.working_day_until(moment)
    if taken(day):
        day = calendar.working_day_until(day - timedelta(days=1))
    return None if taken(day) else day


def remind_at(calendar: Calendar, day: date, jitter_minutes: int) -> datetime:
    """The beginning of his working hours on that day, a few minutes in; aware UTC."""
    minute = calendar.opens.hour * 60 + calendar.opens.minute + jitter_minutes
    return calendar.at(day, time(minute // 60 % 24, minute % 60))


def stale_at(calendar: Calendar, day: date) -> datetime:
    """From when on a reminder of that day comes too late: the end of his working hours, aware UTC."""
    return calendar.at(day, calendar.closes)
