"""Windows that wait and are counted together, attacked by who knows nearly everything.

Each trial is a life of one pool. Two groups of six wait and are counted together. Then the same twelve come
again, in groups of seven with a thirteenth, and one of them is in both groups; they answer as before. So the
two figures are of groups that differ by one person. Everybody of a group is deleted before the next begins.

One attacker knows all other answers. One knows nobody's, but that the twelve answered alike, and subtracts.
One is the lead, who watches what is told while answers wait. One has every copy of the database, and all keys
that are left.
"""

# ruff: noqa: S311 - seeded chance decides what people answer, never the noise

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from allybot.crypto import unseal
from allybot.domain.noise import Rng
from allybot.domain.plans import BARRIERS, Outcome, PlanKind
from allybot.errors import DecryptionError
from allybot.i18n import Say
from allybot.prompts.outcomes import summary as prompts
from allybot.reports import as_csv, as_html, as_json
from allybot.services.context import Context
from allybot.services.data import erasure, forget_me
from allybot.services.data.erasure import Leaving
from allybot.services.outcomes import casting, pooling, publishing, summaries
from allybot.store import tables
from allybot.store.outcomes import ballots
from allybot.store.vault.vault import private_key_of, window_key
from tests.adversarial.attacks.databases import DatabaseFactory, Effort, progress
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.guessing import (
    KNOWS_ALL,
    KNOWS_ALL_BAR,
    Guessed,
    NoNoise,
    is_right,
    log_odds,
    noise,
    share_right,
    with_room,
)
from tests.adversarial.attacks.programs import CLOSED, WORKSPACE, Enrolled, connect, enrol
from tests.support.full_trainee import rows

WINDOW, STEP = "1-6", 3
FIRST, SECOND = range(12), range(13)
Close = Callable[[Context, Enrolled], None]


@dataclass
class Seen:
    """What the attackers of many lives got.

    Attributes:
        knows_all: who knows everybody else's answer, of each person in turn.
        subtracts: who takes the first figure from the second, of the thirteenth.
        drawn: how often each noise was drawn.
    """

    knows_all: Guessed = field(default_factory=Guessed)
    subtracts: Guessed = field(default_factory=Guessed)
    drawn: Counter[int] = field(default_factory=Counter)


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Both who compute, the lead, and who has the database."""
    lives = effort.of(300, 30)
    seen = _lives(databases, effort, lives, _publish)
    exact = _lives(databases, effort, effort.of(20, 8), _publish_without_noise)
    note = f"advantage over {lives} lives of a pool, counted twice each, every person in turn"
    bars = [with_room(KNOWS_ALL, each) if effort.short else KNOWS_ALL_BAR for each in (2 * lives, lives)]
    return [
        Finding(
            "pool: knows everyone else's answer",
            databases.backend,
            seen.knows_all.advantage,
            bars[0],
            note=note,
            error=seen.knows_all.error,
        ),
        Finding(
            "pool: takes the figure of one person fewer from the next",
            databases.backend,
            seen.subtracts.advantage,
            bars[1],
            note=f"advantage over {lives} lives; the others answered alike in both",
            error=seen.subtracts.error,
        ),
        Finding(
            "pool: the noise against the exact distribution",
            databases.backend,
            _deviation(seen.drawn),
            4.5,
            note=f"largest deviation, in standard errors, of {seen.drawn.total()} draws",
        ),
        Finding(
            "control: no noise in a pool, takes one figure from the next",
            databases.backend,
            exact.subtracts.advantage,
            KNOWS_ALL_BAR,
            ">=",
            note="the same attacker where every draw is zero",
        ),
        *_lead(databases),
        *_database(databases),
    ]


def _lives(databases: DatabaseFactory, effort: Effort, lives: int, publish: Close) -> Seen:
    rng, seen = random.Random(f"{effort.seed}/pooled"), Seen()
    with databases.context() as context:
        connect(context, WORKSPACE)
        for number in range(lives):
            _live(context, rng, number, publish, seen)
            if number % 50 == 0:
                progress(databases.backend, f"pooled: {number} of {lives} lives")
    return seen


def _live(context: Context, rng: random.Random, number: int, publish: Close, seen: Seen) -> None:
    """One life; the twelve answer alike both times, whoever is in both groups too."""
    acted = [rng.random() < 1 / 2 for _ in SECOND]
    shown = []
    generations = ((FIRST, (range(6), range(6, 12))), (SECOND, (range(7), range(6, 13))))
    for generation, (people, groups) in enumerate(generations):
        last = None
        for place, group in enumerate(groups):
            last = _group(context, rng, f"L{number}G{generation}{place}", f"Pool {number}", group, acted)
            publish(context, last)
            _delete_everybody(context, last)
        if last is None:
            raise AssertionError("a pool has groups")
        with context.database.reading() as tx:
            window = ballots.window_by_id(tx, last.windows[WINDOW])
            made = ballots.release_of(tx, window) if window else None
        if made is None or made.respondents != len(people):
            raise AssertionError("a pool that was full was not counted")
        count = made.noisy["acted"]
        of_these = [acted[each] for each in people]
        known = [log_odds(count, count, {sum(of_these) - each: 1.0}, len(people)) for each in of_these]
        seen.knows_all.shares.append(share_right(rng, known, of_these))
        if 3 < sum(of_these) < len(people) - 3:  # no draw of at most 3 is clamped
            seen.drawn[max(min(count - sum(of_these), 3), -3)] += 1
        shown.append(count)
    more = shown[1] - shown[0]
    seen.subtracts.shares.append(is_right(rng, more - 1 / 2, acted=acted[12]))


def _group(
    context: Context, rng: random.Random, name: str, pool: str, group: Sequence[int], acted: Sequence[bool]
) -> Enrolled:
    users = [f"U{pool.replace(' ', '')}P{each}" for each in group]
    enrolled = enrol(context, name, len(group), steps=(STEP,), pool=pool, users=users)
    with context.database.transaction() as tx:
        for person, each in zip(enrolled.people, group, strict=True):
            outcome = Outcome.ACTED if acted[each] else rng.choice(BARRIERS)
            casting.cast(context, tx, enrolled.windows[WINDOW], person.id, STEP, outcome, PlanKind.FEAR)
    return enrolled


def _publish(context: Context, enrolled: Enrolled) -> None:
    publishing.close_due.handle(context, enrolled.windows[WINDOW], CLOSED)


def _publish_without_noise(context: Context, enrolled: Enrolled) -> None:
    """The product's own steps, with noise that is always zero."""
    window_id = enrolled.windows[WINDOW]
    for step in publishing.STEPS[:2]:
        step(context, window_id, CLOSED)
    silent: Rng = NoNoise()
    pooling.end(context, window_id, CLOSED, silent)


def _delete_everybody(context: Context, enrolled: Enrolled) -> None:
    erasure.erase(context, [Leaving(each.id, each.actor, "D1") for each in enrolled.people])


def _deviation(drawn: Counter[int]) -> float:
    """The largest deviation from the expected frequency, in standard errors; 3 stands for 3 and more."""
    total = drawn.total()
    tail = (1 - sum(noise(size) for size in range(-2, 3))) / 2
    expected = {size: noise(size) for size in range(-2, 3)} | {3: tail, -3: tail}
    return max(
        abs(drawn[size] - total * share) / math.sqrt(total * share * (1 - share))
        for size, share in expected.items()
    )


def _lead(databases: DatabaseFactory) -> list[Finding]:
    """What a lead is told of a window that waits, by how many and who answered, and who was forgotten."""
    views, exact = set(), set()
    with databases.context() as context:
        connect(context, WORKSPACE)
        for number in range(10):
            enrolled = enrol(context, f"L{number}", 9, steps=(STEP,), pool=f"P{number}")
            with context.database.transaction() as tx:
                for person in enrolled.people[:number]:
                    window_id = enrolled.windows[WINDOW]
                    casting.cast(context, tx, window_id, person.id, STEP, Outcome.ACTED, PlanKind.FEAR)
            publishing.close_due.handle(context, enrolled.windows[WINDOW], CLOSED)
            views.add(_told(context, enrolled, CLOSED, str(number)))
            forget_me.forget(context, enrolled.people[0].actor)
            views.add(_told(context, enrolled, CLOSED + timedelta(days=1), str(number)))
            exact.add(_held(context, enrolled))
    return [
        Finding(
            "pool: wordings of what a lead sees while answers wait",
            databases.backend,
            len(views),
            1,
            "=",
            "none to all nine answered, one of them forgotten or not; Slack, JSON, CSV and page",
        ),
        Finding(
            "control: a build that tells how many answers wait, wordings",
            databases.backend,
            len(exact),
            2,
            ">=",
            "the number of people whose answers wait, in the same ten programs",
        ),
    ]


def _told(context: Context, enrolled: Enrolled, now: datetime, number: str) -> str:
    shown = summaries.summary(context, enrolled.lead, now)
    everything = (
        prompts.summary(Say(), shown).text,
        as_json.write(shown),
        as_csv.write(shown),
        as_html.write(shown, CLOSED.date()),
    )
    return "\n".join(everything).replace(enrolled.name, "the program").replace(f"P{number}", "the pool")


def _held(context: Context, enrolled: Enrolled) -> int:
    with context.database.reading() as tx:
        owners = select(tables.pooled_ballot.c.owner_id).where(
            tables.pooled_ballot.c.window_id == enrolled.windows[WINDOW]
        )
        return len(set(tx.execute(owners).scalars()))


def _database(databases: DatabaseFactory) -> list[Finding]:
    """Who has every copy of the database: whose answers wait, and what they say once they were counted."""
    rng = random.Random("pooled database")
    with databases.context() as context:
        connect(context, WORKSPACE)
        acted = [rng.random() < 1 / 2 for _ in SECOND]
        first = _group(context, rng, "First", "Pool", range(6), acted)
        _publish(context, first)
        _delete_everybody(context, first)
        waiting = _envelopes(context)
        ids = {name for each in first.people for name in (each.id, each.actor.slack_user)}
        named = sum(bool(ids & set(map(str, row))) for row in rows(context) if row[0] != "erased")
        before = _opened(context, waiting)
        forgotten = first.people[0]
        forget_me.forget(context, forgotten.actor)
        left = len(waiting) - len(_envelopes(context))
        second = _group(context, rng, "Second", "Pool", range(6, 13), acted)
        for each in (second, first):  # the worker's next turn for the other window destroys its key
            _publish(context, each)
        after = _opened(context, waiting)
        with context.database.reading() as tx:
            made = ballots.release_by_window(tx, second.windows[WINDOW])
    return [
        Finding("pool: rows that name somebody deleted whose answers wait", databases.backend, named, 0, "="),
        Finding(
            "pool: waiting ballots deleted by a forget-me after the deletion", databases.backend, left, 1, "="
        ),
        Finding(
            "pool: respondents counted without who was forgotten in between",
            databases.backend,
            made.respondents if made else 0,
            12,
            "=",
            "of 13 who had answered",
        ),
        Finding(
            "pool: after the count, waiting ballots of a copy opened with all keys left",
            databases.backend,
            after,
            0,
            "=",
        ),
        Finding(
            "control: before the count, waiting ballots opened with the vault's keys",
            databases.backend,
            before,
            1,
            ">=",
        ),
    ]


def _envelopes(context: Context) -> list[bytes]:
    with context.database.reading() as tx:
        return list(tx.execute(select(tables.pooled_ballot.c.sealed)).scalars())


def _opened(context: Context, envelopes: Sequence[bytes]) -> int:
    with context.vault.reading() as vault_tx:
        boxes = list(vault_tx.execute(select(window_key.c.box_id)).scalars())
        keys = [private_key_of(vault_tx, context.keyring, box) for box in boxes]
    return sum(any(_opens(key, each) for key in keys if key) for each in envelopes)


def _opens(key: bytes, envelope: bytes) -> bool:
    try:
        return bool(unseal(key, envelope))
    except DecryptionError:
        return False
