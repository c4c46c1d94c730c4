"""A rise or a fall is stated only where the noise allows it, with the chance that noise alone made it."""

import math
import random
from datetime import date
from fractions import Fraction

import pytest

from allybot.domain.anonymity import HISTOGRAM, Tier, scale_milli
from allybot.domain.figures import Release, release_of
from allybot.domain.noise import chance_of_difference, discrete_laplace
from allybot.domain.trends import trends
from allybot.domain.windows import WindowState
from allybot.i18n import Say
from allybot.prompts.outcomes.reading import beside_each_other

DAY = date(2026, 2, 27)


def window(name: str, acted: int, respondents: int, invited: int) -> Release:
    return release_of(name, DAY, invited, respondents, Tier.S, 1000, {"acted": acted})


def large(name: str, acted: int, respondents: int) -> Release:
    noisy = dict.fromkeys((outcome.value for outcome in HISTOGRAM), 0)
    noisy |= {"acted": acted, "no_moment": respondents - acted}
    return release_of(name, DAY, respondents + 9, respondents, Tier.M, 2000, noisy)


@pytest.mark.parametrize(
    ("difference", "first", "second"),
    [
        (Fraction(5, 16), (Fraction(1), 16), (Fraction(1), 14)),
        (Fraction(0), (Fraction(1), 16), (Fraction(1), 14)),
        (Fraction(3, 16), (Fraction(1), 16), (Fraction(1), 16)),
        (Fraction(1, 12), (Fraction(2), 96), (Fraction(2), 81)),
        (Fraction(1, 9), (Fraction(1), 40), (Fraction(2), 60)),
    ],
)
def test_the_chance_is_the_sum_over_all_pairs_of_noise(
    difference: Fraction, first: tuple[Fraction, int], second: tuple[Fraction, int]
) -> None:
    (scale, people), (other_scale, others) = first, second

    def weights(of: Fraction) -> dict[int, float]:
        step = math.exp(-1 / of)
        return {noise: (1 - step) / (1 + step) * step ** abs(noise) for noise in range(-80, 81)}

    summed = sum(
        here * there
        for one, here in weights(scale).items()
        for other, there in weights(other_scale).items()
        if abs(other * people - one * others) >= difference * people * others
    )
    assert chance_of_difference(difference, first, second) == pytest.approx(summed, abs=1e-9)


def test_the_chance_is_what_the_sampler_that_publishes_does() -> None:
    chance = random.Random(4)  # noqa: S311 - a simulation
    draws = 20_000
    seen = sum(
        abs(discrete_laplace(chance, Fraction(1)) - discrete_laplace(chance, Fraction(1))) >= 4
        for _ in range(draws)
    )
    assert chance_of_difference(Fraction(4, 16), (Fraction(1), 16), (Fraction(1), 16)) == pytest.approx(
        seen / draws, abs=0.01
    )


def test_a_fall_beyond_the_noise_is_stated_with_its_chance_and_with_who_was_asked() -> None:
    (trend,) = trends([window("1-6", 13, 16, 18), window("7-13", 4, 14, 17)])
    assert trend.is_stated
    assert trend.difference == Fraction(4, 14) - Fraction(13, 16)
    said = beside_each_other(Say(), trend)
    assert said.startswith(
        "Weeks 1\u20136 about 13 of 16 and weeks 7\u201313 about 4 of 14: "
        "the share who acted at least once fell."
    )
    assert "in fewer than 1 of 100 cases." in said
    assert "18 people were asked, then 17" in said


def test_a_difference_that_noise_can_make_is_no_change() -> None:
    (trend,) = trends([window("1-6", 9, 16, 18), window("7-13", 11, 16, 18)])
    assert not trend.is_stated
    said = beside_each_other(Say(), trend)
    assert "No change is read into it." in said
    assert f"about {round(100 * trend.chance)} of 100 cases" in said
    assert "rose" not in said


def test_a_rise_between_tiers_counts_the_noise_of_both() -> None:
    (trend,) = trends([window("1-6", 15, 45, 60), large("7-13", 40, 60)])
    assert trend.is_stated
    assert "rose" in beside_each_other(Say(), trend)
    assert trend.chance == chance_of_difference(
        Fraction(40, 60) - Fraction(15, 45),
        (Fraction(1), 45),
        (Fraction(scale_milli(Tier.M, 1000), 1000), 60),
    )


@pytest.mark.parametrize("acted", [15, 16])
def test_a_coded_figure_counts_from_its_border_so_that_no_difference_undoes_the_coding(acted: int) -> None:
    (trend,) = trends([window("1-6", 10, 16, 18), window("7-13", acted, 16, 18)])
    assert trend.difference == Fraction(15 - 10, 16)
    (alike,) = trends([window("1-6", 16, 16, 18), window("7-13", acted, 16, 18)])
    assert (alike.difference, alike.chance) == (0, pytest.approx(1.0))


def test_a_void_window_is_beside_nothing() -> None:
    assert trends([window("1-6", 9, 16, 18), Release("7-13", WindowState.VOID, DAY, 18)]) == ()
    assert trends([]) == ()
