"""One published count: what it says about this group, and what about others.

Those who answered are all there are of this group, not a sample of it, so for the group itself only the noise
is uncertain. What the count says about other groups is uncertain by chance too, and said apart.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from allybot.domain.anonymity import Tier
from allybot.domain.noise import reach, reach_beyond_coded, variance

Z_95 = 1.959964
"""Two-sided 95 % point of the normal distribution."""
CODED_BELOW, CODED_ABOVE = Fraction(1, 10), Fraction(9, 10)
"""Shares beyond are coded, so that "everyone" and "nobody" are never said.

Small-number rules of public health offices do the same, Washington's at 5 and 95 %.
"""
WIDEST_INTERVAL = 0.5
"""Above 50 points an interval tells nothing about other groups, and we say so. Our own line."""


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
    return Interval(rounded_down((slope - spread) / (2 * curve)), rounded_up((slope + spread) / (2 * curve)))


def rounded_down(share: float) -> float:
    """A share in whole per cents, downwards, at least 0."""
    return max(math.floor(share * 100 + 1e-9) / 100, 0.0)


def rounded_up(share: float) -> float:
    """A share in whole per cents, upwards, at most 1."""
    return min(math.ceil(share * 100 - 1e-9) / 100, 1.0)


@dataclass(frozen=True)
class People:
    """A range of whole people, both ends included."""

    low: int
    high: int

    def as_shares(self, of: int) -> Interval:
        """The same in shares of `of` people, rounded outwards to whole per cents."""
        return Interval(rounded_down(self.low / of), rounded_up(self.high / of))


@dataclass(frozen=True)
class Noise:
    """What the noise leaves open.

    Attributes:
        variance: of a count, in counts squared.
        reach: how far the true count lies from a released one at most, in 95 of 100 draws.
        reach_beyond_coded: the same, counted from the outermost count a coded figure stands for.
    """

    variance: float
    reach: int
    reach_beyond_coded: int

    @classmethod
    def of(cls, tier: Tier, scale: Fraction) -> Self:
        """What noise of this scale leaves open.

        Bringing a histogram onto its total makes no miss likelier than the noise alone would (simulated, see
        tests/domain/test_coverage.py), but it can lower a count; a coded one therefore gets the full reach.
        """
        whole = reach(scale)
        return cls(variance(scale), whole, reach_beyond_coded(scale) if tier is Tier.S else whole)


@dataclass(frozen=True)
class Cell:
    """One figure of a release.

    Attributes:
        name: an outcome code.
        about: the noisy count as it was drawn; None when the cell is coded.
        within: where the true count of this group lies, 95 %: the noise alone.
        share: 0 to 1, two decimals; None when the cell is coded.
        at_most: the share is this or less.
        at_least: the share is this or more.
        beyond: the range for groups like this one: 95 %, sampling and noise.
    """

    name: str
    about: int | None
    within: People
    share: float | None
    at_most: float | None
    at_least: float | None
    beyond: Interval

    @classmethod
    def of(cls, name: str, count: int, respondents: int, noise: Noise) -> Self:
        """The figure for a noisy count, coded where it comes near nobody or everybody."""
        share = Fraction(count, respondents)
        few, many = _coded_counts(respondents)
        margin = noise.reach_beyond_coded
        if many - few == 2 * (margin + 1):  # the count in the middle would be missed from both sides
            margin = noise.reach
        if share <= CODED_BELOW:
            within = People(0, min(few + margin, respondents))
            beyond = Interval(0.0, interval(few, respondents, noise.variance).high)
            return cls(name, None, within, None, float(CODED_BELOW), None, beyond)
        if share >= CODED_ABOVE:
            within = People(max(many - margin, 0), respondents)
            beyond = Interval(interval(many, respondents, noise.variance).low, 1.0)
            return cls(name, None, within, None, None, float(CODED_ABOVE), beyond)
        within = People(max(count - noise.reach, 0), min(count + noise.reach, respondents))
        beyond = interval(count, respondents, noise.variance)
        return cls(name, count, within, round(float(share), 2), None, None, beyond)

    def counts(self, respondents: int) -> People:
        """The lowest and highest noisy count this figure can stand for."""
        few, many = _coded_counts(respondents)
        if self.about is not None:
            return People(self.about, self.about)
        return People(0, few) if self.at_most is not None else People(many, respondents)


def _coded_counts(respondents: int) -> tuple[int, int]:
    """The highest count that is coded as few, and the lowest that is coded as nearly all."""
    return math.floor(CODED_BELOW * respondents), math.ceil(CODED_ABOVE * respondents)
