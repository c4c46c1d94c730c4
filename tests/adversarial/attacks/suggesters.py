"""Somebody who has the database before and after a suggestion to the leads, and at night: who sent it?

They have every column of every row, where it stands in the file, and on PostgreSQL which transaction wrote
it. Before and after one suggestion they guess whoever has most rows that differ. At night, when everybody has
answered a check-in and one has sent a suggestion right after it, they guess whoever answered in the
transaction before. The control's build notes the sending in the sender's record.
"""

# ruff: noqa: S311 - seeded chance decides who sends

import random
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select, text

from allybot.domain.plans import Outcome
from allybot.services.context import Context
from allybot.services.data import retention
from allybot.services.programs import suggestions
from allybot.store import tables
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records
from tests.adversarial.attacks.askers import ROUNDS, SHORT_ROUNDS, advantage_of, look, right_guess
from tests.adversarial.attacks.databases import DatabaseFactory, Effort
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.programs import NOW, WORKSPACE, Enrolled, Person, answer, connect, enrol

SIZE = 12
BAR = 0.05
NIGHT_BAR, SHORT_NIGHT_BAR = 0.1, 0.4
"""More than three standard errors of 100 guesses by chance among twelve, and more than four of 15."""
_STEP = 3
Send = Callable[[Context, Person, str], None]


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Who sent a suggestion, by the rows that it changed, and by the transaction that wrote it."""
    rounds = effort.of(ROUNDS, SHORT_ROUNDS)
    note = f"advantage over a guess among {SIZE} of the program, {rounds} suggestions"
    lengths: set[int] = set()
    rows = _by_rows(databases, effort, rounds, _send, lengths)
    kept = _by_rows(databases, effort, SHORT_ROUNDS, _send_and_note, set())
    has = "has the database before and after a suggestion to the leads"
    found = [
        Finding(f"{has}: who sent it", databases.backend, rows, BAR, note=note),
        Finding("lengths of suggestions that wait, short or long", databases.backend, len(lengths), 1, "="),
        Finding(
            "control: keeps that a suggestion was sent in its sender's record: who",
            databases.backend,
            kept,
            0.9,
            ">=",
            "the same guess",
        ),
    ]
    if databases.backend == "sqlite":  # keeps no transactions, and these rows in the order of random ids
        return found
    night, at_once = _by_transaction(databases, effort, rounds)
    bar = SHORT_NIGHT_BAR if effort.short else NIGHT_BAR
    return [
        *found,
        Finding(
            "has the database every night; all answered, one suggested right after: who",
            databases.backend,
            night,
            bar,
            note=note,
        ),
        Finding(
            "control: has the database before suggestions are written anew, every six hours: who",
            databases.backend,
            at_once,
            0.9,
            ">=",
            "the same guess",
        ),
    ]


def _by_rows(databases: DatabaseFactory, effort: Effort, rounds: int, send: Send, lengths: set[int]) -> float:
    """The advantage of whoever compares two copies around one suggestion; others wait meanwhile."""
    rng, right = random.Random(f"{effort.seed}/suggesters"), 0.0
    with databases.context() as context:
        people = _program(context).people
        for _ in range(rounds):
            sender = rng.choice(people)
            before = look(context)
            send(context, sender, "Why? " * rng.randint(1, 60))
            right += right_guess(before, look(context), people, sender)
            with context.database.reading() as tx:
                lengths |= {
                    len(sealed) for sealed in tx.execute(select(tables.suggestion.c.sealed)).scalars()
                }
    return advantage_of(right / rounds, SIZE)


def _by_transaction(databases: DatabaseFactory, effort: Effort, rounds: int) -> tuple[float, float]:
    """The advantage of whoever looks at night at which transaction came first, and of a look right after."""
    rng, night, at_once = random.Random(f"{effort.seed}/nights"), 0.0, 0.0
    with databases.context() as context:
        people = list(_program(context).people)
        now = NOW
        for _ in range(rounds):
            now += timedelta(hours=7)  # more than between two runs of retention
            rng.shuffle(people)
            sender = rng.choice(people)
            for each in people:
                answer(context, each, _STEP, rng.choice((Outcome.ACTED, Outcome.FORGOT)))
                if each is sender:
                    _send(context, sender, "A room with a door")
            at_once += _guessed(context, people, sender)
            retention.tidy(context, now)
            night += _guessed(context, people, sender)
    return advantage_of(night / rounds, SIZE), advantage_of(at_once / rounds, SIZE)


def _guessed(context: Context, people: Sequence[Person], sender: Person) -> float:
    """How likely the guess is right: whoever's record was written last before the newest suggestion."""
    with context.database.reading() as tx:
        sent = max(_transactions(tx, "suggestion", "id").values())
        wrote = _transactions(tx, "private_record", "trainee_id")
    before = {each.id: wrote[each.id] for each in people if wrote[each.id] < sent}
    latest = [each for each, at in before.items() if at == max(before.values())]
    return (sender.id in latest) / len(latest) if latest else 1 / len(people)


def _transactions(tx: Transaction, table: str, column: str) -> dict[str, int]:
    rows = tx.execute(text(f"SELECT {column} AS name, xmin::text AS wrote FROM {table}"))  # noqa: S608 - names
    return {row.name: int(row.wrote) for row in rows}


def _program(context: Context) -> Enrolled:
    connect(context, WORKSPACE)
    return enrol(context, "Suggesting", SIZE, steps=(_STEP,))


def _send(context: Context, sender: Person, words: str) -> None:
    suggestions.send(context, sender.actor, words, NOW)


def _send_and_note(context: Context, sender: Person, words: str) -> None:
    """As a build might that names nobody in the row and counts in the private record."""
    _send(context, sender, words)
    key = context.personal_key(sender.id)
    with context.database.transaction() as tx, private_records.rewriting(tx, key, sender.id) as held:
        held.record = held.record.without_past_texts(NOW.date())
