"""The clocks of allybot.

The program's clock says what is due and may be moved by a clock offset. The host's, `real_now`, is never
moved, but may be wrong. Leases, limits and waits run on the database's (`store.shared_clock`), look-ups on
Slack's (`slack_time`), so that neither a moved clock nor a wrong one can expire a lease or hide a message.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""A function that returns an aware datetime in UTC."""


def real_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def shifted(offset: timedelta, host: Clock = real_now) -> Clock:
    """A clock that runs `offset` ahead of (or, negative, behind) the host's."""
    return lambda: host() + offset


def aware(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        ValueError: the datetime is naive; allybot refuses to guess a time zone.
    """
    if moment.tzinfo is None:
        message = "a datetime without a time zone was given"
        raise ValueError(message)
    return moment.astimezone(UTC)
