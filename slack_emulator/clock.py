"""The clock of limits, time-outs and retries: the machine's, or one that a test moves."""

import asyncio
import threading
import time
from collections.abc import Awaitable
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")


class Clock(Protocol):
    """Elapsed seconds. Ids, signatures and displayed times use the time of day instead."""

    def now(self) -> float:
        """Monotonic seconds since an arbitrary point."""

    async def sleep(self, seconds: float) -> None:
        """Wait for this many seconds of this clock."""

    async def within(self, seconds: float, work: Awaitable[Result]) -> Result:
        """The result of `work`.

        Raises:
            TimeoutError: it took longer than `seconds` of this clock and was cancelled.
        """


class MachineClock:
    """The machine's monotonic clock."""

    def now(self) -> float:
        """As `time.monotonic`."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    async def within(self, seconds: float, work: Awaitable[Result]) -> Result:
        """As `Clock.within`."""
        return await asyncio.wait_for(work, seconds)


class ManualClock:
    """Moves only by `advance`, which is thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0.0
        self._alarms: dict[asyncio.Future[None], float] = {}

    @property
    def waiting(self) -> int:
        """How many waits and time-outs are pending, so that a test knows when to advance."""
        with self._lock:
            return len(self._alarms)

    def now(self) -> float:
        """Seconds it has been advanced by."""
        with self._lock:
            return self._now

    def advance(self, seconds: float) -> None:
        """Move it forward and end the waits that are over by then."""
        with self._lock:
            self._now += seconds
            due = [alarm for alarm, moment in self._alarms.items() if moment <= self._now]
            for alarm in due:
                del self._alarms[alarm]
        for alarm in due:
            alarm.get_loop().call_soon_threadsafe(_ring, alarm)

    async def sleep(self, seconds: float) -> None:
        """Wait until it has been advanced by this many seconds."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        alarm = self._set(seconds)
        try:
            await alarm
        finally:
            self._unset(alarm)

    async def within(self, seconds: float, work: Awaitable[Result]) -> Result:
        """As `Clock.within`."""
        task, alarm = asyncio.ensure_future(work), self._set(seconds)
        both: set[asyncio.Future[Any]] = {task, alarm}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise TimeoutError
            return task.result()
        finally:
            self._unset(alarm)
            task.cancel()

    def _set(self, seconds: float) -> asyncio.Future[None]:
        alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._alarms[alarm] = self._now + seconds
        return alarm

    def _unset(self, alarm: asyncio.Future[None]) -> None:
        with self._lock:
            self._alarms.pop(alarm, None)


def _ring(alarm: asyncio.Future[None]) -> None:
    if not alarm.done():
        alarm.set_result(None)
