"""The measured process: one version of allybot on one database, controlled by its standard input.

Uses only what earlier versions had too, so that both can be measured in one run.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from allybot.content import load_content
from allybot.crypto import Keyring
from allybot.domain.check_ins import Tap
from allybot.domain.people import Actor
from allybot.services.check_ins import answering, asking
from allybot.services.context import Context, new_id
from allybot.services.data import retention
from allybot.services.delivery.config import DeliveryRules
from allybot.services.delivery.sender import Delivery, deliver
from allybot.services.programs import workspaces
from allybot.services.renderers import render
from allybot.services.scheduled import jobs_of_a_worker
from allybot.slack.gateway import SlackGateway
from allybot.store import tables
from allybot.store.delivery.rate_limits import Budget
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import migrate
from bench.seeding import NEXT_STEP, NOW, Scale, fill

_SECRET = "a bench secret that is long enough"  # noqa: S105 - of no real installation
_RULES = DeliveryRules(budget=Budget(per_minute=60_000, burst=50, seconds_between=0))


@dataclass(frozen=True)
class Cost:
    """Milliseconds: of the clock on the wall, of this process's CPU, and of its PostgreSQL sessions' CPU."""

    wall: float
    bot: float
    database: float


class Measured:
    """A context whose work is measured."""

    def __init__(self, database: str, vault: str, slack: str) -> None:
        self.context = Context(Database(database), Database(vault), Keyring(_SECRET), load_content(None))
        self.slack = SlackGateway(partial(workspaces.token_of, self.context), slack)
        self.now = NOW

    def check_ins(self, many: int) -> dict[str, float]:
        """Queue and send this many check-ins, answer them and send the thanks; cost of one.

        `queue` and `tap` are the parts of its wall time that queueing and answering take.
        """
        costs = [self._cost(asking.queue_due, self.context, NOW, many), self._cost(self._deliver, NOW)]
        asked = self._asked()
        assert len(asked) == many, (len(asked), many)
        costs += [self._cost(self._answer, asked), self._cost(self._deliver, NOW)]
        whole = {name: sum(getattr(cost, name) for cost in costs) / many for name in vars(costs[0])}
        return {**whole, "queue": costs[0].wall / many, "tap": costs[2].wall / many}

    def settle(self) -> dict[str, float]:
        """Do the chore of retention, then tick until nothing is left to be done; what the chore took."""
        before = _most_memory()
        chore = self._cost(retention.tidy, self.context, self.now)
        for _ in range(5):
            self.ticks(1)
        return {"chore_seconds": chore.wall / 1000, "chore_megabytes": _most_memory() - before}

    def ticks(self, many: int) -> list[dict[str, float]]:
        """Ticks without anything due: every job once, and delivery twice."""
        with Delivery(self.context, self.slack, render, new_id(), rules=_RULES) as delivery:
            return [vars(self._cost(self._tick, delivery)) for _ in range(many)]

    def jobs(self) -> dict[str, float]:
        """Milliseconds each job takes when nothing is due."""
        self.now += timedelta(seconds=1)
        return {
            job.name: self._cost(job, self.context, self.now).wall for job in jobs_of_a_worker(self.slack)
        }

    def _tick(self, delivery: Delivery) -> None:
        self.now += timedelta(seconds=1)
        for job in jobs_of_a_worker(self.slack):
            job(self.context, self.now)
        for _ in range(2):
            delivery.begin(self.now)

    def _answer(self, asked: list[tuple[Actor, str, tuple[str, str]]]) -> None:
        for actor, check_in_id, place in asked:
            answering.tap(self.context, actor, check_in_id, Tap.ACTED, NOW, place)

    def _deliver(self, now: datetime) -> None:
        deliver(self.context, self.slack, render, new_id(), now, rules=_RULES)

    def _asked(self) -> list[tuple[Actor, str, tuple[str, str]]]:
        asked, sent, trainee = tables.check_in.c, tables.outbox.c, tables.trainee.c
        columns = (trainee.workspace_id, trainee.slack_user, asked.id, sent.sent_channel, sent.sent_ts)
        query = (
            select(*columns)
            .join_from(tables.trainee, tables.check_in)
            .join(tables.outbox, (sent.trainee_id == trainee.id) & (sent.about_id == asked.id))
            .where(asked.step == NEXT_STEP, asked.state == "asked", sent.sent_ts.is_not(None))
        )
        with self.context.database.reading() as tx:
            return [(Actor(row[0], row[1]), row[2], (row[3], row[4])) for row in tx.execute(query)]

    def _cost(self, work: Callable[..., Any], *given: Any) -> Cost:
        sessions, bot, wall = self._session_seconds(), time.process_time(), time.perf_counter()
        work(*given)
        wall, bot = time.perf_counter() - wall, time.process_time() - bot
        return Cost(wall * 1000, bot * 1000, (self._session_seconds() - sessions) * 1000)

    def _session_seconds(self) -> float:
        """CPU of every PostgreSQL session this process has opened; they stay in its pools."""
        seconds = 0.0
        for database in (self.context.database, self.context.vault):
            if not database.is_sqlite:
                query = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
                with database.reading() as tx:
                    pids = tx.execute(query).scalars().all()
                seconds += sum(_cpu_seconds(pid) for pid in pids)
        return seconds


def _cpu_seconds(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Fill the databases, or serve: a line `check_ins 20` is answered by one of JSON."""
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("database")
    wanted.add_argument("vault")
    wanted.add_argument("--slack", default="http://127.0.0.1:1/api/")
    for name in ("people", "due", "steps", "weeks", "workspaces"):
        wanted.add_argument(f"--{name}", type=int, default=0)
    options = wanted.parse_args()
    measured = Measured(options.database, options.vault, options.slack)
    migrate(measured.context.database, measured.context.vault)
    if options.people:
        scale = Scale(options.people, options.due, options.steps, options.weeks, options.workspaces)
        fill(measured.context, scale)
        measured.context.database.close()
        measured.context.vault.close()
        return
    for line in sys.stdin:
        name, *given = line.split()
        print(json.dumps(getattr(measured, name)(*map(int, given))), flush=True)


if __name__ == "__main__":
    main()
