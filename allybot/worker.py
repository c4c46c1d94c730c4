"""The metronome: stories queue what time has made due, delivery speaks, and SIGTERM drains.

APScheduler only ticks, with its jobs in memory: it cannot share a job store between processes (its FAQ), and
what is due stands in the tables, so any number of workers may tick. A tick that fails is logged and counted,
and the next one tries again: the database may be away for a minute.
"""

import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from types import FrameType
from typing import TypeVar

from apscheduler.executors.pool import (  # type: ignore[import-untyped]  # APScheduler 3 ships no types
    ThreadPoolExecutor as JobThreads,
)
from apscheduler.jobstores.base import JobLookupError  # type: ignore[import-untyped]  # the same
from apscheduler.schedulers.background import (  # type: ignore[import-untyped]  # the same
    BackgroundScheduler,
)

from allybot import telemetry
from allybot.clock import Clock, real_now
from allybot.services.context import Context
from allybot.services.delivery.clock_agreement import ClockAgreement, Disagreement
from allybot.services.delivery.config import DeliveryRules
from allybot.services.delivery.sender import Delivery
from allybot.services.delivery.settle import Renderer
from allybot.services.isolation import Story
from allybot.slack.gateway import SlackGateway

STORIES_EVERY = timedelta(seconds=1)
DELIVERY_EVERY = timedelta(seconds=0.5)
_SHORT_SECONDS = 0.02
_A_TICK_SECONDS = 0.25
_A_JUMP = timedelta(minutes=1)
Result = TypeVar("Result")
log = telemetry.logger()


class Worker:
    """Runs every story and delivers, until stopped. Any number may run on any number of hosts.

    Args:
        clock: the program's clock, which says what is due.
        render: writes a message when it is sent.
        stories: run in this order.
        worker_id: a name no other worker ever has; made up when None.
        real: the clock the workers share, see `SharedClock`.
        rules: the numbers of delivery.
        host: the host's clock. While it is not Slack's, or the program's is not that of the other workers,
            the worker does nothing, see `ClockAgreement`.
    """

    def __init__(
        self,
        context: Context,
        slack: SlackGateway,
        clock: Clock,
        render: Renderer,
        stories: Sequence[Story],
        worker_id: str | None = None,
        real: Clock = real_now,
        rules: DeliveryRules | None = None,
        host: Clock = real_now,
    ) -> None:
        self.worker_id = worker_id or f"{socket.gethostname()[:30]}-{secrets.token_hex(6)}"
        self._context = context
        self._clock = clock
        self._stories = tuple(stories)
        self._delivery = Delivery(context, slack, render, self.worker_id, real, rules)
        self._agreement = ClockAgreement(
            context, slack, self.worker_id, clock, host, rules or DeliveryRules()
        )
        self._stopping = threading.Event()
        self._nudged = threading.Event()
        # One pass at a time, whether it is ticked or asked for by `run_once`.
        self._telling = threading.Lock()
        self._delivering = threading.Lock()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": JobThreads(2)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    @property
    def refuses(self) -> Disagreement | None:
        """Why the worker does nothing at present: its clocks and those of Slack or other workers differ."""
        return self._agreement.latest

    def start(self) -> None:
        """Begin to tick, in threads of its own."""
        for name, tick, every in (
            ("stories", self._stories_tick, STORIES_EVERY),
            ("delivery", self._delivery_tick, DELIVERY_EVERY),
        ):
            self._scheduler.add_job(
                tick,
                "interval",
                seconds=every.total_seconds(),
                id=name,
                next_run_time=real_now(),
            )
        self._scheduler.start()
        log.info("the worker runs", worker=self.worker_id)

    def nudge(self) -> None:
        """Deliver now instead of at the next tick: the outbox has something new. Cheap, never fails."""
        self._nudged.set()
        if self._scheduler.running and not self._stopping.is_set():
            try:
                self._scheduler.modify_job("delivery", next_run_time=real_now())
            except JobLookupError:
                return  # it is being shut down; the next worker delivers

    def stop(self, timeout: float = 30.0) -> bool:
        """Finish what is claimed, then rest for good; whether that was done within `timeout` seconds.

        What is not finished is not lost: its lease runs out, and another worker looks it up.
        """
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        end = time.monotonic() + timeout
        finished = False
        if self._telling.acquire(timeout=timeout):
            self._telling.release()
            if self._delivering.acquire(timeout=max(0.0, end - time.monotonic())):
                # Released at the end, so that a tick that waits for it sees that it is over.
                left = max(0.0, end - time.monotonic())
                finished = bool(self._guarded("delivery", partial(self._delivery.close, left)))
                self._delivering.release()
        self._guarded("delivery", self._agreement.leave)
        if finished:
            log.info("the worker rests", worker=self.worker_id)
        else:
            log.warning("the worker stops with something unfinished", worker=self.worker_id)
        return finished

    def run_forever(self) -> None:
        """Tick until SIGTERM or SIGINT, then drain. To be called in the main thread."""
        told = threading.Event()

        def leave(_signal: int, _frame: FrameType | None) -> None:
            told.set()

        before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self.start()
            while not told.wait(1.0):
                pass
            log.info("the worker finishes what it has begun", worker=self.worker_id)
            self.stop()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def run_once(self, timeout: float = 60.0) -> bool:
        """One pass of every story, then delivery until nothing due is left; rows that fail are parked.

        Waits in real time for budgets, back-off and look-ups.

        Returns:
            Whether all was delivered, or put aside, within `timeout` seconds.
        """
        end = time.monotonic() + timeout
        told = False
        while time.monotonic() < end:
            now = self._agreed_time()
            if now is None:
                time.sleep(_SHORT_SECONDS)
                continue
            if not told:
                with self._telling:
                    self.tell_stories(now)
                told = True
            with self._delivering:
                started = self._delivery.begin(now)
                self._delivery.finish()
            if not started and self.is_idle():
                return True
            if not started:
                time.sleep(_SHORT_SECONDS)
        return False

    def is_idle(self) -> bool:
        """Whether nothing queued and due waits to be said; what a story has yet to queue is not counted."""
        return self._delivery.remaining(self._clock()) == 0

    def tell_stories(self, now: datetime) -> int:
        """Let every story queue what is due at `now` (the program's clock, UTC); how much that was."""
        return sum(story(self._context, now) for story in self._stories)

    def _stories_tick(self) -> None:
        with self._telling:
            queued = None if self._stopping.is_set() else self._guarded("stories", self._tell_one_by_one)
        if queued:
            self.nudge()

    def _tell_one_by_one(self) -> int:
        now = self._agreed_time()
        if now is None:
            return 0
        told = [
            self._guarded("stories", partial(story, self._context, now), story.name)
            for story in self._stories
            if not self._stopping.is_set()
        ]
        return sum(queued or 0 for queued in told)

    def _agreed_time(self) -> datetime | None:
        """What the program's clock shows, or None while it cannot be trusted."""
        # Read before and after it is compared: somebody may set it, wrong or right, just then.
        before = self._clock()
        if self._agreement.disagreement():
            return None
        now = self._clock()
        return now if abs(now - before) < _A_JUMP else None

    def _delivery_tick(self) -> None:
        with self._delivering:
            self._guarded("delivery", self._deliver)

    def _deliver(self) -> None:
        while not self._stopping.is_set():
            now = self._agreed_time()
            if now is None:
                self._delivery.wait(0)  # what is under way keeps its claim
                return
            self._nudged.clear()
            if self._delivery.begin(now):
                continue
            if self._delivery.is_busy:
                self._delivery.wait(_A_TICK_SECONDS)
            elif not self._nudged.is_set():
                return

    def _guarded(self, loop: str, work: Callable[[], Result], story: str | None = None) -> Result | None:
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - the outermost loop: whatever it is, the next tick must come
            telemetry.LOOP_ERRORS.labels(loop).inc()
            log.error(  # noqa: TRY400 - a traceback could quote a person's words
                "a tick failed",
                loop=loop,
                story=story,
                worker=self.worker_id,
                error=type(error).__name__,
                where=telemetry.where(error),
            )
            return None
