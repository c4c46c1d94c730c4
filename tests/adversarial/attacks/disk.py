"""An attacker with the database, every daily backup and the whole write-ahead log, but not the vault.

For each answer they have everything it left behind: the piece of log it wrote (its length, its pages, which
byte values it brought), the person's rows in every table at the end of the day, every byte of the envelope,
and where in the files the rows stand. A linear classifier learns on one half of the people, whose answers are
given, which of some eight hundred features go with "acted", and guesses the other half; then the halves
are swapped. Advantage is twice the share of right guesses less one; without anything to learn it is zero,
give or take one over the root of the number of trials.
"""

# ruff: noqa: S311 - seeded chance decides what people answer

import logging
import math
import random
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, MetaData, String, Table, insert, select
from sqlalchemy import text as sql

from allybot.domain.plans import BARRIERS, Outcome
from allybot.services.context import Context
from allybot.store import tables
from tests.adversarial.attacks.databases import DatabaseFactory, Effort, progress
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.programs import WORKSPACE, Person, answer, connect, enrol
from tests.adversarial.attacks.wal_reader import WriteAheadLog, open_log

BAR = 0.03
A_DAY = 40
BUCKETS = 192
SEALED = 80
NEEDLES = (*(outcome.value.encode() for outcome in Outcome), b"zebra", b"xylophone")
_ID = re.compile(r"[0-9a-f]{32}")
_OWN_ROWS = (tables.ballot, tables.check_in, tables.private_record, tables.outbox)
_RIDGE = 1.0
_MAX_TELLING = 24
"""Features the learner keeps: those that correlated best with the given answers."""
Keep = Callable[[Context, Person, Outcome], None]
"""What a control build writes beside the envelope; only the control has one."""


@dataclass
class Stolen:
    """What the attacker has collected.

    Attributes:
        features: one row an answer.
        acted: +1 or -1 an answer.
        wrong_size: envelopes of another length than the rest.
        words: outcome codes and plans' words found in files, logs and log lines.
    """

    features: list[NDArray[np.float64]] = field(default_factory=list)
    acted: list[float] = field(default_factory=list)
    wrong_size: int = 0
    words: int = 0


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """The classifier, a look at every byte, and the classifier where plain rows are kept."""
    trials = effort.of(10_000, 80)
    stolen = _collect(databases, effort, trials, None, ())
    plain = Table("plain_answer", MetaData(), Column("trainee_id", String), Column("outcome", String))
    control = _collect(databases, effort, effort.of(600, 80), _keep_in(plain), (plain,))
    return [
        Finding(
            "has the database, every daily backup and log, not the vault",
            databases.backend,
            abs(_advantage(stolen, effort)),
            max(BAR, 0.0 if not effort.short else 3 / math.sqrt(trials)),
            note=f"|advantage| of a learner over {len(stolen.features[0])} features, {trials} answers",
        ),
        Finding(
            "ballots that are not 80 bytes",
            databases.backend,
            stolen.wrong_size,
            0,
            "=",
            f"of {trials}",
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
            "control: plain rows, has the database",
            databases.backend,
            abs(_advantage(control, effort)),
            0.5,
            ">=",
            "the same learner where an outcome is written beside the envelope",
        ),
    ]


def _collect(
    databases: DatabaseFactory, effort: Effort, trials: int, keep: Keep | None, more: Sequence[Table]
) -> Stolen:
    rng = random.Random(f"{effort.seed}/disk")
    stolen = Stolen()
    heard = _LoggedWords()
    logging.getLogger().addHandler(heard)
    with databases.context() as context:
        connect(context, WORKSPACE)
        with context.database.transaction() as tx:
            for table in more:
                table.create(tx)
        wal = open_log(context)
        try:
            for day in range(math.ceil(trials / A_DAY)):
                _run_day(context, rng, stolen, wal, f"D{day}", keep, more)
                if day % 50 == 0:
                    progress(databases.backend, f"disk: {day * A_DAY} of {trials} answers")
            _, log = wal.cut()
            if keep is None:
                stolen.words += _count_words(log) + _count_words(wal.files()) + heard.words
        finally:
            wal.close()
            logging.getLogger().removeHandler(heard)
    return stolen


def _run_day(
    context: Context,
    rng: random.Random,
    stolen: Stolen,
    wal: WriteAheadLog,
    name: str,
    keep: Keep | None,
    more: Sequence[Table],
) -> None:
    enrolled = enrol(context, name, A_DAY, steps=(3,))
    in_turn = list(enrolled.people)
    rng.shuffle(in_turn)
    wal.cut()
    written: dict[str, NDArray[np.float64]] = {}
    answered: dict[str, bool] = {}
    for person in in_turn:
        acted = rng.random() < 1 / 2
        outcome = Outcome.ACTED if acted else rng.choice([*BARRIERS, Outcome.NO_MOMENT])
        answer(context, person, 3, outcome)
        if keep:
            keep(context, person, outcome)
        written[person.id], log = wal.cut()
        answered[person.id] = acted
        stolen.words += _count_words(log) if keep is None else 0
    rows = _rows(context, list(written), more)
    for position, (trainee_id, log_features) in enumerate(written.items()):
        stolen.features.append(np.concatenate((log_features, [position], *_of_rows(rows[trainee_id]))))
        stolen.acted.append(1.0 if answered[trainee_id] else -1.0)
        stolen.wrong_size += sum(
            not (isinstance(value, bytes) and len(value) == SEALED)
            for column, value, _ in rows[trainee_id]
            if column == "ballot.sealed"
        )


Left = tuple[str, object, float]
"""A column, its value, and where the row stands in the file, from 0 to 1 among the day's."""


def _rows(context: Context, trainees: Sequence[str], more: Iterable[Table]) -> dict[str, list[Left]]:
    """Everything in the database about each of these people."""
    found: dict[str, list[Left]] = {each: [] for each in trainees}
    with context.database.reading() as tx:
        for table in (*_OWN_ROWS, tables.trainee, *more):
            owner = table.c.id if table is tables.trainee else table.c.trainee_id
            physical = "" if not context.database.is_sqlite else "rowid"
            order = sql("ctid") if not physical else sql("1" if table is tables.ballot else physical)
            rows = tx.execute(select(table).where(owner.in_(trainees)).order_by(order)).mappings().all()
            for position, row in enumerate(rows):
                for column in table.columns:
                    value = (f"{table.name}.{column.name}", row[column.name], position / len(rows))
                    found[str(row[owner.name])].append(value)
    return found


def _of_rows(left: Sequence[Left]) -> tuple[NDArray[np.float64], ...]:
    """Values hashed into buckets, with lengths of what is sealed; positions; every byte of the envelope."""
    buckets, positions, envelope = np.zeros(BUCKETS), np.zeros(8), np.zeros(SEALED)
    for column, value, position in left:
        if isinstance(value, bytes):
            token = f"{column}:{len(value)}"
            if column == "ballot.sealed":
                envelope = np.frombuffer(value.ljust(SEALED)[:SEALED], np.uint8).astype(float)
        else:
            token = f"{column}={_ID.sub('id', str(value))}"
        buckets[zlib.crc32(token.encode()) % BUCKETS] += 1
        positions[zlib.crc32(column.partition(".")[0].encode()) % 8] = position
    bits = np.unpackbits(envelope.astype(np.uint8)[:32]).astype(float)
    return buckets, positions, envelope, bits


def _advantage(stolen: Stolen, effort: Effort) -> float:
    """Learn on one half, guess the other, change positions."""
    features, acted = np.array(stolen.features), np.array(stolen.acted)
    order = np.random.default_rng(effort.seed).permutation(len(acted))
    halves = order[: len(order) // 2], order[len(order) // 2 :]
    right = 0
    for learn, guess in (halves, halves[::-1]):
        middle, spread = features[learn].mean(axis=0), features[learn].std(axis=0)
        spread[spread == 0] = np.inf
        known = (features[learn] - middle) / spread
        selected = np.argsort(-np.abs(known.T @ acted[learn]))[:_MAX_TELLING]
        known = known[:, selected]
        weights = np.linalg.solve(known.T @ known + _RIDGE * np.eye(len(selected)), known.T @ acted[learn])
        score = ((features[guess] - middle) / spread)[:, selected] @ weights
        right += int(np.sum((score > 0) == (acted[guess] > 0)))
    return 2 * right / len(acted) - 1


def _count_words(written: bytes) -> int:
    return sum(written.count(needle) for needle in NEEDLES)


def _keep_in(plain: Table) -> Keep:
    def keep(context: Context, person: Person, outcome: Outcome) -> None:
        with context.database.transaction() as tx:
            tx.execute(insert(plain).values(trainee_id=person.id, outcome=outcome.value))

    return keep


class _LoggedWords(logging.Handler):
    """Counts the words we look for in every log line, whoever wrote it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.words = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one line with all it carries."""
        self.words += _count_words(f"{record.getMessage()} {vars(record)}".encode())
