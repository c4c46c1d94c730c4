"""One published count: its uncertainty for this group and for other groups like it.

Those who answered are the whole group, not a sample, so for the group itself only the noise is uncertain. For
other groups sampling error is added, in a separate range.
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
"""Shares beyond these are coded, so that "everyone" and "nobody" are never published.

Small-number rules of public health offices do the same, Washington's at 5 and 95 %.
"""
WIDEST_INTERVAL = 0.5
"""An interval wider than 50 points is shown as telling nothing about other groups. Our own choice."""


@dataclass(frozen=True)
class Interval:
    """A range of shares, 0 to 1."""

    low: float
    high: float

    @property
    def tells_nothing(self) -> bool:
        """Whether it is too wide to be informative."""
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
    """The uncertainty of the noise.

    Attributes:
        variance: of a count, in counts squared.
        reach: maximum distance of the true count from a released one, in 95 % of draws.
        reach_beyond_coded: the same, from the outermost count a coded figure stands for.
    """

    variance: float
    reach: int
    reach_beyond_coded: int

    @classmethod
    def of(cls, tier: Tier, scale: Fraction) -> Self:
        """The uncertainty of noise of this scale.

        Projecting a histogram onto its total makes a miss no likelier than the noise alone (simulated, see
        tests/domain/test_coverage.py), but it can lower a count, so a coded one gets the full reach there.
        Two counts that are brought into order need none, as all pairs of true counts show there.
        """
        whole = reach(scale)
        return cls(variance(scale), whole, whole if tier is Tier.M else reach_beyond_coded(scale))


@dataclass(frozen=True)
class Cell:
    """One figure of a release.

    Attributes:
        name: an outcome code.
        about: the noisy count as drawn; None when the cell is coded.
        within: 95 % range of this group's true count: the noise alone.
        share: 0 to 1, two decimals; None when the cell is coded.
        at_most: the share is this or less.
        at_least: the share is this or more.
        beyond: 95 % range for groups like this one: sampling and noise.
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
        """The figure for a noisy count, coded if it is near nobody or everybody."""
        share = Fraction(count, respondents)
        few, many = _coded_counts(respondents)
        margin = noise.reach_beyond_coded
        if many - few == 2 * (margin + 1):  # both ranges would miss the count in the middle
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
        """The range of noisy counts this figure can stand for."""
        few, many = _coded_counts(respondents)
        if self.about is not None:
            return People(self.about, self.about)
        return People(0, few) if self.at_most is not None else People(many, respondents)


def _coded_counts(respondents: int) -> tuple[int, int]:
    """The highest count that is coded as few, and the lowest that is coded as nearly all."""
    return math.floor(CODED_BELOW * respondents), math.ceil(CODED_ABOVE * respondents)
