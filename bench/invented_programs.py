"""Invented people, programs of several sizes, and their figures by the code that publishes.

The people answer at random from a seed, so that the same figures come out every time. In production the noise
has no seed.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from allybot.domain.anonymity import HISTOGRAM, reduced, scale_milli, tier_for
from allybot.domain.anonymity import published as with_noise
from allybot.domain.figures import Release, Waits, release_of
from allybot.domain.plans import Outcome
from allybot.domain.windows import months_later

LEAST, EPSILON_MILLI, SEED = 10, 1000, 15
POOL, POOL_LEAST, POOL_MONTHS = "Invented courses", 12, 18
"""A pool, from how many people it is counted, and for how long it waits (`config/allybot.toml`)."""
PUBLISHED_ON = (date(2026, 2, 27), date(2026, 4, 24))
WINDOWS, STEPS = ("1-6", "7-13"), (5, 2)
"""The periods that ship, and how many check-ins one plan has in each."""
WHOLE = ("1-13",)
"""The period of a program that counts once, and also how many had a moment."""
Answers = Sequence[Sequence[Outcome]]


@dataclass(frozen=True)
class Size:
    """A program of the reports.

    Attributes:
        people: in it when it began; in each of its editions, if they share a pool.
        asked, answered: in each window, in all editions together.
        acting: how many in a hundred act at a check-in, in each window.
        editions: as many small programs whose answers waited for each other.
        never: how many in a hundred never have a moment; None for a program that does not count it.
    """

    people: int
    asked: tuple[int, ...]
    answered: tuple[int, ...]
    acting: tuple[int, ...]
    editions: int = 1
    never: int | None = None

    @property
    def counts_moments(self) -> bool:
        """Whether it counts once, and also how many had a moment."""
        return self.never is not None

    @property
    def windows(self) -> tuple[tuple[str, int, date], ...]:
        """Name, check-ins and day of publishing of each window."""
        if self.counts_moments:
            return ((WHOLE[0], sum(STEPS), PUBLISHED_ON[-1]),)
        return tuple(zip(WINDOWS, STEPS, PUBLISHED_ON, strict=True))

    @property
    def name(self) -> str:
        """Of its files."""
        kind = "-pooled" if self.editions > 1 else "-with-moments" if self.counts_moments else ""
        return f"program-of-{self.people}{kind}"

    @property
    def in_words(self) -> str:
        """How many people, for a table."""
        if self.counts_moments:
            return f"{self.people:,} with moments"
        return f"{self.editions} times {self.people} pooled" if self.editions > 1 else f"{self.people:,}"

    @property
    def in_a_list(self) -> str:
        """The same for a list."""
        return f"{self.people:,} people, with moments" if self.counts_moments else f"{self.in_words} people"

    def groups(self, place: int) -> list[int]:
        """How many answered in each edition, in a window."""
        return [(self.answered[place] + edition) // self.editions for edition in range(self.editions)]

    def waits(self, place: int) -> Waits | None:
        """How a window waited in the pool; None without one."""
        if self.editions == 1:
            return None
        closed = datetime.combine(PUBLISHED_ON[place], time(10), tzinfo=UTC)
        editions = tuple(
            f"Invented program of {self.people} ({edition + 1})" for edition in range(self.editions)
        )
        until = months_later(closed, POOL_MONTHS, ZoneInfo("UTC")).date()
        return Waits(POOL, until, POOL_LEAST, editions)


SIZES = (
    Size(9, (18, 17), (16, 14), (45, 40), editions=2),
    Size(10, (10, 10), (10, 8), (45, 40)),
    Size(18, (18, 17), (16, 14), (50, 25)),
    Size(18, (18,), (16,), (25,), never=30),
    Size(36, (36, 35), (31, 27), (40, 45)),
    Size(120, (120, 114), (96, 81), (30, 30)),
    Size(5000, (5000, 4700), (4100, 3600), (25, 30)),
)


@dataclass(frozen=True)
class Drawn:
    """A published window before any figure is made of it.

    Attributes:
        counted: true counts by cell, which in production never leave memory.
        noisy: the same as published.
    """

    counted: dict[str, int]
    noisy: dict[str, int]
    release: Release


def group(people: int, check_ins: int, acting: float, chance: random.Random, never: float = 0.0) -> Answers:
    """People who answer one check-in or more, and at each either act or say something else.

    Args:
        never: the share who have no moment at any of them.
    """
    others = HISTOGRAM[1:]
    return [
        [Outcome.NO_MOMENT] * chance.randint(1, check_ins)
        if never and chance.random() < never
        else [
            Outcome.ACTED
            if chance.random() < acting
            else others[min(int(chance.expovariate(0.5)), len(others) - 1)]
            for _ in range(chance.randint(1, check_ins))
        ]
        for _ in range(people)
    ]


def drawn(
    answers: Answers, window: str, on: date, asked: int, chance: random.Random, *, counts_moments: bool
) -> Drawn:
    """One release by the code that publishes."""
    tier = tier_for(min(len(answers), asked - 1), counts_moments=counts_moments)
    scale = scale_milli(tier, EPSILON_MILLI)
    counted = reduced(tier, answers, chance)
    noisy = with_noise(counted, len(answers), scale, chance, invited=asked)
    return Drawn(counted, noisy, release_of(window, on, asked, len(answers), tier, scale, noisy))
