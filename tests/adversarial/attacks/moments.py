"""Attackers of a window that counts who acted and who had a moment: they know everybody else and guess one.

Each of ten people acted, had a moment and did not act, or had none, all equally likely. Who knows nine of
them is asked about the tenth, told which two of the three are possible, and compares how likely both
published figures are in either case. *Did they act*, of somebody who had a moment, moves one count; so does
*did they have a moment*, of somebody who did not act. *Acted, or no moment at all* moves both: there the
bound is that of two windows. All three are guessed of every person in turn, where they apply; a window
counts as one observation, as in `guessing.py`.
"""

# ruff: noqa: S311 - seeded chance decides what people answer, never the noise

import math
import random
import statistics
from collections import defaultdict
from functools import cache
from itertools import product

from allybot.domain.anonymity import CELL_ACTED, CELL_MOMENT, in_order
from allybot.domain.figures import Release
from allybot.domain.plans import BARRIERS, Outcome, PlanKind
from allybot.services.context import Context
from allybot.services.outcomes import casting, summaries
from tests.adversarial.attacks.databases import DatabaseFactory, Effort, progress
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.guessing import (
    KNOWS_ALL,
    KNOWS_ALL_BAR,
    RESPONDENTS,
    Guessed,
    Publish,
    is_right,
    noise,
    publish_without_noise,
    with_room,
)
from tests.adversarial.attacks.programs import CLOSED, WORKSPACE, Enrolled, answer, connect, enrol

BATCH = 25
STEPS = (3, 56)
ACTED, LET_GO, NONE = (1, 1), (0, 1), (0, 0)
"""What one person adds to the two counts."""
QUESTIONS = {
    "did they act": (ACTED, LET_GO),
    "did they have a moment": (LET_GO, NONE),
    "acted, or no moment at all": (ACTED, NONE),
}
FURTHEST = 30
"""Noise beyond has a chance of less than 10^-12."""
Added = tuple[int, int]


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """All three questions, and the first again where no noise is drawn."""
    windows = effort.of(1000, 50)
    guessed = _windows(databases, effort, windows, summaries.close_due)
    exact = _windows(databases, effort, effort.of(60, 10), publish_without_noise)
    first, second, both = QUESTIONS
    note = (
        f"advantage over {windows} windows of {RESPONDENTS}, each in turn; epsilon 1 for each of two counts"
    )
    single = KNOWS_ALL_BAR if not effort.short else with_room(KNOWS_ALL, windows)
    bars = {first: single, second: single, both: math.tanh(1)}
    return [
        *(
            Finding(
                f"count with moments, knows all others: {question}",
                databases.backend,
                guessed[question].advantage,
                bar,
                note=note,
                error=guessed[question].error,
            )
            for question, bar in bars.items()
        ),
        Finding(
            "control: no noise, count with moments, knows all others",
            databases.backend,
            exact[first].advantage,
            KNOWS_ALL_BAR,
            ">=",
            note="the same attacker where every draw is zero",
        ),
    ]


def _windows(
    databases: DatabaseFactory, effort: Effort, windows: int, publish: Publish
) -> dict[str, Guessed]:
    rng = random.Random(f"{effort.seed}/moments")
    guessed: dict[str, Guessed] = defaultdict(Guessed)
    with databases.context() as context:
        connect(context, WORKSPACE)
        for first in range(0, windows, BATCH):
            batch = [
                _answered(context, rng, f"P{number}") for number in range(first, min(first + BATCH, windows))
            ]
            publish(context, CLOSED)
            for enrolled, added in batch:
                _guess(context, rng, enrolled, added, guessed)
            if first % (10 * BATCH) == 0:
                progress(databases.backend, f"moments: {first + len(batch)} of {windows} windows")
    return guessed


def _answered(context: Context, rng: random.Random, name: str) -> tuple[Enrolled, list[Added]]:
    """Everybody answers twice, in both halves; the first of them by the product's own services."""
    enrolled = enrol(context, name, RESPONDENTS, steps=STEPS, counts_moments=True)
    added = [rng.choice((ACTED, LET_GO, NONE)) for _ in enrolled.people]
    given = [_answers(rng, each) for each in added]
    (window_id,) = enrolled.windows.values()
    with context.database.transaction() as tx:
        for person, outcomes in list(zip(enrolled.people, given, strict=True))[1:]:
            for step, outcome in zip(STEPS, outcomes, strict=True):
                casting.cast(context, tx, window_id, person.id, step, outcome, PlanKind.FEAR)
    for step, outcome in zip(STEPS, given[0], strict=True):
        answer(context, enrolled.people[0], step, outcome)
    return enrolled, added


def _answers(rng: random.Random, added: Added) -> list[Outcome]:
    """Two answers that add so much to the two counts."""
    if added == NONE:
        return [Outcome.NO_MOMENT] * 2
    decisive = Outcome.ACTED if added == ACTED else rng.choice(BARRIERS)
    other = [Outcome.NO_MOMENT, rng.choice(BARRIERS)]
    return rng.sample([decisive, rng.choice(other)], 2)


def _guess(
    context: Context,
    rng: random.Random,
    enrolled: Enrolled,
    added: list[Added],
    guessed: dict[str, Guessed],
) -> None:
    """Guess every answer to each question; one observation a window where somebody can be asked it."""
    (shown,) = summaries.summary(context, enrolled.lead, CLOSED)
    (release,) = shown.releases
    acted, had = (sum(each[place] for each in added) for place in (0, 1))
    for question, (one, other) in QUESTIONS.items():
        shares = []
        for each in added:
            if each in {one, other}:
                rest = (acted - each[0], had - each[1])
                odds = math.log(_likelihood(release, rest, one) / _likelihood(release, rest, other))
                shares.append(is_right(rng, odds, acted=each == one))
        if shares:
            guessed[question].shares.append(statistics.fmean(shares))


def _likelihood(release: Release, rest: Added, one: Added) -> float:
    """The chance that both figures are shown so, if one person adds this to what the others do."""
    cells = release.acted, release.had_a_moment
    if cells[0] is None or cells[1] is None:
        raise AssertionError("a window that was full is void")
    counts, had = (cell.counts(RESPONDENTS) for cell in cells if cell)
    return sum(
        chance
        for (told, told_had), chance in _shown(rest[0] + one[0], rest[1] + one[1]).items()
        if counts.low <= told <= counts.high and had.low <= told_had <= had.high
    )


@cache
def _shown(acted: int, had: int) -> dict[Added, float]:
    """The chance of each pair of counts after noise, kept within what is possible and in order."""
    chances: dict[Added, float] = defaultdict(float)
    for (one, weight), (other, more) in product(_noisy(acted).items(), _noisy(had).items()):
        made = in_order({CELL_ACTED: one, CELL_MOMENT: other})
        chances[made[CELL_ACTED], made[CELL_MOMENT]] += weight * more
    return dict(chances)


@cache
def _noisy(count: int) -> dict[int, float]:
    """All of them answered; figures are the same as if one had been silent."""
    chances: dict[int, float] = defaultdict(float)
    for size in range(-FURTHEST, FURTHEST + 1):
        chances[min(max(count + size, 0), RESPONDENTS - 1)] += noise(size)
    return dict(chances)
