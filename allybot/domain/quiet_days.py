"""Quiet days: weekdays on which a trainee hears nothing unprompted, and his own hour for check-ins. Pure."""

from collections.abc import Collection
from datetime import time

from allybot.errors import FieldError

_HOUR = 60


def quiet_days(picked: Collection[int], working_days: Collection[int]) -> tuple[int, ...]:
    """The weekdays he keeps quiet, Monday is 0, in order; days on which nobody writes anyway are left out.

    Raises:
        FieldError: field `quiet_days`, reason `none_left`: one working day at least must remain.
    """
    quiet = tuple(sorted(set(picked) & set(working_days)))
    if len(quiet) == len(set(working_days)):
        field = "quiet_days"
        raise FieldError(field, "none_left")
    return quiet


def hours_to_choose(opens: time, closes: time, jitter_minutes: int) -> tuple[int, ...]:
    """The whole hours at which check-ins can come, so that none falls after `closes` by its jitter."""
    first, last = _minutes(opens), _minutes(closes)
    return tuple(hour for hour in range(24) if first <= hour * _HOUR and hour * _HOUR + jitter_minutes < last)


def _minutes(moment: time) -> int:
    return moment.hour * _HOUR + moment.minute
