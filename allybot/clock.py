"""The clocks of allybot.

The program's clock decides what is due; a clock offset moves it. The host's, `real_now`, is never moved but
may be wrong. Leases, limits and waits use the database's clock (`store.engine.shared_clock`), look-ups use
Slack's (`slack.time`), so that a moved or wrong clock cannot expire a lease or hide a message.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""A function that returns an aware datetime in UTC."""


def real_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def shifted(offset: timedelta, host: Clock = real_now) -> Clock:
    """A clock that is `offset` ahead of the host's; behind when negative."""
    return lambda: host() + offset


def aware(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        ValueError: the datetime is naive.
    """
    if moment.tzinfo is None:
        message = "a datetime without a time zone was given"
        raise ValueError(message)
    return moment.astimezone(UTC)
