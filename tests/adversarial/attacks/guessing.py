"""Attackers who read the published summary and guess one person's answer.

One knows everybody else's answer, as when all but one compare notes. One knows only who was asked, and that
about half of people act. Both know the mechanism and guess what is likelier given every count that the figure
they were shown can stand for; where both are equally likely they toss a coin. Advantage is twice the share of
right guesses less one.

The target's answer goes the whole way: the button's service, the help's service, envelope, publishing,
summary. The other envelopes of a trial are cast by the call the button's service makes, all in one
transaction: one trial would otherwise take a quarter of a second.
"""

# ruff: noqa: S311 - seeded chance decides what people answer, never the noise

import math
import random
from collections.abc import Callable, Mapping
from datetime import datetime

from allybot.domain.noise import Rng
from allybot.domain.plans import BARRIERS, Outcome, PlanKind
from allybot.services.context import Context
from allybot.services.outcomes import casting, publishing, summaries
from allybot.store.outcomes import ballots as stored
from allybot.store.vault.vault import private_key_of
from tests.adversarial.attacks.databases import DatabaseFactory, Effort, progress
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.programs import CLOSED, WORKSPACE, Enrolled, answer, connect, enrol

RESPONDENTS = 10
BATCH = 25
STEPS = {"1-6": 3, "7-13": 56}
KNOWS_ALL_BAR, ROSTER_BAR = 0.50, 0.25
KNOWS_ALL, ROSTER = math.tanh(0.5), 0.200
"""What theory and research expect at epsilon 1; short runs may exceed it by three standard errors."""
Publish = Callable[[Context, datetime], object]


class NoNoise:
    """A random source that makes every draw of the noise zero; used by the control only.

    The sampler asks for one of two in turn: whether its geometric part goes on (1: no), then the sign.
    """

    def __init__(self) -> None:
        self._sign = True

    def randrange(self, start: int, /) -> int:
        """A number that leads the sampler to zero."""
        if start == 2:
            self._sign = not self._sign
            return 0 if self._sign else 1
        return start - 1


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Both attackers, and the first again where no noise is drawn."""
    trials = effort.of(3000, 50)
    knows_all, roster, twice = _trials(databases, effort, trials, summaries.close_due)
    exact, _, _ = _trials(databases, effort, effort.of(200, 10), _publish_without_noise)
    return [
        Finding(
            "knows everyone else's answer",
            databases.backend,
            knows_all,
            KNOWS_ALL_BAR if not effort.short else _with_room(KNOWS_ALL, trials),
            note=f"advantage in {trials} trials at epsilon 1, R = {RESPONDENTS}",
        ),
        Finding(
            "knows only the roster",
            databases.backend,
            roster,
            ROSTER_BAR if not effort.short else _with_room(ROSTER, trials),
            note=f"advantage in {trials} trials, {RESPONDENTS} respondents",
        ),
        Finding(
            "knows everyone else's answer in both windows",
            databases.backend,
            twice,
            math.tanh(1),
            note=f"advantage in {trials // 2} trials, the same answer twice; the bar is the proven bound",
        ),
        Finding(
            "control: no noise, knows everyone else's answer",
            databases.backend,
            exact,
            KNOWS_ALL_BAR,
            ">=",
            note="the same attacker where every draw is zero",
        ),
    ]


def _with_room(expected: float, trials: int) -> float:
    right = (1 + expected) / 2
    return expected + 3 * 2 * math.sqrt(right * (1 - right) / trials)


def _trials(
    databases: DatabaseFactory, effort: Effort, trials: int, publish: Publish
) -> tuple[float, float, float]:
    """The advantage of who knows all others, of who knows the roster, and of who knows all others twice."""
    rng = random.Random(f"{effort.seed}/guessing")
    right = [0.0, 0.0, 0.0]
    programs = math.ceil(trials / len(STEPS))
    with databases.context() as context:
        connect(context, WORKSPACE)
        for first in range(0, programs, BATCH):
            batch = [
                _answered(context, rng, f"P{number}") for number in range(first, min(first + BATCH, programs))
            ]
            publish(context, CLOSED)
            for enrolled, acted, known in batch:
                for index, guess in enumerate(_guess(context, rng, enrolled, known, acted=acted)):
                    right[index] += guess
            if first % (10 * BATCH) == 0:
                progress(
                    databases.backend, f"guessing: {(first + len(batch)) * len(STEPS)} of {trials} trials"
                )
    shares = (right[0] / (2 * programs), right[1] / (2 * programs), right[2] / programs)
    return tuple(2 * share - 1 for share in shares)  # type: ignore[return-value]


def _answered(context: Context, rng: random.Random, name: str) -> tuple[Enrolled, bool, dict[str, int]]:
    """A program whose windows are full; whether the target acted, and how many others did in each window."""
    enrolled = enrol(context, name, RESPONDENTS)
    acted = rng.random() < 1 / 2
    known = {}
    target, *others = enrolled.people
    for window, step in STEPS.items():
        outcomes = [Outcome.ACTED if rng.random() < 1 / 2 else rng.choice(BARRIERS) for _ in others]
        known[window] = outcomes.count(Outcome.ACTED)
        with context.database.transaction() as tx:
            for person, outcome in zip(others, outcomes, strict=True):
                casting.cast(context, tx, enrolled.windows[window], person.id, step, outcome, PlanKind.FEAR)
        answer(context, target, step, Outcome.ACTED if acted else rng.choice(BARRIERS))
    return enrolled, acted, known


def _guess(
    context: Context, rng: random.Random, enrolled: Enrolled, known: dict[str, int], *, acted: bool
) -> tuple[float, float, float]:
    """How many windows each attacker guessed right; the third guesses once for both."""
    (shown,) = summaries.summary(context, enrolled.lead, CLOSED)
    knows_all = roster = belief = 0.0
    for release in shown.releases:
        if release.acted is None:
            raise AssertionError("a window that was full is void")
        counts = release.acted.counts(RESPONDENTS)
        low, high = counts.low, counts.high
        here = _log_odds(low, high, {known[release.window]: 1.0})
        belief += here
        knows_all += _is_right(rng, here, acted=acted)
        others = {count: math.comb(RESPONDENTS - 1, count) for count in range(RESPONDENTS)}
        roster += _is_right(rng, _log_odds(low, high, others), acted=acted)
    return knows_all, roster, _is_right(rng, belief, acted=acted)


def _is_right(rng: random.Random, log_odds: float, *, acted: bool) -> bool:
    says_acted = rng.random() < 1 / 2 if abs(log_odds) < 1e-9 else log_odds > 0
    return says_acted == acted


def _log_odds(low: int, high: int, others: Mapping[int, float]) -> float:
    """How much likelier the figure (a count from `low` to `high`) is if the target acted."""
    if_acted = sum(weight * _likelihood(low, high, count + 1) for count, weight in others.items())
    if_not = sum(weight * _likelihood(low, high, count) for count, weight in others.items())
    return math.log(if_acted / if_not)


def _likelihood(low: int, high: int, count: int) -> float:
    """The chance that a true `count` is shown so: noise at epsilon 1, then clamped to 0..R."""
    first = -200 if low <= 0 else low
    last = 200 if high >= RESPONDENTS else high
    return sum(_noise(shown - count) for shown in range(first, last + 1))


def _noise(size: int) -> float:
    step = math.exp(-1)
    return (1 - step) / (1 + step) * step ** abs(size)


def _publish_without_noise(context: Context, now: datetime) -> None:
    """The control: the product's own steps, with noise that is always zero."""
    with context.database.reading() as tx:
        waiting = stored.windows_at_work(tx, now)
    for window_id in waiting:
        publishing.close(context, window_id, now)
        with context.vault.reading() as vault_tx:
            private = private_key_of(vault_tx, context.keyring, window_id)
        silent: Rng = NoNoise()
        if private is not None:
            publishing.draw(context, window_id, private, now, silent)
        publishing.clean_up(context, window_id, now)
