"""Quiet days (weekdays without unsolicited messages) and the hours offered for check-ins. Pure."""

from collections.abc import Collection
from datetime import time

from allybot.errors import FieldError

_HOUR = 60


def quiet_days(picked: Collection[int], working_days: Collection[int]) -> tuple[int, ...]:
    """The quiet weekdays in order, Monday is 0; days that are no working days are left out.

    Raises:
        FieldError: field `quiet_days`, reason `none_left`: one working day at least must remain.
    """
    quiet = tuple(sorted(set(picked) & set(working_days)))
    if len(quiet) == len(set(working_days)):
        field = "quiet_days"
        raise FieldError(field, "none_left")
    return quiet


def hours_to_choose(opens: time, closes: time, jitter_minutes: int) -> tuple[int, ...]:
    """The whole hours from `opens` at which a check-in plus its jitter is still before `closes`."""
    first, last = _minutes(opens), _minutes(closes)
    return tuple(hour for hour in range(24) if first <= hour * _HOUR and hour * _HOUR + jitter_minutes < last)


def _minutes(moment: time) -> int:
    return moment.hour * _HOUR + moment.minute
