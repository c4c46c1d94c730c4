"""The two clocks of the house.

`Clock` says what is due and may be moved by a clock offset. `real_now` is never moved: leases, rate
limits, look-ups and time-outs run on it, so that moving the demo's clock cannot expire a lease.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""A function that returns an aware datetime in UTC."""


def real_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def shifted(offset: timedelta) -> Clock:
    """A clock that runs `offset` ahead of (or, negative, behind) the real one."""
    return lambda: real_now() + offset


def aware(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        ValueError: the datetime is naive; allybot refuses to guess a time zone.
    """
    if moment.tzinfo is None:
        message = "a datetime without a time zone was given"
        raise ValueError(message)
    return moment.astimezone(UTC)
