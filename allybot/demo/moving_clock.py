"""The program's clock of a session: it can be moved, and for a script it can stand still."""

import threading
from datetime import datetime, timedelta

from allybot.clock import aware, real_now


class MovingClock:
    """Reads as a `Clock`. Only what is due follows it; leases, limits and look-ups run on real time.

    Args:
        start: what it shows at first, aware.
        flows: whether it goes on by itself; a script lets it stand, so that two runs are alike.
    """

    def __init__(self, start: datetime, *, flows: bool) -> None:
        self._lock = threading.Lock()
        self._flows = flows
        self._shown = aware(start)
        self._set_at = real_now()

    def __call__(self) -> datetime:
        """The program's time, aware UTC."""
        with self._lock:
            return self._shown + (real_now() - self._set_at if self._flows else timedelta())

    def move_to(self, moment: datetime) -> None:
        """Show this moment (aware) from now on; it may lie in the past."""
        with self._lock:
            self._shown, self._set_at = aware(moment), real_now()
