"""The worker: runs the scheduled jobs and the delivery at fixed intervals, and drains on SIGTERM.

APScheduler only triggers the ticks, with its jobs in memory: it cannot share a job store between processes
(its FAQ). What is due is in the database, so any number of workers may run. A tick that fails is logged and
counted, and the next one tries again.
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
from allybot.services.isolation import ScheduledJob, SharedReading
from allybot.slack.gateway import SlackGateway

STORIES_EVERY = timedelta(seconds=1)
DELIVERY_EVERY = timedelta(seconds=0.5)
_POLL_SECONDS = 0.02
_WAIT_SECONDS = 0.25
_CLOCK_JUMP = timedelta(minutes=1)
Result = TypeVar("Result")
log = telemetry.logger()


class Worker:
    """Runs the scheduled jobs and delivers until stopped. Any number of workers may run, on any hosts.

    Args:
        clock: the program's clock, which says what is due.
        render: renders a message when it is sent.
        jobs: run in this order.
        worker_id: a name no other worker ever has; generated when None.
        real: the clock the workers share, see `SharedClock`.
        rules: limits and time-outs of delivery.
        host: the host's clock. The worker pauses while it disagrees with Slack's, or the program's with that
            of the other workers, see `ClockAgreement`.
    """

    def __init__(
        self,
        context: Context,
        slack: SlackGateway,
        clock: Clock,
        render: Renderer,
        jobs: Sequence[ScheduledJob],
        worker_id: str | None = None,
        real: Clock = real_now,
        rules: DeliveryRules | None = None,
        host: Clock = real_now,
    ) -> None:
        self.worker_id = worker_id or f"{socket.gethostname()[:30]}-{secrets.token_hex(6)}"
        self._context = context
        self._clock = clock
        self._jobs = tuple(jobs)
        self._delivery = Delivery(context, slack, render, self.worker_id, real, rules)
        self._agreement = ClockAgreement(
            context, slack, self.worker_id, clock, host, rules or DeliveryRules()
        )
        self._stopping = threading.Event()
        self._nudged = threading.Event()
        # One pass at a time, whether it is started by a tick or by `run_once`.
        self._jobs_lock = threading.Lock()
        self._delivery_lock = threading.Lock()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": JobThreads(2)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    @property
    def refuses(self) -> Disagreement | None:
        """Why the worker is paused, if it is: its clocks differ from those of Slack or other workers."""
        return self._agreement.latest

    def start(self) -> None:
        """Start ticking, in background threads."""
        for name, tick, every in (
            ("jobs", self._stories_tick, STORIES_EVERY),
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
        """Deliver now instead of at the next tick, after something was queued. Cheap, never raises."""
        self._nudged.set()
        if self._scheduler.running and not self._stopping.is_set():
            try:
                self._scheduler.modify_job("delivery", next_run_time=real_now())
            except JobLookupError:
                return  # it is being shut down; the next worker delivers

    def stop(self, timeout: float = 30.0) -> bool:
        """Finish what is claimed, then stop for good; False when `timeout` seconds were not enough.

        What is not finished is not lost: its lease expires, and another worker looks it up.
        """
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        end = time.monotonic() + timeout
        finished = False
        if self._jobs_lock.acquire(timeout=timeout):
            self._jobs_lock.release()
            if self._delivery_lock.acquire(timeout=max(0.0, end - time.monotonic())):
                # Released at the end, so that a waiting tick sees that the worker has stopped.
                left = max(0.0, end - time.monotonic())
                finished = bool(self._log_errors("delivery", partial(self._delivery.close, left)))
                self._delivery_lock.release()
        self._log_errors("delivery", self._agreement.remove_heartbeat)
        if finished:
            log.info("the worker rests", worker=self.worker_id)
        else:
            log.warning("the worker stops with something unfinished", worker=self.worker_id)
        return finished

    def run_forever(self) -> None:
        """Tick until SIGTERM or SIGINT, then drain. To be called in the main thread."""
        stop_requested = threading.Event()

        def request_stop(_signal: int, _frame: FrameType | None) -> None:
            stop_requested.set()

        before = {number: signal.signal(number, request_stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self.start()
            while not stop_requested.wait(1.0):
                pass
            log.info("the worker finishes what it has begun", worker=self.worker_id)
            self.stop()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def run_once(self, timeout: float = 60.0) -> bool:
        """Run every job once, then deliver until nothing due is left; rows that fail are parked.

        Waits in real time for rate limits, back-off and look-ups.

        Returns:
            Whether everything was delivered or parked within `timeout` seconds.
        """
        end = time.monotonic() + timeout
        stories_done = False
        while time.monotonic() < end:
            now = self._agreed_time()
            if now is None:
                time.sleep(_POLL_SECONDS)
                continue
            if not stories_done:
                with self._jobs_lock:
                    self.run_jobs(now)
                stories_done = True
            with self._delivery_lock:
                started = self._delivery.begin(now)
                self._delivery.finish()
            if not started and self.is_idle():
                return True
            if not started:
                time.sleep(_POLL_SECONDS)
        return False

    def is_idle(self) -> bool:
        """Whether no queued message is due; what a job has yet to queue is not counted."""
        return self._delivery.remaining(self._clock()) == 0

    def run_jobs(self, now: datetime) -> int:
        """Let every job queue what is due at `now` (the program's clock, UTC); returns how much it was."""
        with self._shared_reading() as shared:
            return sum(job(self._context, now, shared=shared) for job in self._jobs)

    def _shared_reading(self) -> SharedReading:
        return SharedReading(self._context, [job.name for job in self._jobs])

    def _stories_tick(self) -> None:
        with self._jobs_lock:
            queued = (
                None if self._stopping.is_set() else self._log_errors("jobs", self._run_jobs_until_stopped)
            )
        if queued:
            self.nudge()

    def _run_jobs_until_stopped(self) -> int:
        now = self._agreed_time()
        if now is None:
            return 0
        with self._shared_reading() as shared:
            counts = [
                self._log_errors("jobs", partial(job, self._context, now, shared=shared), job.name)
                for job in self._jobs
                if not self._stopping.is_set()
            ]
        return sum(queued or 0 for queued in counts)

    def _agreed_time(self) -> datetime | None:
        """The program's time, or None while the clocks disagree."""
        # Read before and after the comparison, in case the clock is set in between.
        before = self._clock()
        if self._agreement.disagreement():
            return None
        now = self._clock()
        return now if abs(now - before) < _CLOCK_JUMP else None

    def _delivery_tick(self) -> None:
        with self._delivery_lock:
            self._log_errors("delivery", self._deliver)
            sent = self._delivery.sent_line()
        if sent:
            log.info(sent, worker=self.worker_id)

    def _deliver(self) -> None:
        while not self._stopping.is_set():
            now = self._agreed_time()
            if now is None:
                self._delivery.wait(0)  # renews the claims of calls in flight
                return
            self._nudged.clear()
            if self._delivery.begin(now):
                continue
            if self._delivery.is_busy:
                self._delivery.wait(_WAIT_SECONDS)
            elif not self._nudged.is_set():
                return

    def _log_errors(self, loop: str, work: Callable[[], Result], job: str | None = None) -> Result | None:
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - the outermost loop must survive any error
            telemetry.LOOP_ERRORS.labels(loop).inc()
            log.error(  # noqa: TRY400 - a traceback could contain a person's text
                "a tick failed",
                loop=loop,
                job=job,
                worker=self.worker_id,
                error=type(error).__name__,
                where=telemetry.where(error),
            )
            return None
