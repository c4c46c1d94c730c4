"""What time it is at Slack, from the Date header that every HTTP answer has (RFC 9110, 6.6.1)."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any


class SlackTime:
    """Slack's time, known since its latest answer. Safe to share between threads.

    Between answers it goes on with the machine's monotonic clock, which nobody can set. An answer is dated
    before it arrives, to the second, and a monotonic clock may stop while the machine sleeps: what is shown
    is never later than Slack's own time, and earlier by seconds, or by the sleep until the next answer.

    Args:
        steady: seconds that only ever go on.
    """

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._heard: tuple[datetime, float] | None = None

    def note(self, headers: Mapping[str, Any]) -> None:
        """Take the Date from an answer that has just come; one without a Date changes nothing."""
        for name, value in headers.items():
            if name.lower() == "date":
                try:
                    shown = parsedate_to_datetime("".join(value[:1]) if isinstance(value, list) else value)
                except ValueError:
                    return
                # A date without a zone is in UTC.
                self._heard = (shown.replace(tzinfo=shown.tzinfo or UTC).astimezone(UTC), self._steady())

    @property
    def heard(self) -> tuple[datetime, float] | None:
        """The latest Date (aware UTC) and when it came, in steady seconds; None before the first."""
        return self._heard

    def now(self) -> datetime | None:
        """Slack's time, aware UTC; None while no answer had a Date."""
        heard = self._heard
        return None if heard is None else heard[0] + timedelta(seconds=self._steady() - heard[1])
