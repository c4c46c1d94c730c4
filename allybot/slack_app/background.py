"""What is said to Slack after an acknowledgement, away from the threads that acknowledge.

A listener commits, acknowledges and is free again, even while Slack lets every call hang: opening a modal or
answering a press waits here, in threads of its own. Nothing that has to survive goes this way; that is what
the outbox is for.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor

from allybot import telemetry

Job = Callable[[], None]
Afterwards = Callable[[str, Job], None]
"""Takes a key and a job; jobs of one key are done once. An empty key is never the same."""

THREADS = 16
MAX_WAITING = 5000
"""Jobs that may wait. A modal can be opened for three seconds only, so a longer queue helps nobody."""
MAX_REMEMBERED = 10_000
log = telemetry.logger()


def at_once(_key: str, job: Job) -> None:
    """Do it here and now; for tests and scripts."""
    job()


class Turns:
    """Lets a job of one key run once at a time, so that of two the one that looks last also ends last.

    Whoever comes while it runs does not wait: it is run once more when it ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked_again: dict[Hashable, bool] = {}

    def take(self, key: Hashable, job: Job) -> None:
        """Run `job`, or leave it to whoever runs this key's now, who must have the same job."""
        with self._lock:
            if key in self._asked_again:
                self._asked_again[key] = True
                return
            self._asked_again[key] = False
        again = True
        while again:
            try:
                job()
            finally:
                with self._lock:
                    again = self._asked_again.pop(key)
                    if again:
                        self._asked_again[key] = False


class AnswerThreads:
    """An `Afterwards` with threads of its own."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="answer")
        self._room = threading.BoundedSemaphore(MAX_WAITING)
        self._remembering = threading.Lock()
        self._begun: OrderedDict[str, None] = OrderedDict()

    def __call__(self, key: str, job: Job) -> None:
        """Do `job` soon; not if one of this key was taken on lately, or too many wait."""
        if key and not self._is_new(key):
            return
        if not self._room.acquire(blocking=False):
            telemetry.ANSWERS_LOST.inc()
            return
        self._pool.submit(job).add_done_callback(self._done)

    def close(self) -> None:
        """Finish what was begun; drop what only waits."""
        self._pool.shutdown(cancel_futures=True)

    def _is_new(self, key: str) -> bool:
        with self._remembering:
            if key in self._begun:
                return False
            self._begun[key] = None
            if len(self._begun) > MAX_REMEMBERED:
                self._begun.popitem(last=False)
            return True

    def _done(self, future: Future[None]) -> None:
        self._room.release()
        error = None if future.cancelled() else future.exception()
        if error is not None:
            telemetry.HANDLER_ERRORS.inc()
            log.error("an answer failed", kind=type(error).__name__, where=telemetry.where(error))
