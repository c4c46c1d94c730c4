"""Exact whole-number noise for counts.

Floating-point Laplace noise leaks through its low bits (Mironov 2012), so everything here is integers: the
discrete Laplace sampler of Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy"
(2020), algorithms 1 and 2. The random generator is an argument; a release uses `secrets.SystemRandom()`.
"""

import math
from fractions import Fraction
from typing import Protocol


class Rng(Protocol):
    """A random generator, such as `random.Random` or `secrets.SystemRandom`."""

    def randrange(self, start: int, /) -> int:
        """A whole number from 0 up to but not including `start`, each equally likely."""
        ...


def _bernoulli(rng: Rng, part: int, whole: int) -> bool:
    """True with probability part / whole. Whole numbers, as fractions take three times as long."""
    common = math.gcd(part, whole)
    return rng.randrange(whole // common) < part // common


def _bernoulli_exp(rng: Rng, part: int, whole: int) -> bool:
    """True with probability exp(-part / whole), for a part up to the whole, without computing exp."""
    rounds = 1
    while _bernoulli(rng, part, whole * rounds):
        rounds += 1
    return rounds % 2 == 1


def happens(rng: Rng, exponent: Fraction) -> bool:
    """True with probability exp(-exponent), for any exponent of at least 0, without computing exp.

    Raises:
        ValueError: the exponent is below zero.
    """
    if exponent < 0:
        message = "the exponent must be at least zero"
        raise ValueError(message)
    whole, rest = divmod(exponent, 1)
    return all(_bernoulli_exp(rng, 1, 1) for _ in range(whole)) and _bernoulli_exp(
        rng, rest.numerator, rest.denominator
    )


def discrete_laplace(rng: Rng, scale: Fraction) -> int:
    """A whole number drawn with probability proportional to exp(-|number| / scale).

    Args:
        rng: the random generator.
        scale: above zero; sensitivity over epsilon.

    Raises:
        ValueError: the scale is not above zero.
    """
    if scale <= 0:
        message = "the scale of the noise must be above zero"
        raise ValueError(message)
    upper, lower = scale.numerator, scale.denominator
    while True:
        remainder = rng.randrange(upper)
        if not _bernoulli_exp(rng, remainder, upper):
            continue
        rounds = 0
        while _bernoulli_exp(rng, 1, 1):
            rounds += 1
        size = (remainder + upper * rounds) // lower
        negative = rng.randrange(2) == 1
        if negative and size == 0:
            continue  # otherwise zero would be twice as likely as it should be
        return -size if negative else size


def variance(scale: Fraction) -> float:
    """Variance of that noise: 2a / (1 - a)^2 with a = exp(-1 / scale)."""
    step = math.exp(-1 / scale)
    return 2 * step / (1 - step) ** 2


_NEGLIGIBLE = 1e-12
MISSED = 0.05
"""How often a range may miss the true count: the usual 95 % range."""


def reach(scale: Fraction) -> int:
    """The distance from the true count that holds at least 95 % of draws: 3 at scale 1, 6 at scale 2."""
    size = 0
    while 2 * _probability_above(size, scale) > MISSED:
        size += 1
    return size


def reach_of_difference(scale: Fraction) -> int:
    """The same for the difference of two counts, each with its own noise: 4 at scale 1, which holds 97 %."""
    step = math.exp(-1 / scale)
    furthest = math.ceil(-math.log(_NEGLIGIBLE) * scale)
    chances = {noise: step ** abs(noise) for noise in range(-furthest, furthest + 1)}
    whole = sum(chances.values()) ** 2
    size = 0
    while (
        1
        - sum(
            chances[one] * chances.get(one + apart, 0.0)
            for one in chances
            for apart in range(-size, size + 1)
        )
        / whole
        > MISSED
    ):
        size += 1
    return size


def reach_beyond_coded(scale: Fraction) -> int:
    """The same for a coded count, which is only known to be "at most" or "at least" a number.

    Such a count can miss on one side only, so a smaller number is enough, 2 at scale 1: the probability of a
    miss, plus that on the other side of a count that is not coded, stays within 5 %.
    """
    size, other_side = 0, _probability_above(reach(scale), scale)
    while _probability_above(size, scale) + other_side > MISSED:
        size += 1
    return size


def _probability_above(size: int, scale: Fraction) -> float:
    """Probability of noise above `size`: a^(size + 1) / (1 + a) with a = exp(-1 / scale)."""
    step = math.exp(-1 / scale)
    return float(step ** (size + 1) / (1 + step))


def chance_of_difference(
    difference: Fraction, first: tuple[Fraction, int], second: tuple[Fraction, int]
) -> float:
    """How likely the noise alone makes two equal shares differ at least so much, in either direction.

    With noise X and Y on counts of m and n people it is P(|Y / n - X / m| >= difference), summed over all X
    down to a probability of 10^-12. Keeping counts within nobody and everybody only brings them nearer.

    Args:
        difference: of the two shares, 0 or more.
        first: scale of the noise, and of how many people the first share is.
        second: the same for the second share.
    """
    (scale, people), (other_scale, others) = first, second
    step = math.exp(-1 / scale)
    furthest = math.ceil(-math.log(_NEGLIGIBLE) * scale)
    chance = 0.0
    for noise in range(-furthest, furthest + 1):
        high = math.ceil(others * (Fraction(noise, people) + difference))
        low = math.floor(others * (Fraction(noise, people) - difference))
        further = 1.0 if high <= low else _at_least(high, other_scale) + _at_least(-low, other_scale)
        chance += (1 - step) / (1 + step) * step ** abs(noise) * further
    return min(chance, 1.0)


def _at_least(number: int, scale: Fraction) -> float:
    """Probability of noise of `number` or more."""
    return _probability_above(number - 1, scale) if number > 0 else 1 - _probability_above(-number, scale)
