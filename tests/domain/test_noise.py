"""The sampler against theory, with seeds, so that a failure is a mistake and never bad luck."""

# ruff: noqa: S311 - seeded chance makes a test repeatable

import math
import random
import secrets
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.noise import discrete_laplace, variance

DRAWS = 40_000


def theory(number: int, scale: Fraction) -> float:
    step = math.exp(-1 / scale)
    return (1 - step) / (1 + step) * step ** abs(number)


@pytest.mark.parametrize("scale", [Fraction(1), Fraction(2), Fraction(4), Fraction(2, 3)])
def test_the_draws_follow_the_discrete_laplace_distribution(scale: Fraction) -> None:
    chance = random.Random(f"noise {scale}")
    seen = Counter(discrete_laplace(chance, scale) for _ in range(DRAWS))
    reach = next(number for number in range(99) if DRAWS * theory(number + 1, scale) < 10)
    chi_square, rest_seen, rest_expected = 0.0, DRAWS, float(DRAWS)
    for number in range(-reach, reach + 1):
        expected = DRAWS * theory(number, scale)
        chi_square += (seen[number] - expected) ** 2 / expected
        rest_seen, rest_expected = rest_seen - seen[number], rest_expected - expected
    chi_square += (rest_seen - rest_expected) ** 2 / rest_expected
    freedom = 2 * reach + 1
    # Wilson and Hilferty (1931): the cube root of a chi-square over its freedom is close to normal.
    z = ((chi_square / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / math.sqrt(2 / (9 * freedom))
    assert z < 3.1  # one in a thousand


@pytest.mark.parametrize("scale", [Fraction(1), Fraction(2)])
def test_mean_and_variance_are_those_of_theory(scale: Fraction) -> None:
    chance = random.Random(5)
    draws = [discrete_laplace(chance, scale) for _ in range(DRAWS)]
    mean = sum(draws) / DRAWS
    spread = sum(draw * draw for draw in draws) / DRAWS
    assert abs(mean) < 4 * math.sqrt(variance(scale) / DRAWS)
    assert spread == pytest.approx(variance(scale), rel=0.06)


def test_the_variance_formula_agrees_with_the_sum_over_the_distribution() -> None:
    for scale in (Fraction(1), Fraction(2), Fraction(1, 2)):
        summed = sum(number * number * theory(number, scale) for number in range(-200, 201))
        assert variance(scale) == pytest.approx(summed)


def test_one_answer_more_or_less_changes_no_probability_by_more_than_e_to_epsilon() -> None:
    chance = random.Random(17)
    with_it = Counter(7 + discrete_laplace(chance, Fraction(1)) for _ in range(DRAWS))
    without = Counter(6 + discrete_laplace(chance, Fraction(1)) for _ in range(DRAWS))
    for count in range(3, 11):  # where both are seen often enough to compare
        ratio = with_it[count] / without[count]
        error = 4 * math.sqrt(1 / with_it[count] + 1 / without[count])
        assert abs(math.log(ratio)) <= 1 + error


@given(st.fractions(Fraction(1, 20), Fraction(20)), st.integers(0, 2**32))
def test_any_scale_gives_a_whole_number(scale: Fraction, seed: int) -> None:
    assert isinstance(discrete_laplace(random.Random(seed), scale), int)


def test_the_systems_own_chance_fits() -> None:
    assert isinstance(discrete_laplace(secrets.SystemRandom(), Fraction(1)), int)


@pytest.mark.parametrize("scale", [Fraction(0), Fraction(-1)])
def test_a_scale_without_noise_is_refused(scale: Fraction) -> None:
    with pytest.raises(ValueError, match="above zero"):
        discrete_laplace(random.Random(0), scale)
