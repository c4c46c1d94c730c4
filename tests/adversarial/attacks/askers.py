"""Somebody who has the database before and after a question to a circle and what follows, or a deed: whose?

They have every column of every row, where it stands in the file, and on PostgreSQL which transaction wrote
and which locked it. They guess whoever of the circle has most rows that differ; nothing here knows allybot's
tables. The control's build keeps what was asked in the author's record alone.
"""

# ruff: noqa: S311 - seeded chance decides who asks

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, inspect, select, update
from sqlalchemy import text as sql

from allybot.crypto import lock_text
from allybot.domain.circle_questions import TextKind
from allybot.services.circles import answers, deeds, questions, text_posts
from allybot.services.context import Context, new_id
from allybot.store import tables
from allybot.store.circles import texts as stored
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxMessage
from allybot.store.plans import private_records
from tests.adversarial.attacks.databases import DatabaseFactory, Effort
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.programs import NOW, WORKSPACE, Person, connect, enrol

CIRCLES, SIZE = 3, 8
ROUNDS, SHORT_ROUNDS = 100, 15
BAR = 0.05
_NAME = re.compile(r"[0-9a-f]{32}|U\w+")
_ASKED = "a question to a circle: who asked"
_POSTED = "its posting: who asked"
_ADDED = "an answer to it: who wrote it"
_ADDED_POSTED = "the posting of the answer: who wrote it"
_MARKED = "somebody marks it as answered: who asked"
_SEEN = (_ASKED, _POSTED, _ADDED, _ADDED_POSTED, _MARKED)
Ask = Callable[[Context, Person, str, datetime], None]


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Who wrote, by the rows that a question or an answer changed, its posting, and a mark as answered."""
    rounds = effort.of(ROUNDS, SHORT_ROUNDS)
    lived = _lived(databases, effort, rounds, _ask)
    control = _lived(databases, effort, SHORT_ROUNDS, _ask_alone)
    unnamed, named = (_told(databases, effort, rounds, named=each) for each in (False, True))
    note = f"advantage over a guess among {SIZE} of the circle, {rounds} questions"
    has = "has the database before and after"
    return [
        *(
            Finding(f"{has} {what}", databases.backend, lived.advantage(what), BAR, note=note)
            for what in _SEEN
        ),
        Finding(f"{has} a deed told without the name: who told", databases.backend, unnamed, BAR, note=note),
        Finding(f"{has} a deed told with the name: who told", databases.backend, named, BAR, note=note),
        Finding(
            "lengths of what waits to be posted in a circle or to be answered, short or long",
            databases.backend,
            len(lived.lengths),
            1,
            "=",
            "bytes of the encrypted column of every row",
        ),
        Finding(
            "control: keeps a question in its author's record alone: who asked",
            databases.backend,
            control.advantage(_ASKED),
            0.9,
            ">=",
            "the same guess",
        ),
    ]


@dataclass
class _Lived:
    """What the attacker found: right guesses by what they saw, and lengths of the encrypted column."""

    rounds: int
    right: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    lengths: set[int] = field(default_factory=set)

    def advantage(self, what: str) -> float:
        """0 for the share of right guesses that chance gives, 1 for certainty."""
        return advantage_of(self.right[what] / self.rounds)


@dataclass(frozen=True)
class _Watch:
    """Compares the database before and after something is done."""

    context: Context
    members: Sequence[Person]
    lived: _Lived

    def sees(self, what: str, who: Person, act: Callable[[], object]) -> None:
        """Do something, and guess whose question or answer it was about."""
        before = look(self.context)
        act()
        self.lived.right[what] += right_guess(before, look(self.context), self.members, who)
        self.lived.lengths |= _lengths(self.context)


def _lived(databases: DatabaseFactory, effort: Effort, rounds: int, ask: Ask) -> _Lived:
    rng = random.Random(f"{effort.seed}/askers")
    lived = _Lived(rounds)
    with databases.context() as context:
        connect(context, WORKSPACE)
        people = enrol(context, "Asking", CIRCLES * SIZE).people
        circles = [people[number * SIZE :][:SIZE] for number in range(CIRCLES)]
        for number, members in enumerate(circles):
            add_circle(context, f"{number:032x}", members)
        for number in range(rounds):
            _live(_Watch(context, rng.choice(circles), lived), rng, NOW + timedelta(days=8) * number, ask)
    return lived


def _live(watch: _Watch, rng: random.Random, now: datetime, ask: Ask) -> None:
    """One question, an answer to it, and a mark that it is answered."""
    context, members = watch.context, watch.members
    author, helper, marker = (rng.choice(members) for _ in range(3))
    later, last = now + timedelta(days=4), now + timedelta(days=7, hours=12)  # each after a weekend
    words = "Why? " * rng.randint(1, 100)
    watch.sees(_ASKED, author, lambda: ask(context, author, words, now))
    question_id = _sent(context, MessageKind.CIRCLE_QUESTION)
    watch.sees(_POSTED, author, lambda: _settled(context, later))
    place = answers.Place(question_id)
    watch.sees(
        _ADDED,
        helper,
        lambda: answers.add(context, helper.actor, new_id(), place, words, later, named=False),
    )
    _sent(context, MessageKind.CIRCLE_ANSWER)
    watch.sees(_ADDED_POSTED, helper, lambda: _settled(context, last))
    watch.sees(_MARKED, author, lambda: answers.mark(context, marker.actor, question_id, last))


def _sent(context: Context, kind: MessageKind) -> str:
    """The only waiting text of a kind is in Slack now; its id."""
    with context.database.transaction() as tx:
        due = (tables.outbox.c.kind == kind, tables.outbox.c.state == MessageState.DUE)
        text_id: str = tx.execute(select(tables.outbox.c.id).where(*due)).scalar_one()
        values = {"state": MessageState.SENT, "sent_channel": "C", "sent_ts": "1767700000.000100"}
        tx.execute(update(tables.outbox).where(*due).values(values))
    return text_id


def _settled(context: Context, now: datetime) -> None:
    if not text_posts.settle(context, now):
        raise AssertionError("what was posted was not settled")


def _told(databases: DatabaseFactory, effort: Effort, rounds: int, *, named: bool) -> float:
    """The advantage when a deed is told, in circles whose first round is posted."""
    rng, right = random.Random(f"{effort.seed}/tellers"), 0.0
    with databases.context() as context:
        connect(context, WORKSPACE)
        people = enrol(context, "Telling", CIRCLES * SIZE).people
        circles = [people[number * SIZE :][:SIZE] for number in range(CIRCLES)]
        for number, members in enumerate(circles):
            add_circle(context, f"{number:032x}", members, weeks_posted=1)
        for _ in range(rounds):
            members = rng.choice(circles)
            author = rng.choice(members)
            before = look(context)
            deeds.tell(context, author.actor, new_id(), "I did. " * rng.randint(1, 25), NOW, named=named)
            right += right_guess(before, look(context), members, author)
            with context.database.transaction() as tx:  # as a round does, so that everybody may tell more
                tx.execute(delete(tables.deed))
                tx.execute(delete(tables.outbox).where(tables.outbox.c.kind == MessageKind.NAMED_DEED))
    return advantage_of(right / rounds)


def advantage_of(share: float, size: int = SIZE) -> float:
    """0 for the share of right guesses that chance gives among `size` people, 1 for certainty."""
    return (share - 1 / size) / (1 - 1 / size)


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
        waiting = stored.Written(circle, TextKind.QUESTION, author.id, lock_text(key, words))
        stored.add(tx, context.keyring, question_id, waiting, now + timedelta(days=14))
        with private_records.rewriting(tx, key, author.id) as held:
            held.record = held.record.with_circle_text(TextKind.QUESTION, question_id, now.date())


def look(context: Context) -> Counter[str]:
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


def right_guess(
    before: Counter[str], after: Counter[str], members: Sequence[Person], author: Person
) -> float:
    """How likely the guess is right: one over those who have most rows that differ, if they asked."""
    differing = Counter(
        name for row in ((before - after) + (after - before)) for name in set(_NAME.findall(row))
    )
    scores = {each.id: differing[each.id] + differing[each.actor.slack_user] for each in members}
    best = [each for each, score in scores.items() if score == max(scores.values())]
    return (author.id in best) / len(best)


def _lengths(context: Context) -> set[int]:
    with context.database.reading() as tx:
        return {len(sealed) for sealed in tx.execute(select(tables.circle_text.c.sealed)).scalars()}


def add_circle(context: Context, circle_id: str, members: Sequence[Person], *, weeks_posted: int = 0) -> None:
    """Insert a circle of the only program, with these members."""
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
