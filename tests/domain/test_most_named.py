"""The most named obstacle, chosen with noise."""

# ruff: noqa: S311 - seeded chance makes a test repeatable

import math
import random
from collections import Counter
from fractions import Fraction
from itertools import permutations

import pytest

from allybot.domain.most_named import had_a_moment, most_named, named
from allybot.domain.plans import BARRIERS, Outcome

FORGOT, NO_TIME, UNSURE = Outcome.FORGOT, Outcome.NO_TIME, Outcome.UNSURE_HOW


def exact(counts: dict[Outcome, int], epsilon: float) -> dict[Outcome, float]:
    """Probability of each, by going through every order."""
    highest, found = max(counts.values()), dict.fromkeys(counts, 0.0)
    orders = list(permutations(counts))
    for order in orders:
        reached = 1 / len(orders)
        for each in order:
            taken = math.exp(-epsilon * (highest - counts[each]) / 2)
            found[each] += reached * taken
            reached *= 1 - taken
    return found


def test_each_is_chosen_as_often_as_the_mechanism_says() -> None:
    rng, counts = random.Random(3), {FORGOT: 7, NO_TIME: 5, UNSURE: 1}
    drawn = Counter(most_named(counts, Fraction(1), rng) for _ in range(20_000))
    for each, share in exact(counts, 1.0).items():
        assert abs(drawn[each] / 20_000 - share) < 4.5 * math.sqrt(share * (1 - share) / 20_000), each


def test_no_choice_is_more_than_e_times_as_likely_when_one_person_answers_otherwise() -> None:
    for one in range(6):
        for other in range(6):
            counts = {FORGOT: one + 1, NO_TIME: other, UNSURE: 2}
            changed = {FORGOT: one, NO_TIME: other + 1, UNSURE: 2}
            before, after = exact(counts, 1.0), exact(changed, 1.0)
            assert all(before[each] <= math.e * after[each] * (1 + 1e-9) for each in counts)


def test_each_person_counts_once_and_only_for_what_they_named() -> None:
    answers = [[FORGOT, FORGOT, NO_TIME], [Outcome.ACTED], [Outcome.NO_MOMENT], [UNSURE, Outcome.ACTED]]
    counts = named(answers, random.Random(1))
    assert (sum(counts.values()), counts[UNSURE], set(counts)) == (2, 1, set(BARRIERS))
    assert had_a_moment(answers) == 3


@pytest.mark.parametrize(("counts", "epsilon"), [({}, 1), ({FORGOT: 1}, 0)])
def test_nothing_is_chosen_from_nothing_or_for_nothing(counts: dict[Outcome, int], epsilon: int) -> None:
    with pytest.raises(ValueError, match="something to choose from"):
        most_named(counts, Fraction(epsilon), random.Random(1))
