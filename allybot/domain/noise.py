"""Exact whole-number noise for counts.

Floating-point Laplace noise leaks through its low bits (Mironov 2012), so everything here is integers: the
discrete Laplace sampler of Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy"
(2020), algorithms 1 and 2. Chance is an argument; a release passes `secrets.SystemRandom()`.
"""

import math
from fractions import Fraction
from typing import Protocol


class Chance(Protocol):
    """A source of chance, such as `random.Random` or `secrets.SystemRandom`."""

    def randrange(self, start: int, /) -> int:
        """A whole number from 0 up to but not including `start`, each equally likely."""
        ...


def _happens(chance: Chance, probability: Fraction) -> bool:
    return chance.randrange(probability.denominator) < probability.numerator


def _happens_with_exp_minus(chance: Chance, exponent: Fraction) -> bool:
    """True with probability exp(-exponent), for an exponent between 0 and 1, without computing exp."""
    rounds = 1
    while _happens(chance, exponent / rounds):
        rounds += 1
    return rounds % 2 == 1


def discrete_laplace(chance: Chance, scale: Fraction) -> int:
    """A whole number drawn with probability proportional to exp(-|number| / scale).

    Args:
        chance: where the draws come from.
        scale: above zero; sensitivity over epsilon.

    Raises:
        ValueError: the scale is not above zero.
    """
    if scale <= 0:
        message = "the scale of the noise must be above zero"
        raise ValueError(message)
    upper, lower = scale.numerator, scale.denominator
    while True:
        remainder = chance.randrange(upper)
        if not _happens_with_exp_minus(chance, Fraction(remainder, upper)):
            continue
        rounds = 0
        while _happens_with_exp_minus(chance, Fraction(1)):
            rounds += 1
        size = (remainder + upper * rounds) // lower
        negative = chance.randrange(2) == 1
        if negative and size == 0:
            continue  # or zero would be twice as likely as it should
        return -size if negative else size


def variance(scale: Fraction) -> float:
    """Variance of that noise: 2a / (1 - a)^2 with a = exp(-1 / scale)."""
    step = math.exp(-1 / scale)
    return 2 * step / (1 - step) ** 2


MISSED = 0.05
"""How often a range may miss the true count: the usual 95 % range."""


def reach(scale: Fraction) -> int:
    """How far from the true count at least 95 in 100 draws lie at most: 3 at scale 1, 6 at scale 2."""
    size = 0
    while 2 * _chance_above(size, scale) > MISSED:
        size += 1
    return size


def reach_beyond_coded(scale: Fraction) -> int:
    """How far a true count may lie from a count that is only known to be "so few" or "so many".

    Such a count can miss on one side only, so a smaller number does, 2 at scale 1: it keeps the chance of a
    miss, together with that on the other side of a count that is not coded, within 5 in 100.
    """
    size, other_side = 0, _chance_above(reach(scale), scale)
    while _chance_above(size, scale) + other_side > MISSED:
        size += 1
    return size


def _chance_above(size: int, scale: Fraction) -> float:
    """Chance of noise above `size`: a^(size + 1) / (1 + a) with a = exp(-1 / scale)."""
    step = math.exp(-1 / scale)
    return float(step ** (size + 1) / (1 + step))
