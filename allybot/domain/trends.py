"""What two windows of a program may be said to show beside each other, given the noise in both."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from allybot.domain.figures import Release
from allybot.domain.noise import MISSED, chance_of_difference


@dataclass(frozen=True)
class Trend:
    """Two windows, one after the other, by the share of those who answered that acted at least once.

    Attributes:
        difference: the later share less the earlier one. Of a coded figure the share nearest to the other is
            taken, so that no difference undoes the coding.
        chance: how likely noise alone makes so large a difference between equal shares, 0 to 1.
    """

    earlier: Release
    later: Release
    difference: Fraction
    chance: float

    @property
    def is_stated(self) -> bool:
        """Whether the noise allows to say that the share rose or fell: 5 in 100, as for the ranges."""
        return self.chance <= MISSED


def trends(releases: Sequence[Release]) -> tuple[Trend, ...]:
    """Every published window beside the published one before it; none of fewer than two."""
    made = [release for release in releases if release.acted is not None]
    return tuple(_between(earlier, later) for earlier, later in pairwise(made))


def _between(earlier: Release, later: Release) -> Trend:
    (low, high), (later_low, later_high) = _shares(earlier), _shares(later)
    difference = max(later_low - high, Fraction(0)) + min(later_high - low, Fraction(0))
    sides = [(release.noise_scale, release.everybody) for release in (earlier, later)]
    return Trend(earlier, later, difference, chance_of_difference(abs(difference), *sides))


def _shares(release: Release) -> tuple[Fraction, Fraction]:
    """The lowest and the highest share that the published figure stands for."""
    if release.acted is None:
        message = "only a published window has shares"
        raise ValueError(message)
    counts = release.acted.counts(release.everybody)
    return Fraction(counts.low, release.everybody), Fraction(counts.high, release.everybody)
