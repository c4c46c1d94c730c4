"""Windows that are published and summaries that are pulled, asked by lines. Arguments: database, vault."""

import statistics
import sys
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from allybot.crypto import seal
from allybot.domain.anonymity import encode_answer
from allybot.domain.plans import Outcome, PlanKind
from allybot.services.outcomes import publishing, summaries
from allybot.store import tables
from allybot.store.vault.vault import private_key_of
from bench.peers.plain_boxes import open_all
from bench.processes.asked import answer, opened
from bench.seeding.bulk import gather_statistics, load
from tests.support import builders

_STEP = 3
_PULLS = 20


class Figures:
    """Each program is published once and then looked at."""

    def __init__(self, database: str, vault: str) -> None:
        self.context = opened(database, vault)
        with self.context.database.transaction() as tx:
            builders.workspace(tx)

    def fill(self, number: int, people: int) -> int:
        """A program in which everybody has answered; ballots repeat, since sealing takes long."""
        name = f"program-{number}"
        with self.context.database.transaction() as tx:
            builders.program(tx, self.context, id=name, name=name, cohort=f"cohort-{number}")
        window = self._window(number)
        ids = [f"{number}-{each}" for each in range(people)]
        columns = {"program_id": name, "cohort_id": f"cohort-{number}", "consented_at": builders.CREATED_AT}
        load(
            self.context.database,
            tables.trainee,
            (builders.trainee_row(each, f"U{each}", **columns) for each in ids),
        )
        answers = [encode_answer(window.id, PlanKind.BYSTANDER, outcome) for outcome in list(Outcome)[:3]]
        sealed = [seal(window.public_key, each) for each in answers]
        load(
            self.context.database,
            tables.ballot,
            (
                {"window_id": window.id, "trainee_id": one, "slot": _STEP, "sealed": sealed[turn % 3]}
                for turn, one in enumerate(ids)
            ),
        )
        gather_statistics(self.context.database)
        return people

    def boxes(self, number: int) -> float:
        """Seconds that opening the answers of a program takes."""
        window = self._window(number)
        with self.context.vault.reading() as tx:
            private = private_key_of(tx, self.context.keyring, window.id)
        assert private is not None
        query = select(tables.ballot.c.sealed).where(tables.ballot.c.window_id == window.id)
        with self.context.database.reading() as tx:
            boxes = list(tx.execute(query).scalars())
        began = time.perf_counter()
        open_all(private, boxes)
        return time.perf_counter() - began

    def publish(self, number: int) -> float:
        """Seconds from the moment a window closes until its figures are there and its key is destroyed."""
        window = self._window(number)
        now = window.closes_at + timedelta(hours=1)
        began = time.perf_counter()
        assert publishing.close_due.handle(self.context, window.id, now)
        return time.perf_counter() - began

    def pull(self, number: int) -> float:
        """Median milliseconds that a program's summary takes."""
        took = []
        for _ in range(_PULLS):
            began = time.perf_counter()
            summaries.summary_for_program(self.context, f"program-{number}", None, builders.CREATED_AT)
            took.append(time.perf_counter() - began)
        return statistics.median(took) * 1000

    def _window(self, number: int) -> Any:
        window = tables.window.c
        query = select(tables.window).where(window.program_id == f"program-{number}")
        with self.context.database.reading() as tx:
            return tx.execute(query.order_by(window.closes_at)).first()


if __name__ == "__main__":
    answer(Figures(*sys.argv[1:3]))
