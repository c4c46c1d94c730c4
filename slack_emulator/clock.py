"""Seconds for permits, limits, time-outs and retries: the machine's, or a test's, which moves them itself."""

import asyncio
import threading
import time
from collections.abc import Awaitable
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")


class Clock(Protocol):
    """What the emulator asks for seconds. Ids, signatures and what people see keep the time of day."""

    def now(self) -> float:
        """Seconds since some moment; they never go back."""

    async def sleep(self, seconds: float) -> None:
        """Wait so many seconds of this clock."""

    async def within(self, seconds: float, work: Awaitable[Result]) -> Result:
        """What the work comes to.

        Raises:
            TimeoutError: it took more than so many seconds of this clock; it has been cancelled.
        """


class MachineClock:
    """The machine's monotonic clock."""

    def now(self) -> float:
        """Seconds since the machine started, or thereabouts."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    async def within(self, seconds: float, work: Awaitable[Result]) -> Result:
        """As `Clock.within`."""
        return await asyncio.wait_for(work, seconds)


class ManualClock:
    """Stands still until `advance`, which may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0.0
        self._alarms: dict[asyncio.Future[None], float] = {}

    @property
    def waiting(self) -> int:
        """How many waits and time-outs are under way, so that a test knows when to move it."""
        with self._lock:
            return len(self._alarms)

    def now(self) -> float:
        """Seconds it has been moved by."""
        with self._lock:
            return self._now

    def advance(self, seconds: float) -> None:
        """Move it on; whoever has waited long enough by then goes on."""
        with self._lock:
            self._now += seconds
            due = [alarm for alarm, moment in self._alarms.items() if moment <= self._now]
            for alarm in due:
                del self._alarms[alarm]
        for alarm in due:
            alarm.get_loop().call_soon_threadsafe(_ring, alarm)

    async def sleep(self, seconds: float) -> None:
        """Wait until it has been moved by so many seconds."""
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
