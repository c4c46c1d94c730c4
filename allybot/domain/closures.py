"""Days off for everybody in a program, such as a company's holidays between the years. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from allybot.domain.calendar import Away, Calendar
from allybot.domain.spacing import Due, Jitter, Ladder, LadderProgress, due_of
from allybot.errors import FieldError

MOST, LONGEST_DAYS = 8, 60
"""Closures of a program, and days of one: longer, and the program would hardly run. Our own numbers."""


def closures_from(text: str | None) -> tuple[Away, ...]:
    """The closures of a program as they are stored."""
    pairs = (each.partition("/") for each in (text or "").split())
    return tuple(Away(date.fromisoformat(first), date.fromisoformat(last)) for first, _, last in pairs)


def closures_as_text(closures: Sequence[Away]) -> str | None:
    """The same as it is stored; None for none."""
    return " ".join(f"{each.first}/{each.last}" for each in closures) or None


def with_closure(closures: Sequence[Away], added: Away, today: date) -> tuple[Away, ...]:
    """The closures with one more, in order.

    Raises:
        FieldError: it ends before it begins or today, is too long, overlaps another, or they are too many.
    """
    if added.last < added.first:
        raise FieldError("last", "backwards")
    if added.last < today:
        raise FieldError("last", "past")
    if (added.last - added.first).days >= LONGEST_DAYS:
        raise FieldError("last", "too_long")
    if any(each.first <= added.last and added.first <= each.last for each in closures):
        raise FieldError("first", "overlaps")
    if len(closures) >= MOST:
        raise FieldError("first", "too_many")
    return tuple(sorted([*closures, added], key=lambda each: each.first))


def without_closures(
    ladder: Ladder,
    calendar: Calendar,
    fewer: Calendar,
    progress: LadderProgress,
    planned: Due,
    earliest: date,
    jitter: Jitter,
) -> Due | None:
    """A planned step as it would have been planned without a closure; None where the closure did not move it.

    Exact for whoever has never paused. Of somebody else only the sum of all moves is known, so that the step
    may come a few days earlier than it would have, but never before its own day.

    Args:
        calendar: the person's, with the closure.
        fewer: the same without it.
        planned: the step, its time and the days by which everything after it has moved.
        earliest: the first local day on which the person may be asked.
    """
    on = calendar.local_day(planned.at)
    for days in range(planned.moved_days):
        before = replace(progress, moved_days=days)
        then = due_of(ladder, calendar, before, planned.step, date.min + timedelta(days=1), jitter)
        if (calendar.local_day(then.at), then.moved_days) == (on, planned.moved_days):
            return due_of(ladder, fewer, before, planned.step, earliest, jitter)
    return None
