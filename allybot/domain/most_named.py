"""The most named of a few things, chosen with noise: which it is, never how often it was named.

Permute-and-flip (McKenna and Sheldon, "Permute-and-Flip: A new mechanism for differentially private
selection", 2020), which is never worse than the exponential mechanism and is the same as reporting the
noisiest maximum with exponential noise (Ding and others 2021). Exact: it needs no floating-point number.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from allybot.domain.noise import Rng, bernoulli_exp
from allybot.domain.plans import BARRIERS, Outcome


def named(answers: Sequence[Sequence[Outcome]], rng: Rng) -> dict[Outcome, int]:
    """How many people named each obstacle; each person counts once, for one they named, drawn uniformly."""
    counts = dict.fromkeys(BARRIERS, 0)
    for of_one in answers:
        theirs = [outcome for outcome in of_one if outcome in counts]
        if theirs:
            counts[theirs[rng.randrange(len(theirs))]] += 1
    return counts


def had_a_moment(answers: Sequence[Sequence[Outcome]]) -> int:
    """How many people met a moment at least once, whether they acted or not."""
    return sum(any(outcome is not Outcome.NO_MOMENT for outcome in of_one) for of_one in answers)


def most_named(counts: Mapping[Outcome, int], epsilon: Fraction, rng: Rng) -> Outcome:
    """One of these, likelier the more often it was named.

    One person who answers otherwise moves one count up by 1 and another down by 1, so the distances are
    halved: choosing spends `epsilon`.

    Raises:
        ValueError: there is nothing to choose from, or epsilon is not above zero.
    """
    if not counts or epsilon <= 0:
        raise ValueError("there must be something to choose from, and an epsilon above zero")
    highest, left = max(counts.values()), sorted(counts)
    while True:  # each is looked at once, in random order; the most named one is taken for certain
        candidate = left.pop(rng.randrange(len(left)))
        exponent = epsilon * (highest - counts[candidate]) / 2
        if bernoulli_exp(rng, exponent.numerator, exponent.denominator):
            return candidate
