"""A hundred trainees that are due among many, handled by three schedulers that do the same for each.

Arguments: database and vault, filled by `bench.seeding`, on PostgreSQL. Lines `fill`, `ours 100`,
`procrastinate 100`, `apscheduler 100`, and `plain 100` for the least that SQL can do.
"""

import asyncio
import sys
import time
from datetime import timedelta
from functools import cached_property

from sqlalchemy import select, update

from allybot.services.check_ins import asking
from allybot.store import tables
from bench.peers.apscheduler_store import StoreOfJobs
from bench.peers.plain_sql import PlainTables
from bench.peers.procrastinate_jobs import QueueOfJobs
from bench.processes.asked import answer, opened
from bench.seeding import NOW


class Due:
    """See the module."""

    def __init__(self, database: str, vault: str) -> None:
        self.context = opened(database, vault)
        self._database = database
        self._loop = asyncio.new_event_loop()

    @cached_property
    def _people(self) -> list[str]:
        """Trainees that are not due; each is used once."""
        trainee = tables.trainee.c
        query = select(trainee.id).where(trainee.state == "active", trainee.next_check_in_at > NOW)
        with self.context.database.reading() as tx:
            return list(tx.execute(query.limit(20_000)).scalars())

    @cached_property
    def _jobs(self) -> QueueOfJobs:
        return QueueOfJobs(self._database, self._handle)

    @cached_property
    def _store(self) -> StoreOfJobs:
        return StoreOfJobs(self._database, self._handle)

    @cached_property
    def _tables(self) -> PlainTables:
        return PlainTables(self._database)

    def fill(self) -> int:
        """Give every peer a job or a row for everybody; how many there are."""
        with self.context.database.reading() as tx:
            everybody = list(tx.execute(select(tables.trainee.c.id)).scalars())
        self._loop.run_until_complete(self._jobs.fill(everybody))
        self._store.fill(len(everybody))
        self._tables.fill(len(everybody))
        return len(everybody)

    def ours(self, many: int) -> float:
        """Milliseconds of one pass of the job that asks whoever is due."""
        self._let_be_due(many)
        began = time.perf_counter()
        done = asking.queue_due(self.context, NOW, many)
        took = time.perf_counter() - began
        assert done == many, done
        return took * 1000

    def procrastinate(self, many: int) -> float:
        """Milliseconds of a worker that runs the jobs that are due, and defers the next of each."""
        return 1000 * self._loop.run_until_complete(self._jobs.run(self._let_be_due(many)))

    def apscheduler(self, many: int) -> float:
        """Milliseconds of a scheduler that runs the jobs that are due, and adds the next of each."""
        return 1000 * self._store.run(self._let_be_due(many))

    def plain(self, many: int) -> float:
        """Milliseconds of as many transactions of three bare statements."""
        return 1000 * self._tables.ask(many)

    def _handle(self, trainee_id: str) -> None:
        assert asking.queue_due.handle(self.context, trainee_id, NOW)

    def _let_be_due(self, many: int) -> list[str]:
        chosen = [self._people.pop() for _ in range(many)]
        with self.context.database.transaction() as tx:
            late = NOW - timedelta(minutes=30)
            tx.execute(
                update(tables.trainee).values(next_check_in_at=late).where(tables.trainee.c.id.in_(chosen))
            )
        return chosen


if __name__ == "__main__":
    answer(Due(*sys.argv[1:3]))
