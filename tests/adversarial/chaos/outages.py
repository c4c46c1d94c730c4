"""What happens to the database on each day of a run."""

import threading
import time
from collections.abc import Callable

from tests.adversarial.chaos.databases import Backend
from tests.adversarial.chaos.plan import Scale


def outages_of(backend: Backend, scale: Scale, number: int, days: int) -> list[Callable[[], None]]:
    """The outages of day `number`, in order: four on all days together."""
    four: list[Callable[[], None]] = [
        lambda: backend.fill_disk(scale.disk_full),
        backend.restart,
        lambda: backend.hold_lock(scale.away),
        lambda: backend.make_unavailable(scale.away),
    ]
    if not backend.disk.is_small:
        four[0] = lambda: None
    return [outage for place, outage in enumerate(four) if place * days // len(four) == number]


class Outages:
    """Lets outages happen, one after the other, in a thread of their own."""

    def __init__(self, outages: list[Callable[[], None]], pause: float) -> None:
        self._outages = outages
        self._pause = pause
        self._error: BaseException | None = None
        # A run that is broken off does not wait for the database to come back.
        self._thread = threading.Thread(target=self._run, name="outages", daemon=True)
        self._thread.start()

    @property
    def are_over(self) -> bool:
        """Whether all of them have passed."""
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Return once they are over.

        Raises:
            RuntimeError: one of them failed, so that the run shows nothing.
        """
        self._thread.join()
        if self._error is not None:
            raise RuntimeError("an outage did not take place") from self._error

    def _run(self) -> None:
        try:
            for outage in self._outages:
                time.sleep(self._pause)
                outage()
        except BaseException as error:  # noqa: BLE001 - passed on by `wait`
            self._error = error
