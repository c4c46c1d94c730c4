"""APScheduler with a job store in the database: a job for each trainee's next step."""

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]  # no types
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # type: ignore[import-untyped]  # the same
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # the same
from sqlalchemy import create_engine, text

_LATER = datetime(2035, 1, 1, tzinfo=UTC)
_COPIES = text(
    "INSERT INTO apscheduler_jobs (id, next_run_time, job_state)"
    " SELECT 'later-' || number, next_run_time, job_state"
    " FROM apscheduler_jobs, generate_series(1, :many) AS number WHERE id = 'first'"
)
_running: dict[str, Any] = {}
"""A job in a store is found again by its function's name, so what it needs stands here."""


class StoreOfJobs:
    """One store, run by one scheduler with one thread.

    Args:
        url: of the database.
        handle: what a job does for a trainee's id.
    """

    def __init__(self, url: str, handle: Callable[[str], None]) -> None:
        self._engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        self._numbers = itertools.count()
        _running["handle"] = handle

    def fill(self, many: int) -> None:
        """Add so many jobs that are not due; copies of one, since each would take a transaction."""
        scheduler = self._scheduler()
        scheduler.start(paused=True)
        scheduler.add_job(_ask, "date", ["nobody"], id="first", run_date=_LATER)
        scheduler.shutdown()
        with self._engine.begin() as connection:
            connection.execute(_COPIES, {"many": many - 1})

    def run(self, due: Sequence[str]) -> float:
        """Run a job that is due for each of them; seconds it took."""
        scheduler = self._scheduler()
        scheduler.start(paused=True)
        for one in due:
            name = f"due-{next(self._numbers)}"
            scheduler.add_job(_ask, "date", [one], id=name, run_date=datetime.now(UTC) - timedelta(minutes=1))
        _running.update(scheduler=scheduler, left=len(due), done=threading.Event(), numbers=self._numbers)
        began = time.perf_counter()
        scheduler.resume()
        _running["done"].wait()
        took = time.perf_counter() - began
        scheduler.shutdown()
        return took

    def _scheduler(self) -> BackgroundScheduler:
        return BackgroundScheduler(
            timezone="UTC",
            jobstores={"default": SQLAlchemyJobStore(engine=self._engine)},
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None},
        )


def _ask(trainee_id: str) -> None:
    _running["handle"](trainee_id)
    name = f"next-{next(_running['numbers'])}"
    _running["scheduler"].add_job(_ask, "date", [trainee_id], id=name, run_date=_LATER)
    _running["left"] -= 1
    if _running["left"] == 0:
        _running["done"].set()
