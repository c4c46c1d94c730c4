"""The most named of a few things, chosen so that no one person's answers decide it. Pure.

Permute and flip (McKenna and Sheldon, "Permute-and-Flip: A new mechanism for differentially private
selection", 2020), which is report-noisy-max with exponential noise: the names are looked at in random order,
and each is taken with probability exp(epsilon * (its count - the highest) / 2). Each person adds at most one
to each count, so one person's answers move every count by at most one; how many they named does not matter.
Everything is in whole numbers, as in `noise`. No release uses it yet: docs/small-programs.md says why.
"""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from allybot.domain.noise import Rng, happens


def named_counts(named: Sequence[frozenset[str]], names: Sequence[str]) -> dict[str, int]:
    """How many people named each of these at least once.

    Args:
        named: what each person named.
    """
    return {each: sum(each in of_one for of_one in named) for each in names}


def most_named(counts: Mapping[str, int], epsilon: Fraction, rng: Rng) -> str:
    """One name, most likely the one with the highest count; spends `epsilon` of the budget.

    Args:
        counts: at least one; how many people named each.
        epsilon: above zero.
        rng: `secrets.SystemRandom()` for anything that is shown.

    Raises:
        ValueError: there is no name, or epsilon is not above zero.
    """
    if not counts or epsilon <= 0:
        message = "a choice needs names, and an epsilon above zero"
        raise ValueError(message)
    left, highest = sorted(counts), max(counts.values())
    while True:  # the name with the highest count is always taken
        name = left.pop(rng.randrange(len(left)))
        if happens(rng, epsilon * (highest - counts[name]) / 2):
            return name


def chances(counts: Mapping[str, int], epsilon: float) -> dict[str, float]:
    """How likely each name is chosen, exactly but for rounding; the sum is 1.

    A name is taken if its own coin falls right and none before it did: over all orders, by inclusion and
    exclusion, its chance is p * sum over sets S of the others of (-1)^|S| / (|S| + 1) * product of their p.
    """
    highest = max(counts.values())
    coin = {name: math.exp(epsilon * (count - highest) / 2) for name, count in counts.items()}

    def chance(name: str) -> float:
        others = [coin[each] for each in counts if each != name]
        terms = (
            (-1) ** size / (size + 1) * math.prod(chosen)
            for size in range(len(others) + 1)
            for chosen in combinations(others, size)
        )
        return coin[name] * math.fsum(terms)

    return {name: chance(name) for name in counts}
