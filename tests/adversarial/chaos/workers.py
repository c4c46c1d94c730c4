"""The processes of a run: workers that are killed, and one Socket Mode listener.

They are forked from a server that has imported allybot, so that two hundred restarts take seconds; each is a
process of its own with its own engine, threads and lease, and does what `allybot worker` does.
"""

import os
import random
import signal
import sys
import time
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Event

from slack_sdk.errors import SlackApiError

from allybot import telemetry
from allybot.app import assemble, prepare
from allybot.clock import real_now
from allybot.errors import AllybotError
from allybot.services.delivery.config import DeliveryRules
from allybot.settings import from_environment
from allybot.slack_app.socket_mode import Sockets
from tests.adversarial.chaos.mutations import MUTATIONS
from tests.adversarial.chaos.plan import APP_TOKEN, WRONG_CLOCKS, WRONG_FOR

_START_AGAIN_AFTER = 0.5
"""Seconds before a process that failed at its start is restarted, as systemd does."""


@dataclass(frozen=True)
class Job:
    """Configuration of a process.

    Attributes:
        environment: exactly the variables of `allybot worker`.
        log: the file that takes its standard error.
        mutation: a key of MUTATIONS, or empty.
        wrong_clock: whether its host's clock is wrong half of the time.
    """

    environment: dict[str, str]
    rules: DeliveryRules
    log: Path
    mutation: str = ""
    wrong_clock: bool = False


def work_until_stopped(job: Job) -> None:
    """What `allybot worker` does, with the waits of this run."""
    _begin(job)
    allybot = assemble(
        from_environment(), rules=job.rules, host=_unstable_clock if job.wrong_clock else real_now
    )
    try:
        prepare(allybot)
        allybot.worker.run_forever()
    except AllybotError as problem:
        sys.exit(str(problem))
    finally:
        allybot.close()


def listen(job: Job) -> None:
    """The Socket Mode half of `allybot run`: handles answers, sends nothing by itself."""
    _begin(job)
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    allybot = assemble(from_environment(), rules=job.rules)
    try:
        prepare(allybot)
        sockets = Sockets(allybot.bolt, APP_TOKEN, allybot.settings.slack_api_url)
        sockets.connect()
        stop.wait()
        sockets.close()
    except (AllybotError, SlackApiError) as problem:
        sys.exit(str(problem))
    finally:
        allybot.close()


def _unstable_clock() -> datetime:
    """A host clock that is wrong half of the time, each time by something else."""
    turn, wrong = divmod(int(time.monotonic() / WRONG_FOR), 2)
    return real_now() + WRONG_CLOCKS[turn % len(WRONG_CLOCKS)] * wrong


def _begin(job: Job) -> None:
    os.environ.update(job.environment)
    with job.log.open("a") as log:
        os.dup2(log.fileno(), sys.stderr.fileno())
    telemetry.configure()
    if job.mutation:
        MUTATIONS[job.mutation]()


class WorkerPool:
    """Keeps some workers and one listener running.

    Args:
        workers: how many; one more has a clock that is wrong half of the time.
        rng: picks who is killed.
    """

    def __init__(self, job: Job, workers: int, rng: random.Random) -> None:
        self.kills = 0
        self.drained: list[int | None] = []
        self._job = job
        self._rng = rng
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload([__name__])
        self._workers: list[ForkServerProcess | None] = [None] * (workers + 1)
        self._listener: ForkServerProcess | None = None
        self._not_before: dict[int, float] = {}

    def start(self, offset: str, urls: tuple[str, str]) -> None:
        """Start all of them with this ALLYBOT_CLOCK_OFFSET and these URLs of the database and the vault."""
        environment = self._job.environment | {
            "ALLYBOT_CLOCK_OFFSET": offset,
            "DATABASE_URL": urls[0],
            "ALLYBOT_VAULT_URL": urls[1],
        }
        self._job = replace(self._job, environment=environment)
        self.restart_dead()

    def restart_dead(self) -> None:
        """Restart processes that have ended."""
        if self._listener is None or not self._listener.is_alive():
            self._listener = self._fork(listen, self._job)
        for index, worker in enumerate(self._workers):
            if worker is None or worker.exitcode == -signal.SIGKILL:
                self._workers[index] = self._fork_worker(index)
            elif worker.exitcode is not None:
                if (
                    self._not_before.setdefault(index, time.monotonic() + _START_AGAIN_AFTER)
                    > time.monotonic()
                ):
                    continue
                del self._not_before[index]
                self._workers[index] = self._fork_worker(index)

    def kill_one(self) -> None:
        """Kill a running worker with SIGKILL and restart it at once."""
        alive = [index for index, worker in enumerate(self._workers) if worker and worker.is_alive()]
        if not alive:
            return
        worker = self._workers[self._rng.choice(alive)]
        assert worker is not None
        worker.kill()
        worker.join(10)
        self.kills += worker.exitcode == -signal.SIGKILL
        self.restart_dead()

    def drain(self, seconds: float = 45) -> None:
        """Send SIGTERM to all and wait; exit codes of the workers go to `drained`."""
        standing = [one for one in (*self._workers, self._listener) if one is not None]
        for one in standing:
            one.terminate()
        end = time.monotonic() + seconds
        for one in standing:
            one.join(max(0.0, end - time.monotonic()))
            if one is not self._listener:
                self.drained.append(one.exitcode)
            if one.is_alive():
                one.kill()
                one.join()
        self._workers = [None] * len(self._workers)
        self._listener = None
        self._not_before.clear()

    def _fork_worker(self, index: int) -> ForkServerProcess:
        return self._fork(work_until_stopped, replace(self._job, wrong_clock=index == len(self._workers) - 1))

    def _fork(self, target: object, job: Job) -> ForkServerProcess:
        process = self._context.Process(target=target, args=(job,), daemon=True)  # type: ignore[arg-type]
        process.start()
        return process
