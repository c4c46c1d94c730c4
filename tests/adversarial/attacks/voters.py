"""Who has the database, copies, its log and the wire while three, four or five vote: who chose what?

Everybody in a circle tosses a coin between the first option and "Probably nothing" and presses that button
through the whole program. One in five of those who are not the last presses another one first, and in every
other week of a larger circle one stays silent. The attacker has what `disk` and `proxies` have, taken around
every press and around the opening; who voted, and in which order, is readable to them anyway. From one half
of the circles, whose votes are given, they learn, and guess those of the other half.

Before the opening each vote is guessed by itself. Afterwards the counts are known, exactly, to the circle, to
whoever reads its channel and in the database. What they tell by themselves nobody can prevent: it is measured
apart, beside the same worked out by counting all courses. What the attacker finds beyond it is measured where
a circle was of two minds: they say who was of which, as many of each as were counted.
"""

# ruff: noqa: S311 - seeded chance decides what people vote

import itertools
import logging
import math
import random
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

import numpy as np

from allybot.services.circles import votes
from allybot.services.context import Context, new_id
from allybot.store.circles import circles, weeks
from allybot.store.vault import vault
from tests.adversarial.attacks import learner
from tests.adversarial.attacks.app_harness import assembled_app
from tests.adversarial.attacks.askers import add_circle
from tests.adversarial.attacks.databases import DatabaseFactory, Effort, progress
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.habits import FIRST_DAY, at
from tests.adversarial.attacks.needles import LoggedWords
from tests.adversarial.attacks.programs import WORKSPACE, Person, connect, enrol
from tests.adversarial.attacks.quiet_slack import quiet_slack
from tests.adversarial.attacks.voter_traces import SEALED, Thief, Traces
from tests.adversarial.attacks.wal_reader import open_log

SIZES, CIRCLES_OF_A_SIZE = (3, 4, 5), 4
WEEKS, SHORT_WEEKS, CONTROL_WEEKS = 20, 6, 5
BAR, SHORT_BAR = 0.10, 0.3
BEYOND_BAR, SHORT_BEYOND_BAR = 0.15, 0.4
"""Three standard errors of a guess that knows nothing; more in short runs, for both databases."""
CHANGES = 0.2
"""How often somebody changes their vote. Our own number."""


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Before the opening, beyond the counts, what the counts tell, and a build that seals nothing."""
    lived = _lived(databases, effort, effort.of(WEEKS, SHORT_WEEKS))
    with _unsealed():
        control = _lived(databases, effort, CONTROL_WEEKS)
    before, beyond = learner.advantage(_trials(lived, after=False)), _beyond_counts(lived)
    number = sum(len(each.votes) for each in lived)
    return [
        Finding(
            "has the database, copies around every press, its log and the wire: how one of 3, 4, 5 votes",
            databases.backend,
            abs(before),
            SHORT_BAR if effort.short else BAR,
            note=f"|advantage| of the better of two learners over {number} votes, before the opening",
            error=learner.standard_error(number),
        ),
        Finding(
            "the same once the votes are opened, beyond what the counts tell",
            databases.backend,
            statistics.fmean(beyond),
            SHORT_BEYOND_BAR if effort.short else BEYOND_BAR,
            note=f"who was of which mind in {len(beyond)} circles that were of two; 0 is chance",
            error=statistics.stdev(beyond) / math.sqrt(len(beyond)),
        ),
        Finding(
            "control: keeps votes unsealed: how one of 3, 4, 5 votes",
            databases.backend,
            abs(learner.advantage(_trials(control, after=False))),
            0.5,
            ">=",
            "the same learner",
        ),
        Finding(
            "control: keeps votes unsealed, once they are opened, beyond what the counts tell",
            databases.backend,
            statistics.fmean(_beyond_counts(control)),
            0.5,
            ">=",
            "the same guess",
        ),
        *(_told(databases.backend, number, lived) for number in SIZES),
        Finding(
            "not preventable: knows all votes of a circle but one, and the counts: the last one",
            databases.backend,
            statistics.fmean(
                float(vote.first == each.left_by_others(vote)) for each in lived for vote in each.votes
            ),
            1,
            "=",
            "share of right guesses; counts are exact",
        ),
    ]


def told_by_counts(voters: int) -> Fraction:
    """How often whoever knows who voted, and the counts, guesses one vote where all toss coins."""
    courses = list(itertools.product((0, 1), repeat=voters))
    return sum((Fraction(max(sum(each), voters - sum(each)), voters) for each in courses), Fraction()) / len(
        courses
    )


@dataclass(frozen=True)
class _Vote:
    """One vote as it left its traces.

    Attributes:
        first: for the first option; else for the last.
        pressed, opened: what was seen around the presses, and around the opening.
    """

    user: str
    first: bool
    pressed: Traces
    opened: list[Traces] = field(default_factory=list)


@dataclass
class _CircleWeek:
    """One circle's votes of a week.

    Attributes:
        known: whether the attacker is given them, to learn.
        firsts: how many voted for the first option, as it was counted.
    """

    known: bool
    votes: list[_Vote]
    firsts: int = 0

    def left_by_others(self, vote: _Vote) -> bool:
        """What the counts leave for one vote, when all others are known."""
        return self.firsts - sum(each.first for each in self.votes if each is not vote) == 1


def _told(backend: str, voters: int, lived: Sequence[_CircleWeek]) -> Finding:
    shares = [max(each.firsts, voters - each.firsts) / voters for each in lived if len(each.votes) == voters]
    error = statistics.stdev(shares) / math.sqrt(len(shares))
    expected = float(told_by_counts(voters))
    return Finding(
        f"not preventable: knows who voted and the counts of {voters} who toss coins: how one voted",
        backend,
        2 * statistics.fmean(shares) - 1,
        2 * (expected + 3 * error) - 1,
        note=f"advantage over {len(shares)} openings; {2 * expected - 1:.3f} by counting all courses",
        error=2 * error,
    )


def _lived(databases: DatabaseFactory, effort: Effort, number_of_weeks: int) -> list[_CircleWeek]:
    rng, clock, heard = random.Random(f"{effort.seed}/voters"), [at(FIRST_DAY, 9)], LoggedWords()
    with ExitStack() as stack:
        logging.getLogger().addHandler(heard)
        stack.callback(logging.getLogger().removeHandler, heard)
        slack = stack.enter_context(quiet_slack())
        allybot = stack.enter_context(assembled_app(databases, lambda: clock[0], slack.url))
        connect(allybot.context, WORKSPACE)
        people = iter(enrol(allybot.context, "Voting", CIRCLES_OF_A_SIZE * sum(SIZES), steps=(3,)).people)
        members = {
            f"{number:032x}": list(itertools.islice(people, SIZES[number % len(SIZES)]))
            for number in range(CIRCLES_OF_A_SIZE * len(SIZES))
        }
        for circle_id, seated in members.items():
            add_circle(allybot.context, circle_id, seated)
        everybody = [each.actor.slack_user for seated in members.values() for each in seated]
        thief = Thief(allybot, slack, heard, everybody, open_log(allybot.context))
        stack.callback(thief.log.close)
        found = []
        for week in range(number_of_weeks):
            for place, (circle_id, seated) in enumerate(members.items()):
                clock[0] = at(FIRST_DAY, 10) + timedelta(weeks=week, minutes=place)
                voting = rng.sample(seated, len(seated) - (week % 2 and len(seated) > min(SIZES)))
                found.append(_one_week(thief, rng, clock, circle_id, week, voting, known=place % 2 == 0))
            if week % 8 == 7:
                progress(databases.backend, f"voters: {week + 1} of {number_of_weeks} weeks")
    return found


def _one_week(
    thief: Thief,
    rng: random.Random,
    clock: list[datetime],
    circle_id: str,
    number: int,
    voting: Sequence[Person],
    *,
    known: bool,
) -> _CircleWeek:
    """A scenario's votes, one after the other, and their opening."""
    context, opens_at = thief.allybot.context, clock[0] + timedelta(days=3)
    story = context.content.scenarios[number % len(context.content.scenarios)]
    week_id = _begin(context, circle_id, number, story.id, clock[0], opens_at)
    lived = _CircleWeek(known, [])
    for person in voting:
        clock[0] += timedelta(minutes=rng.randint(1, 9))
        first = rng.random() < 1 / 2
        options = [0 if first else len(story.options) - 1]
        if rng.random() < CHANGES and person is not voting[-1]:  # whose vote may open them all at once
            options.insert(0, rng.randrange(len(story.options)))
        pressed = thief.watch_presses(person, week_id, options, clock[0])
        lived.votes.append(_Vote(person.actor.slack_user, first, pressed))
    clock[0] = opens_at
    for vote, traces in zip(
        lived.votes, thief.watch_opening([each.user for each in lived.votes], clock[0]), strict=True
    ):
        vote.opened.append(traces)
    with context.database.reading() as tx:
        counted = weeks.week_by_id(tx, week_id)
    sealed = counted.counts if counted else None
    lived.firsts = sealed[0] if sealed else sum(each.first for each in lived.votes)
    if lived.firsts != sum(each.first for each in lived.votes):
        raise AssertionError("votes were miscounted")
    return lived


def _begin(
    context: Context, circle_id: str, number: int, story: str, now: datetime, opens_at: datetime
) -> str:
    week_id = new_id()
    with context.vault.transaction() as vault_tx:
        public_key = vault.add_window_key(vault_tx, context.keyring, week_id)
    with context.database.transaction() as tx:
        values = {"id": week_id, "circle_id": circle_id, "monday": now.date(), "number": number + 1}
        more = {"scenario_id": story, "public_key": public_key, "opens_at": opens_at}
        weeks.add_week(tx, {**values, **more})
        circles.change_circle(tx, circle_id, weeks_posted=number + 1)
    return week_id


def _trials(lived: Sequence[_CircleWeek], *, after: bool) -> list[learner.Trial]:
    return [_trial(each, vote, after=after) for each in lived for vote in each.votes]


def _trial(lived: _CircleWeek, vote: _Vote, *, after: bool) -> learner.Trial:
    seen = [vote.pressed, *(vote.opened if after else ())]
    words = sum((each for each, _ in seen), Counter[str]())
    if after:
        words[f"{lived.firsts} of {len(lived.votes)}"] += 1
    numbers = np.concatenate([each for _, each in seen])
    return learner.Trial(lived.known, vote.first, words, numbers)


def _beyond_counts(lived: Sequence[_CircleWeek]) -> list[float]:
    """How much better than chance they say, in each circle of two minds, who was of which: 0 to 1."""
    scores = iter(learner.scores(_trials(lived, after=True)))
    found = []
    for each in lived:
        own = [(next(scores), vote.first) for vote in each.votes]
        voters, firsts = len(own), each.firsts
        if firsts in {0, voters}:
            continue
        ranked = [first for _, first in sorted(own, key=lambda scored: -scored[0])]
        right = sum(first == (place < firsts) for place, first in enumerate(ranked))
        by_chance = (firsts**2 + (voters - firsts) ** 2) / voters
        found.append((right - by_chance) / (voters - by_chance))
    return found


@contextmanager
def _unsealed() -> Iterator[None]:
    """The control: a build that keeps each vote as it is, of the length that the table wants."""
    kept = vars(votes)["seal"]
    plain: Callable[[bytes, bytes], bytes] = lambda _key, payload: payload.ljust(SEALED, b"\0")  # noqa: E731
    vars(votes)["seal"] = plain
    try:
        yield
    finally:
        vars(votes)["seal"] = kept
