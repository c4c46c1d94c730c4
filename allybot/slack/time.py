"""Slack's time, from the Date header of its HTTP responses (RFC 9110, 6.6.1)."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any


class SlackTime:
    """Slack's time by its latest response. Safe to share between threads.

    Between responses it is extrapolated with the monotonic clock. A response is dated before it arrives, to
    the second, and a monotonic clock may stop while the machine is suspended, so the result is never later
    than Slack's real time, and earlier by seconds, or by the suspend until the next response.

    Args:
        monotonic: a monotonic clock, in seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._heard: tuple[datetime, float] | None = None

    def note(self, headers: Mapping[str, Any]) -> None:
        """Record the Date of a response that has just arrived, if it has one."""
        for name, value in headers.items():
            if name.lower() == "date":
                try:
                    shown = parsedate_to_datetime("".join(value[:1]) if isinstance(value, list) else value)
                except ValueError:
                    return
                # A date without a zone is in UTC.
                self._heard = (shown.replace(tzinfo=shown.tzinfo or UTC).astimezone(UTC), self._monotonic())

    @property
    def heard(self) -> tuple[datetime, float] | None:
        """The latest Date (aware UTC) and when it arrived, in monotonic seconds; None before the first."""
        return self._heard

    def now(self) -> datetime | None:
        """Slack's time, aware UTC; None while no response had a Date."""
        heard = self._heard
        return None if heard is None else heard[0] + timedelta(seconds=self._monotonic() - heard[1])
