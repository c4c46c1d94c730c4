"""What can honestly be said about a published count: shares, intervals, bounds, and "cannot tell".

Everything here is computed from releases alone, so it costs no privacy.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Self

from allybot.domain.anonymity import CELL_ACTED, Tier, epsilon_of
from allybot.domain.noise import variance
from allybot.domain.plans import BARRIERS, Outcome
from allybot.domain.windows import WindowState

Z_95 = 1.959964
"""Two-sided 95 % point of the normal distribution."""
CODED_BELOW, CODED_ABOVE = Fraction(1, 10), Fraction(9, 10)
"""Shares beyond are coded, so that "everyone" and "nobody" are never said.

Small-number rules of public health offices do the same, Washington's at 5 and 95 %.
"""
LEAST_WITH_A_MOMENT = 10
"""Fewer who had a moment say nothing about barriers; the same ten as for a release. Our own line."""
WIDEST_INTERVAL = 0.5
"""Above 50 points an interval tells nothing, and we say "cannot tell". Our own line."""


@dataclass(frozen=True)
class Interval:
    """A range of shares, 0 to 1."""

    low: float
    high: float

    @property
    def tells_nothing(self) -> bool:
        """Whether it is too wide to tell anything."""
        return self.high - self.low > WIDEST_INTERVAL


def interval(count: int, respondents: int, noise_variance: float) -> Interval:
    """The 95 % interval of a share, holding sampling and noise.

    The score interval (Wilson 1927) with the variance of the noise added to that of the count: all shares p
    with (count - n p)^2 <= z^2 (n p (1 - p) + noise variance), rounded outwards to whole per cents.

    Args:
        count: noisy count, 0 to `respondents`.
        respondents: above zero.
        noise_variance: of the count, in counts squared.

    Raises:
        ValueError: the count is not within 0 to `respondents`, or nobody responded.
    """
    if not 0 <= count <= respondents or respondents == 0:
        message = "a count lies between nobody and everybody, and somebody must have responded"
        raise ValueError(message)
    square = Z_95**2
    curve = respondents * (respondents + square)
    slope = respondents * (2 * count + square)
    base = count**2 - square * noise_variance
    spread = math.sqrt(max(slope**2 - 4 * curve * base, 0.0))
    return Interval(_down((slope - spread) / (2 * curve)), _up((slope + spread) / (2 * curve)))


def _down(share: float) -> float:
    return max(math.floor(share * 100 + 1e-9) / 100, 0.0)


def _up(share: float) -> float:
    return min(math.ceil(share * 100 - 1e-9) / 100, 1.0)


@dataclass(frozen=True)
class Cell:
    """One figure of a release.

    Attributes:
        name: an outcome code.
        about: the count behind it; of a coded cell the outermost count that could stand there.
        share: 0 to 1, two decimals; None when the cell is coded.
        at_most: the share is this or less.
        at_least: the share is this or more.
        within: 95 %, sampling and noise.
    """

    name: str
    about: int
    share: float | None
    at_most: float | None
    at_least: float | None
    within: Interval

    @classmethod
    def of(cls, name: str, count: int, respondents: int, noise_variance: float) -> Self:
        """The figure for a noisy count, coded where it comes near nobody or everybody."""
        share = Fraction(count, respondents)
        lowest, highest = math.floor(CODED_BELOW * respondents), math.ceil(CODED_ABOVE * respondents)
        if share <= CODED_BELOW:
            top = interval(lowest, respondents, noise_variance).high
            return cls(name, lowest, None, float(CODED_BELOW), None, Interval(0.0, top))
        if share >= CODED_ABOVE:
            bottom = interval(highest, respondents, noise_variance).low
            return cls(name, highest, None, None, float(CODED_ABOVE), Interval(bottom, 1.0))
        within = interval(count, respondents, noise_variance)
        return cls(name, count, round(float(share), 2), None, None, within)

    def counts(self, respondents: int) -> tuple[int, int]:
        """The lowest and highest noisy count this figure can stand for."""
        if self.at_most is not None:
            return 0, self.about
        return self.about, self.about if self.at_least is None else respondents


@dataclass(frozen=True)
class Release:
    """What came out of a window, once.

    Attributes:
        window: its name, such as `1-6`.
        published_on: in the program's zone.
        invited: trainees asked.
        respondents: distinct trainees who answered; None when void, like all that follows.
        bounds: the share of all invited who acted, whatever those who did not answer did.
        epsilon: what the release spent of the privacy budget.
        barriers: shares among those who had a moment, tier M only; `cells` are shares of all respondents.
    """

    window: str
    state: WindowState
    published_on: date
    invited: int
    respondents: int | None = None
    tier: Tier | None = None
    cells: tuple[Cell, ...] = ()
    bounds: Interval | None = None
    epsilon: float | None = None
    barriers: tuple[Cell, ...] = ()

    @property
    def acted(self) -> Cell | None:
        """The figure for those who acted; None when void."""
        return next((cell for cell in self.cells if cell.name == CELL_ACTED), None)


@dataclass(frozen=True)
class Summary:
    """All a lead may see of a program.

    Attributes:
        releases: in the order of the windows.
        next_window: the name of the window that closes next, None when all are closed.
        next_closes_on: in the program's zone; None while the program has no cohort.
        waiting: windows that are closed and wait for their custodian's key.
        key_holder: `vault` or `custodian`: who could open ballots while a window was open.
    """

    program: str
    minimum_respondents: int
    key_holder: str
    releases: tuple[Release, ...]
    next_window: str | None
    next_closes_on: date | None
    waiting: tuple[str, ...] = ()


def non_response_bounds(acted: Cell, respondents: int, invited: int) -> Interval:
    """The share of everybody invited who acted, if none or all of those who were silent did too.

    Noise and sampling are left out: it shows what silence alone leaves open.
    """
    lowest, highest = acted.counts(respondents)
    return Interval(_down(lowest / invited), _up((highest + invited - respondents) / invited))


def among_those_with_a_moment(
    cells: Mapping[str, Cell], respondents: int, noise_variance: float
) -> tuple[Cell, ...]:
    """Acted and each barrier as shares of those who had a moment; empty when hardly anyone had one.

    No moment is no failed transfer, so it leaves the denominator. Only coded figures are used, so that no
    ratio undoes the coding. The denominator is noisy too: its variance is added by the delta method.
    """
    no_moment = cells[Outcome.NO_MOMENT]
    had_a_moment = respondents - no_moment.about
    if no_moment.at_least is not None or had_a_moment < LEAST_WITH_A_MOMENT:
        return ()
    return tuple(
        _among(cells[name], had_a_moment, noise_variance)
        for name in (Outcome.ACTED, *BARRIERS, Outcome.NOT_ACTED)
    )


def _among(cell: Cell, had_a_moment: int, noise_variance: float) -> Cell:
    about = min(cell.about, had_a_moment)
    share = about / had_a_moment
    within = interval(about, had_a_moment, noise_variance * (1 + share**2))
    if cell.at_most is not None:
        return Cell(cell.name, about, None, _up(share), None, Interval(0.0, within.high))
    if cell.at_least is not None or share >= CODED_ABOVE:
        lowest = math.ceil(CODED_ABOVE * had_a_moment)
        bottom = interval(lowest, had_a_moment, noise_variance * (1 + share**2)).low
        return Cell(cell.name, lowest, None, None, float(CODED_ABOVE), Interval(bottom, 1.0))
    return Cell(cell.name, about, round(share, 2), None, None, within)


def release_of(
    window: str,
    published_on: date,
    invited: int,
    respondents: int,
    tier: Tier,
    scale_in_milli: int,
    noisy: Mapping[str, int],
) -> Release:
    """The figures of a published window.

    Args:
        window: its name.
        published_on: in the program's zone.
        invited: trainees asked, at least `respondents`.
        respondents: above zero.
        tier: what was counted.
        scale_in_milli: scale of the noise in thousandths.
        noisy: counts by cell as they were published.
    """
    noise = variance(Fraction(scale_in_milli, 1000))
    counts = dict(noisy)
    if tier is Tier.S:  # one noisy count was drawn; the rest of the respondents is its remainder
        counts[Outcome.NOT_ACTED.value] = respondents - counts[CELL_ACTED]
    cells = {name: Cell.of(name, count, respondents, noise) for name, count in counts.items()}
    return Release(
        window=window,
        state=WindowState.PUBLISHED,
        published_on=published_on,
        invited=invited,
        respondents=respondents,
        tier=tier,
        cells=tuple(cells.values()),
        bounds=non_response_bounds(cells[CELL_ACTED], respondents, invited),
        epsilon=round(float(epsilon_of(tier, scale_in_milli)), 3),
        barriers=among_those_with_a_moment(cells, respondents, noise) if tier is Tier.M else (),
    )
