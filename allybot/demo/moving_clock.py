"""A clock that can be moved and, for scripts, stopped."""

import threading
from datetime import datetime, timedelta

from allybot.clock import aware, real_now


class MovingClock:
    """A `Clock` for what is due; leases, rate limits and look-ups use real time.

    Args:
        start: its first time, aware.
        ticking: whether it runs on; False makes scripted runs repeatable.
    """

    def __init__(self, start: datetime, *, ticking: bool) -> None:
        self._lock = threading.Lock()
        self._ticking = ticking
        self._time = aware(start)
        self._set_at = real_now()

    def __call__(self) -> datetime:
        """The time, aware UTC."""
        with self._lock:
            return self._time + (real_now() - self._set_at if self._ticking else timedelta())

    def move_to(self, moment: datetime) -> None:
        """Set the time (aware); it may be in the past."""
        with self._lock:
            self._time, self._set_at = aware(moment), real_now()
