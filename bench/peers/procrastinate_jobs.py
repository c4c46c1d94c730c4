"""Procrastinate: a job for each trainee's next step, in PostgreSQL; a job that has run defers the next."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

_LATER = datetime(2035, 1, 1, tzinfo=UTC)
_A_TIME = 5000


class QueueOfJobs:
    """One queue.

    Args:
        url: of the database, as psycopg takes it.
        handle: what a job does for a trainee's id.
    """

    def __init__(self, url: str, handle: Callable[[str], None]) -> None:
        procrastinate = import_module("procrastinate")  # not installed where types are checked
        self._app: Any = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))

        async def ask(trainee_id: str) -> None:
            await asyncio.to_thread(handle, trainee_id)
            await self._ask.configure(schedule_at=_LATER).defer_async(trainee_id=trainee_id)

        self._ask: Any = self._app.task(ask, name="ask")

    async def fill(self, everybody: Sequence[str]) -> None:
        """Defer a job in the future for everybody."""
        async with self._app.open_async():
            await self._app.schema_manager.apply_schema_async()
            later = self._ask.configure(schedule_at=_LATER)
            for first in range(0, len(everybody), _A_TIME):
                some = everybody[first : first + _A_TIME]
                await later.batch_defer_async(*[{"trainee_id": one} for one in some])

    async def run(self, due: Sequence[str]) -> float:
        """Let a worker run a job that is due for each of them; seconds it took."""
        async with self._app.open_async():
            await self._ask.batch_defer_async(*[{"trainee_id": one} for one in due])
            began = time.perf_counter()
            await self._app.run_worker_async(
                wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
            )
            return float(time.perf_counter() - began)
