"""Somebody who has the database before and after a question to a circle, or a deed, and wants to know whose.

They have every column of every row, where it stands in the file, and on PostgreSQL which transaction wrote
and which locked it. They guess whoever of the circle has most rows that differ; nothing here knows allybot's
tables. The control's build keeps what was asked in the author's record alone.
"""

# ruff: noqa: S311 - seeded chance decides who asks

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, inspect, select, update
from sqlalchemy import text as sql

from allybot.crypto import lock_text
from allybot.services.circles import deeds, question_posts, questions
from allybot.services.context import Context, new_id
from allybot.store import tables
from allybot.store.circles import questions as stored
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import MessageKind, MessageState, OutboxMessage
from allybot.store.plans import private_records
from tests.adversarial.attacks.databases import DatabaseFactory, Effort
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.programs import NOW, WORKSPACE, Person, connect, enrol

CIRCLES, SIZE = 3, 8
ROUNDS, SHORT_ROUNDS = 100, 15
BAR = 0.05
_NAME = re.compile(r"[0-9a-f]{32}|U\w+")
Ask = Callable[[Context, Person, str, datetime], None]


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Who asked, by the rows that a question changed, and by those that its posting changed."""
    rounds = effort.of(ROUNDS, SHORT_ROUNDS)
    asked, posted, lengths = _lived(databases, effort, rounds, _ask)
    control, _, _ = _lived(databases, effort, SHORT_ROUNDS, _ask_alone)
    unnamed, named = (_told(databases, effort, rounds, named=each) for each in (False, True))
    note = f"advantage over a guess among {SIZE} of the circle, {rounds} questions"
    has = "has the database before and after"
    return [
        Finding(f"{has} a question to a circle: who asked", databases.backend, asked, BAR, note=note),
        Finding(f"{has} its posting: who asked", databases.backend, posted, BAR, note=note),
        Finding(f"{has} a deed told without the name: who told", databases.backend, unnamed, BAR, note=note),
        Finding(f"{has} a deed told with the name: who told", databases.backend, named, BAR, note=note),
        Finding(
            "lengths of what waits to be posted in a circle, short or long",
            databases.backend,
            lengths,
            1,
            "=",
            "bytes of every column of every waiting question",
        ),
        Finding(
            "control: keeps a question in its author's record alone: who asked",
            databases.backend,
            control,
            0.9,
            ">=",
            "the same guess",
        ),
    ]


def _lived(databases: DatabaseFactory, effort: Effort, rounds: int, ask: Ask) -> tuple[float, float, int]:
    """The advantage at asking and at posting, and how many lengths waiting rows had."""
    rng = random.Random(f"{effort.seed}/askers")
    right_asked = right_posted = 0.0
    lengths: set[tuple[int, ...]] = set()
    with databases.context() as context:
        connect(context, WORKSPACE)
        people = enrol(context, "Asking", CIRCLES * SIZE).people
        circles = [people[number * SIZE :][:SIZE] for number in range(CIRCLES)]
        for number, members in enumerate(circles):
            _add_circle(context, f"{number:032x}", members)
        for number in range(rounds):
            members = rng.choice(circles)
            author, now = rng.choice(members), NOW + timedelta(days=8) * number
            before = _look(context)
            ask(context, author, "Why? " * rng.randint(1, 100), now)
            after = _look(context)
            right_asked += _right(before, after, members, author)
            lengths |= _lengths(context)
            with context.database.transaction() as tx:
                due = update(tables.outbox).where(tables.outbox.c.kind == MessageKind.CIRCLE_QUESTION)
                tx.execute(due.values(state=MessageState.SENT))
            before = _look(context)
            if question_posts.forget_settled(context, now + timedelta(days=7)) != 1:
                raise AssertionError("the question was not forgotten")
            right_posted += _right(before, _look(context), members, author)
    return _advantage(right_asked / rounds), _advantage(right_posted / rounds), len(lengths)


def _told(databases: DatabaseFactory, effort: Effort, rounds: int, *, named: bool) -> float:
    """The advantage when a deed is told, in circles whose first round is posted."""
    rng, right = random.Random(f"{effort.seed}/tellers"), 0.0
    with databases.context() as context:
        connect(context, WORKSPACE)
        people = enrol(context, "Telling", CIRCLES * SIZE).people
        circles = [people[number * SIZE :][:SIZE] for number in range(CIRCLES)]
        for number, members in enumerate(circles):
            _add_circle(context, f"{number:032x}", members, weeks_posted=1)
        for _ in range(rounds):
            members = rng.choice(circles)
            author = rng.choice(members)
            before = _look(context)
            deeds.tell(context, author.actor, new_id(), "I did. " * rng.randint(1, 25), NOW, named=named)
            right += _right(before, _look(context), members, author)
            with context.database.transaction() as tx:  # as a round does, so that everybody may tell more
                tx.execute(delete(tables.deed))
                tx.execute(delete(tables.outbox).where(tables.outbox.c.kind == MessageKind.NAMED_DEED))
    return _advantage(right / rounds)


def _advantage(share: float) -> float:
    """0 for the share of right guesses that chance gives, 1 for certainty."""
    return (share - 1 / SIZE) / (1 - 1 / SIZE)


def _ask(context: Context, author: Person, words: str, now: datetime) -> None:
    questions.ask(context, author.actor, new_id(), "", words, now, named=False)


def _ask_alone(context: Context, author: Person, words: str, now: datetime) -> None:
    """As a build might that hides the author in a sealed row and forgets what else is written."""
    key, question_id = context.personal_key(author.id), new_id()
    with context.database.transaction() as tx:
        (circle,) = tx.execute(
            select(tables.circle_member.c.circle_id).where(tables.circle_member.c.trainee_id == author.id)
        ).one()
        message = OutboxMessage(
            f"circle-question:{question_id}",
            WORKSPACE,
            MessageKind.CIRCLE_QUESTION,
            question_id,
            now,
            to_channel="C",
        )
        outbox.put(tx, question_id, message)
        waiting = stored.Waiting(circle, author.id, lock_text(key, words), named=False)
        stored.add(tx, context.keyring, question_id, waiting, now + timedelta(days=14))
        with private_records.rewriting(tx, key, author.id) as held:
            held.record = held.record.with_circle_question(question_id, now.date())


def _look(context: Context) -> Counter[str]:
    """Every row as text, with all that the database knows about it."""
    found: Counter[str] = Counter()
    with context.database.engine.connect() as connection:
        for table in _tables(context):
            more = "" if context.database.is_sqlite else ", ctid, xmin::text, xmax::text"
            rows = connection.execute(sql(f'SELECT *{more} FROM "{table}"'))  # noqa: S608 - names
            found.update(f"{table} {tuple(row)}" for row in rows)
    return found


def _tables(context: Context) -> list[str]:
    """What tables there are, read from the database itself."""
    return sorted(inspect(context.database.engine).get_table_names())


def _right(before: Counter[str], after: Counter[str], members: Sequence[Person], author: Person) -> float:
    """How likely the guess is right: one over those who have most rows that differ, if they asked."""
    differing = Counter(
        name for row in ((before - after) + (after - before)) for name in set(_NAME.findall(row))
    )
    scores = {each.id: differing[each.id] + differing[each.actor.slack_user] for each in members}
    best = [each for each, score in scores.items() if score == max(scores.values())]
    return (author.id in best) / len(best)


def _lengths(context: Context) -> set[tuple[int, ...]]:
    with context.database.reading() as tx:
        rows = tx.execute(select(tables.circle_question)).all()
    return {tuple(len(each) if isinstance(each, bytes) else len(str(each)) for each in row) for row in rows}


def _add_circle(
    context: Context, circle_id: str, members: Sequence[Person], *, weeks_posted: int = 0
) -> None:
    with context.database.transaction() as tx:
        program_id = tx.execute(select(tables.program.c.id)).scalar_one()
        tx.execute(
            insert(tables.circle).values(
                id=circle_id,
                program_id=program_id,
                workspace_id=WORKSPACE,
                name=circle_id,
                channel=f"C{circle_id}",
                state="active",
                weeks_posted=weeks_posted,
                last_week=13 * weeks_posted,
                next_post_at=NOW + timedelta(days=3) if weeks_posted else None,
            )
        )
        if weeks_posted:
            week = {"id": new_id(), "circle_id": circle_id, "monday": NOW.date(), "number": 1}
            more = {"scenario_id": "any", "public_key": b"", "opens_at": NOW, "state": "few"}
            tx.execute(insert(tables.circle_week).values(**week, **more))
        seats = [
            {"circle_id": circle_id, "trainee_id": each.id, "place": place, "turns": 0}
            for place, each in enumerate(members)
        ]
        tx.execute(insert(tables.circle_member), seats)
