"""The most named of a few things: the sampler keeps to its chances, and these to differential privacy."""

# ruff: noqa: S311 - a seeded generator makes a test repeatable

import itertools
import math
import random
from collections import Counter
from fractions import Fraction

import pytest

from allybot.domain.most_named import chances, most_named, named_counts
from allybot.domain.noise import happens

DRAWS = 20_000
COUNTS = ({"a": 5, "b": 4, "c": 0}, {"a": 2, "b": 2}, {"a": 9}, {"a": 0, "b": 1, "c": 1, "d": 3})


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize("epsilon", [Fraction(1, 5), Fraction(1), Fraction(5, 2)])
def test_it_is_chosen_as_often_as_the_formula_says(counts: dict[str, int], epsilon: Fraction) -> None:
    rng = random.Random(f"{counts}/{epsilon}")
    drawn = Counter(most_named(counts, epsilon, rng) for _ in range(DRAWS))
    exact = chances(counts, float(epsilon))
    assert math.isclose(sum(exact.values()), 1)
    for name, chance in exact.items():
        error = math.sqrt(chance * (1 - chance) / DRAWS)
        assert abs(drawn[name] / DRAWS - chance) <= 4.5 * error + 1e-12, name


def test_the_formula_is_the_sum_over_all_orders() -> None:
    counts, epsilon = {"a": 4, "b": 3, "c": 1, "d": 0}, 1.0
    found = dict.fromkeys(counts, 0.0)
    for order in itertools.permutations(counts):
        left = 1.0
        for name in order:
            coin = math.exp(epsilon * (counts[name] - 4) / 2)
            found[name] += left * coin / math.factorial(4)
            left *= 1 - coin
    assert all(math.isclose(found[name], chance) for name, chance in chances(counts, epsilon).items())


@pytest.mark.parametrize("epsilon", [0.2, 1.0, 2.0])
def test_one_persons_answers_change_no_chance_by_more_than_epsilon(epsilon: float) -> None:
    names = ("a", "b", "c")
    sets = [frozenset(each) for size in range(4) for each in itertools.combinations(names, size)]
    for others in itertools.combinations_with_replacement(sets, 3):
        by_last = [chances(named_counts([*others, last], names), epsilon) for last in sets]
        for one, other in itertools.combinations(by_last, 2):
            for name in names:
                assert abs(math.log(one[name] / other[name])) <= epsilon + 1e-9


def test_who_names_something_often_counts_once() -> None:
    assert named_counts([frozenset("ab"), frozenset("b"), frozenset()], "abc") == {"a": 1, "b": 2, "c": 0}


def test_what_makes_no_sense_is_refused() -> None:
    rng = random.Random(1)
    for counts, epsilon in (({}, Fraction(1)), ({"a": 1}, Fraction(0))):
        with pytest.raises(ValueError, match="above zero"):
            most_named(counts, epsilon, rng)
    with pytest.raises(ValueError, match="at least zero"):
        happens(rng, Fraction(-1))
