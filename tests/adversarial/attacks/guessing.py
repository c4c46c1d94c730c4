"""Attackers who read the published summary and guess one person's answer.

One knows everybody else's answer, as when all but one compare notes. One knows only who was asked, and that
about half of people act. Both know the mechanism and guess what is likelier given every count that the figure
they were shown can stand for; where both are equally likely they toss a coin. Advantage is twice the share of
right guesses less one.

One person's answer goes the whole way: the button's service, the help's service, envelope, publishing,
summary. The other envelopes of a window are cast by the call the button's service makes, all in one
transaction: one window would otherwise take a quarter of a second. Each of the ten is then the target in
turn, each time with the nine others known. They share one draw of noise, so a window counts as one
observation where a standard error is worked out: the share of its ten that are guessed rightly.
"""

# ruff: noqa: S311 - seeded chance decides what people answer, never the noise

import math
import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass
class Guessed:
    """Shares of right guesses, one for each independent observation."""

    shares: list[float] = field(default_factory=list)

    @property
    def advantage(self) -> float:
        """Twice the share of right guesses less one."""
        return 2 * statistics.fmean(self.shares) - 1

    @property
    def error(self) -> float:
        """Its standard error."""
        return 2 * statistics.stdev(self.shares) / math.sqrt(len(self.shares))


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
    windows = effort.of(1600, 50)
    knows_all, roster, twice = _windows(databases, effort, windows, summaries.close_due)
    exact, _, _ = _windows(databases, effort, effort.of(60, 10), publish_without_noise)
    note = f"advantage over {windows} windows at epsilon 1, each of {RESPONDENTS} respondents in turn"
    return [
        Finding(
            "knows everyone else's answer",
            databases.backend,
            knows_all.advantage,
            KNOWS_ALL_BAR if not effort.short else with_room(KNOWS_ALL, windows),
            note=note,
            error=knows_all.error,
        ),
        Finding(
            "knows only the roster",
            databases.backend,
            roster.advantage,
            ROSTER_BAR if not effort.short else with_room(ROSTER, windows),
            note=note,
            error=roster.error,
        ),
        Finding(
            "knows everyone else's answer in both windows",
            databases.backend,
            twice.advantage,
            math.tanh(1),
            note=f"advantage in {windows // 2} trials, the same answer twice; the bar is the proven bound",
            error=twice.error,
        ),
        Finding(
            "control: no noise, knows everyone else's answer",
            databases.backend,
            exact.advantage,
            KNOWS_ALL_BAR,
            ">=",
            note="the same attacker where every draw is zero",
        ),
    ]


def with_room(expected: float, windows: int) -> float:
    """Three standard errors above: of single guesses, more than that of windows."""
    right = (1 + expected) / 2
    return expected + 3 * 2 * math.sqrt(right * (1 - right) / windows)


@dataclass(frozen=True)
class Answered:
    """A program whose windows are full.

    Attributes:
        acted: by window, who of the ten did; the target of both windows comes first.
    """

    enrolled: Enrolled
    acted: dict[str, list[bool]]


def _windows(
    databases: DatabaseFactory, effort: Effort, windows: int, publish: Publish
) -> tuple[Guessed, Guessed, Guessed]:
    """How well guesses who knows all others, who knows the roster, and who knows all others twice."""
    rng = random.Random(f"{effort.seed}/guessing")
    guessed = Guessed(), Guessed(), Guessed()
    programs = math.ceil(windows / len(STEPS))
    with databases.context() as context:
        connect(context, WORKSPACE)
        for first in range(0, programs, BATCH):
            batch = [
                _answered(context, rng, f"P{number}") for number in range(first, min(first + BATCH, programs))
            ]
            publish(context, CLOSED)
            for each in batch:
                _guess(context, rng, each, guessed)
            if first % (10 * BATCH) == 0:
                progress(
                    databases.backend, f"guessing: {(first + len(batch)) * len(STEPS)} of {windows} windows"
                )
    return guessed


def _answered(context: Context, rng: random.Random, name: str) -> Answered:
    """The first of the ten answers alike in both windows, and by the product's own services."""
    enrolled = enrol(context, name, RESPONDENTS)
    target, *others = enrolled.people
    target_acted = rng.random() < 1 / 2
    acted = {}
    for window, step in STEPS.items():
        acted[window] = [target_acted, *(rng.random() < 1 / 2 for _ in others)]
        first, *outcomes = (Outcome.ACTED if each else rng.choice(BARRIERS) for each in acted[window])
        with context.database.transaction() as tx:
            for person, outcome in zip(others, outcomes, strict=True):
                casting.cast(context, tx, enrolled.windows[window], person.id, step, outcome, PlanKind.FEAR)
        answer(context, target, step, first)
    return Answered(enrolled, acted)


def _guess(
    context: Context, rng: random.Random, answered: Answered, guessed: tuple[Guessed, Guessed, Guessed]
) -> None:
    """Each attacker guesses every answer of each window; the third that of the one target, once for both."""
    (shown,) = summaries.summary(context, answered.enrolled.lead, CLOSED)
    knows_all, roster, twice = guessed
    belief, target_acted = 0.0, False
    for release in shown.releases:
        if release.acted is None:
            raise AssertionError("a window that was full is void")
        counts, acted = release.acted.counts(RESPONDENTS), answered.acted[release.window]
        known = [log_odds(counts.low, counts.high, {sum(acted) - each: 1.0}) for each in acted]
        others = {count: math.comb(RESPONDENTS - 1, count) for count in range(RESPONDENTS)}
        unknown = log_odds(counts.low, counts.high, others)
        knows_all.shares.append(share_right(rng, known, acted))
        roster.shares.append(share_right(rng, [unknown] * RESPONDENTS, acted))
        belief += known[0]
        target_acted = acted[0]
    twice.shares.append(is_right(rng, belief, acted=target_acted))


def share_right(rng: random.Random, odds: Sequence[float], acted: Sequence[bool]) -> float:
    """The share of these people who are guessed rightly."""
    return statistics.fmean(is_right(rng, one, acted=each) for one, each in zip(odds, acted, strict=True))


def is_right(rng: random.Random, odds: float, *, acted: bool) -> bool:
    """Whether the likelier answer is the right one; a coin where both are as likely."""
    says_acted = rng.random() < 1 / 2 if abs(odds) < 1e-9 else odds > 0
    return says_acted == acted


def log_odds(low: int, high: int, others: Mapping[int, float], respondents: int = RESPONDENTS) -> float:
    """How much likelier the figure (a count from `low` to `high`) is if the target acted."""
    if_acted = sum(
        weight * _likelihood(low, high, count + 1, respondents) for count, weight in others.items()
    )
    if_not = sum(weight * _likelihood(low, high, count, respondents) for count, weight in others.items())
    return math.log(if_acted / if_not)


def _likelihood(low: int, high: int, count: int, respondents: int) -> float:
    """The chance that a true `count` is shown so: noise at epsilon 1, then clamped to 0..R."""
    first = -200 if low <= 0 else low
    last = 200 if high >= respondents else high
    return sum(noise(shown - count) for shown in range(first, last + 1))


def noise(size: int) -> float:
    """The chance of this noise at epsilon 1."""
    step = math.exp(-1)
    return (1 - step) / (1 + step) * step ** abs(size)


def publish_without_noise(context: Context, now: datetime) -> None:
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
