"""An attacker with the database, copies of it three times a day and its whole log, but not the vault.

People use everything allybot offers, with habits that follow from their answers (`population`). For each
answer the attacker has what it and the days after left behind: every column of every row of that person in
every copy (`copies`), and the piece of log that it wrote. From one half of the people, whose answers are
given, they learn what goes with having acted, and guess the other half (`learner`); five rules that anybody
would try first stand beside it. Advantage is twice the share of right guesses less one; where there
is nothing to learn it is zero, give or take one over the root of the number of answers.
"""

# ruff: noqa: S311 - seeded chance decides what people answer

import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, MetaData, String, Table, insert

from allybot.app import Allybot
from allybot.domain.plans import Outcome
from allybot.services.context import Context
from tests.adversarial.attacks import learner, proxies
from tests.adversarial.attacks.app_harness import assembled_app
from tests.adversarial.attacks.copies import Change, Copies
from tests.adversarial.attacks.databases import DatabaseFactory, Effort, progress
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.habits import FIRST_DAY, at, working_days
from tests.adversarial.attacks.members import Member
from tests.adversarial.attacks.needles import NEEDLES, LoggedWords, count_words
from tests.adversarial.attacks.population import Population
from tests.adversarial.attacks.programs import WORKSPACE, connect
from tests.adversarial.attacks.quiet_slack import QuietSlack, quiet_slack
from tests.adversarial.attacks.wal_reader import open_log

BAR = 0.05
PEOPLE, WEEKS = 648, 14
SHORT_PEOPLE, SHORT_WEEKS, SHORT_BAR = 48, 5, 0.3
CONTROL_PEOPLE, CONTROL_WEEKS = 84, 8
SHORT_CONTROL_PEOPLE, SHORT_CONTROL_WEEKS = 60, 4
WATCHED_DAYS = 7
"""How long after an answer the attacker still counts what changes towards it, unless another answer comes."""
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


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """The learner, the rules, every byte, and the learner where plans' states stand readable."""
    people, weeks = effort.of(PEOPLE, SHORT_PEOPLE), effort.of(WEEKS, SHORT_WEEKS)
    stolen = _collect(databases, effort, people, weeks, None, ())
    trials = _trials(stolen)
    error = learner.standard_error(len(trials))
    control_people = effort.of(CONTROL_PEOPLE, SHORT_CONTROL_PEOPLE)
    control_weeks = effort.of(CONTROL_WEEKS, SHORT_CONTROL_WEEKS)
    plain = Table("plan_state", MetaData(), *(Column(name, String) for name in ("trainee", "state", "day")))
    control = _trials(_collect(databases, effort, control_people, control_weeks, _keep_in(plain), (plain,)))
    bar = SHORT_BAR if effort.short else BAR
    return [
        Finding(
            "has the database, copies of every few hours and the log, not the vault",
            databases.backend,
            abs(learner.advantage(trials)),
            bar,
            note=f"|advantage| of the better of two learners over {len(trials)} answers of {people} people",
            error=error,
        ),
        Finding(
            "has the same, goes by rules: plan done, day named, reworded, less often",
            databases.backend,
            abs(_by_rules(trials)),
            bar,
            note=f"|advantage|; a coin where no rule speaks; {len(trials)} answers",
            error=error,
        ),
        Finding(
            "outcome codes or plans' words in tables, indexes, logs and log lines",
            databases.backend,
            stolen.words,
            0,
            "=",
            f"{len(NEEDLES)} words looked for in every byte written",
        ),
        Finding(
            "control: plans' states in the clear, has the database",
            databases.backend,
            abs(learner.advantage(control)),
            0.15 if effort.short else 0.2,
            ">=",
            f"the same learner over {len(control)} answers where a table says which plans are done",
            error=learner.standard_error(len(control)),
        ),
        *proxies.findings(
            databases.backend,
            [
                (each.member % 2 == 0, each.outcome is Outcome.ACTED, each.changed, each.wire)
                for each in stolen.answers
            ],
            short=effort.short,
        ),
    ]


def _collect(
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
        thief = _Thief(allybot.context, slack, lambda: clock[0], heard, keep)
        population = Population(
            allybot, slack, people, f"{effort.seed}/disk", lambda: clock[0], thief.before, thief.after
        )
        thief.copies = Copies(allybot.context, [each.hands.user for each in population.members])
        order = random.Random(f"{effort.seed}/order")
        try:
            for day in working_days(weeks):
                thief.read_files(day)
                clock[0] = at(day, 10, 50)
                population.enrol_due()
                _run(allybot, clock[0])
                thief.copies.take()
                clock[0] = at(day, 12)
                population.act(order.sample(population.members, people))
                thief.copy_answers()
                clock[0] = at(day, 16, 30)
                _run(allybot, clock[0])
                thief.copies.take()
                if day.weekday() == 4 and people == PEOPLE:
                    progress(databases.backend, f"disk: {len(thief.stolen.answers)} answers by {day}")
        finally:
            thief.wal.close()
            logging.getLogger().removeHandler(heard)
        thief.stolen.changes = thief.copies.changes
        thief.stolen.words += heard.words
    return thief.stolen


class _Thief:
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


def _trials(stolen: Stolen) -> list[learner.Trial]:
    found = []
    following: dict[str, int] = {}
    for answer in reversed(stolen.answers):
        until = following.get(answer.user, answer.copy + 3 * WATCHED_DAYS)
        following[answer.user] = answer.copy
        seen = [
            (_phase(change.copy - answer.copy), change)
            for change in stolen.changes[answer.user]
            if answer.copy <= change.copy < min(until, answer.copy + 3 * WATCHED_DAYS)
        ]
        words = answer.rows + learner.words_about(seen, answer.now)
        acted = answer.outcome is Outcome.ACTED
        found.append(learner.Trial(answer.member % 2 == 0, acted, words, answer.log))
    return found


def _phase(copies_later: int) -> str:
    return ("at once", "that evening")[copies_later] if copies_later < 2 else "later"


def _by_rules(trials: Sequence[learner.Trial]) -> float:
    """The advantage of rules that anybody would try; half right where none says anything."""
    right = 0.0
    for each in trials:
        changed = [word for word in each.words if word.startswith("at once ")]
        done = any(word.endswith("state=finished") for word in changed)
        told = any("next_moment_on=+" in word for word in changed)
        reworded = any("wording new" in word for word in changed)
        slower = any(word.endswith(".pace=slower") for word in changed)
        says = True if done else False if told or reworded or slower else None
        right += 1 / 2 if says is None else says is each.acted
    return 2 * right / len(trials) - 1


def _keep_in(plain: Table) -> Keep:
    def keep(context: Context, member: Member, deeds: frozenset[str]) -> None:
        row = {
            "trainee": member.hands.user,
            "state": "finished" if "done" in deeds else "active",
            "day": "named" if "day" in deeds else "open",
        }
        with context.database.transaction() as tx:
            tx.execute(insert(plain).values(**row))

    return keep
