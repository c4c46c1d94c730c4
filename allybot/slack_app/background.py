"""Calls to Slack after an acknowledgement, in threads other than those that acknowledge.

A handler commits, acknowledges and is free again, even while Slack lets every call hang: opening a modal or
answering a press waits here. Nothing that has to survive a restart goes this way; that is what the outbox is
for.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor

from allybot import telemetry

Job = Callable[[], None]
Background = Callable[[str, Job], None]
"""Takes a key and a job; of the jobs with one key one is run. Jobs with an empty key are all run."""

THREADS = 16
MAX_WAITING = 5000
"""Jobs that may wait. A modal can be opened for three seconds only, so a longer queue helps nobody."""
MAX_REMEMBERED = 10_000
log = telemetry.logger()


def at_once(_key: str, job: Job) -> None:
    """Run it in the calling thread; for tests and scripts."""
    job()


class Coalescer:
    """Runs the jobs of one key one at a time, so that the one that reads last also writes last.

    Requests that come while it runs do not wait: together they make it run once more.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run_again: dict[Hashable, bool] = {}

    def run(self, key: Hashable, job: Job) -> None:
        """Run `job`, or have the thread that runs this key's job now run its own, the same, once more."""
        with self._lock:
            if key in self._run_again:
                self._run_again[key] = True
                return
            self._run_again[key] = False
        again = True
        while again:
            try:
                job()
            finally:
                with self._lock:
                    again = self._run_again.pop(key)
                    if again:
                        self._run_again[key] = False


class AnswerThreads:
    """A `Background` with threads of its own."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="answer")
        self._slots = threading.BoundedSemaphore(MAX_WAITING)
        self._keys_lock = threading.Lock()
        self._keys: OrderedDict[str, None] = OrderedDict()

    def __call__(self, key: str, job: Job) -> None:
        """Run `job` soon; not if one of this key was accepted lately, or too many wait."""
        if key and not self._is_new(key):
            return
        if not self._slots.acquire(blocking=False):
            telemetry.ANSWERS_LOST.inc()
            return
        self._pool.submit(job).add_done_callback(self._done)

    def close(self) -> None:
        """Finish the running jobs; drop the waiting ones."""
        self._pool.shutdown(cancel_futures=True)

    def _is_new(self, key: str) -> bool:
        with self._keys_lock:
            if key in self._keys:
                return False
            self._keys[key] = None
            if len(self._keys) > MAX_REMEMBERED:
                self._keys.popitem(last=False)
            return True

    def _done(self, future: Future[None]) -> None:
        self._slots.release()
        error = None if future.cancelled() else future.exception()
        if error is not None:
            telemetry.HANDLER_ERRORS.inc()
            log.error("an answer failed", kind=type(error).__name__, where=telemetry.where(error))
