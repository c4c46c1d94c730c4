"""Lets people live through weeks while an attacker copies the database and reads its log and the wire."""

# ruff: noqa: S311 - seeded chance decides in which order people answer

import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Table

from allybot.app import Allybot
from allybot.domain.plans import Outcome
from allybot.services.context import Context
from tests.adversarial.attacks import learner, proxies
from tests.adversarial.attacks.app_harness import assembled_app
from tests.adversarial.attacks.copies import Change, Copies
from tests.adversarial.attacks.databases import DatabaseFactory, Effort, progress
from tests.adversarial.attacks.habits import FIRST_DAY, at, working_days
from tests.adversarial.attacks.members import Member
from tests.adversarial.attacks.needles import LoggedWords, count_words
from tests.adversarial.attacks.population import Population
from tests.adversarial.attacks.programs import WORKSPACE, connect
from tests.adversarial.attacks.quiet_slack import QuietSlack, quiet_slack
from tests.adversarial.attacks.wal_reader import open_log

FIRST_FIGURES = FIRST_DAY + timedelta(weeks=7)
"""The first window closes two weeks after its six."""
_TICKS = 8
Keep = Callable[[Context, Member, frozenset[str]], None]
"""What a control build writes beside the envelope; only the control has one."""


@dataclass(frozen=True)
class Answer:
    """One answer as the attacker met it.

    Attributes:
        copy: number of the first copy taken after it.
        rows: the person's rows in that copy, as words.
        log: features of the piece of log it wrote.
        changed: whether it replaced another answer.
        wire: what proxies see of it, see `proxies`.
    """

    member: int
    user: str
    outcome: Outcome
    now: datetime
    copy: int
    rows: Counter[str]
    log: NDArray[np.float64]
    changed: bool
    wire: proxies.Wire


@dataclass
class Stolen:
    """What the attacker has collected.

    Attributes:
        words: outcome codes and plans' words found in files, logs and log lines.
    """

    answers: list[Answer] = field(default_factory=list)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    words: int = 0


def collect(
    databases: DatabaseFactory,
    effort: Effort,
    people: int,
    weeks: int,
    keep: Keep | None,
    more: Sequence[Table],
) -> Stolen:
    """Let people live through the weeks while the attacker copies and reads the log."""
    clock, heard = [at(FIRST_DAY, 9)], LoggedWords()
    logging.getLogger().addHandler(heard)
    with quiet_slack() as slack, assembled_app(databases, lambda: clock[0], slack.url) as allybot:
        connect(allybot.context, WORKSPACE)
        with allybot.context.database.transaction() as tx:
            for table in more:
                table.create(tx)
        collector = Collector(allybot.context, slack, lambda: clock[0], heard, keep)
        population = Population(
            allybot, slack, people, f"{effort.seed}/disk", lambda: clock[0], collector.before, collector.after
        )
        collector.copies = Copies(allybot.context, [each.hands.user for each in population.members])
        order = random.Random(f"{effort.seed}/order")
        try:
            for day in working_days(weeks):
                collector.read_files(day)
                clock[0] = at(day, 10, 50)
                population.enrol_due()
                _run(allybot, clock[0])
                collector.copies.take()
                clock[0] = at(day, 12)
                population.act(order.sample(population.members, people))
                collector.copy_answers()
                clock[0] = at(day, 16, 30)
                _run(allybot, clock[0])
                collector.copies.take()
                if day.weekday() == 4 and not effort.short and keep is None:
                    answers = len(collector.stolen.answers)
                    progress(databases.backend, f"disk, seed {effort.seed}: {answers} answers by {day}")
        finally:
            collector.wal.close()
            logging.getLogger().removeHandler(heard)
        collector.stolen.changes = collector.copies.changes
        collector.stolen.words += heard.words
    return collector.stolen


class Collector:
    """Copies the database and reads its log around every answer."""

    copies: Copies

    def __init__(
        self,
        context: Context,
        slack: QuietSlack,
        now: Callable[[], datetime],
        heard: LoggedWords,
        keep: Keep | None,
    ) -> None:
        self.stolen, self.wal = Stolen(), open_log(context)
        self._context, self._now, self._keep = context, now, keep
        self._today: list[tuple[Member, Outcome, NDArray[np.float64], bool, proxies.Wire]] = []
        self._proxy = proxies.Proxy(slack, heard.amount)

    def before(self, member: Member) -> None:
        """Right before an answer: what was written until then is not part of it."""
        self._look_for_words(self.wal.cut()[1])
        self._proxy.start(member.hands)

    def after(self, member: Member, outcome: Outcome, deeds: frozenset[str]) -> None:
        """Right after it."""
        wire = self._proxy.stop(member.hands)
        if self._keep:
            self._keep(self._context, member, deeds)
        log, written = self.wal.cut()
        self._look_for_words(written)
        self._today.append((member, outcome, log, "changed" in deeds, wire))

    def copy_answers(self) -> None:
        """Once everybody has answered for today."""
        copy, now = self.copies.take(), self._now()
        for member, outcome, log, changed, wire in self._today:
            user = member.hands.user
            rows = learner.words_of(self.copies.rows_of(user), now)
            self.stolen.answers.append(
                Answer(member.number, user, outcome, now, copy, rows, log, changed, wire)
            )
        self._today.clear()

    def read_files(self, day: date) -> None:
        """Every byte of the files, once a week."""
        if day.weekday() == 0:
            self._look_for_words(self.wal.files())

    def _look_for_words(self, written: bytes) -> None:
        """Until figures are published, which name outcomes."""
        if self._now() < at(FIRST_FIGURES, 0):
            self.stolen.words += count_words(written)


def _run(allybot: Allybot, now: datetime) -> None:
    """Everything that is due, also where it is more than one tick takes."""
    for _ in range(_TICKS):
        if not allybot.worker.run_jobs(now):
            break
    if not allybot.worker.run_once():
        raise AssertionError("something due was not sent")
