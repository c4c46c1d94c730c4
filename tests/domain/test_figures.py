"""Shares, intervals, coding, bounds and barriers."""

import math
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.anonymity import HISTOGRAM, Tier
from allybot.domain.cells import Cell, Interval, Noise, People, interval
from allybot.domain.figures import Release, non_response_bounds, release_of
from allybot.domain.noise import variance

DAY = date(2026, 2, 27)
NOISE = Noise.of(Tier.S, Fraction(1))
S_NOISE, M_NOISE = variance(Fraction(1)), variance(Fraction(2))
respondents_and_count = st.integers(5, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


def of_tier_s(acted: int, respondents: int, invited: int) -> Release:
    return release_of("1-6", DAY, invited, respondents, Tier.S, 1000, {"acted": acted})


def of_tier_m(**counts: int) -> Release:
    noisy = {outcome.value: counts.get(outcome.value, 0) for outcome in HISTOGRAM}
    total = sum(noisy.values())
    return release_of("1-6", DAY, total + 10, total, Tier.M, 2000, noisy)


@given(respondents_and_count, st.sampled_from([0.0, S_NOISE, M_NOISE]))
def test_an_interval_holds_its_share_and_stays_within_nobody_and_everybody(
    case: tuple[int, int], noise: float
) -> None:
    respondents, count = case
    within = interval(count, respondents, noise)
    assert 0 <= within.low <= count / respondents <= within.high <= 1


def test_without_noise_the_interval_is_wilsons() -> None:
    assert interval(10, 18, 0.0) == Interval(0.33, 0.76)  # 33.7 to 75.4 %, rounded outwards


@given(respondents_and_count)
def test_more_noise_never_narrows_an_interval(case: tuple[int, int]) -> None:
    respondents, count = case
    quiet, loud = interval(count, respondents, S_NOISE), interval(count, respondents, M_NOISE)
    assert loud.low <= quiet.low
    assert loud.high >= quiet.high


def chance_of(count: int, respondents: int, share: float) -> float:
    return math.comb(respondents, count) * share**count * (1 - share) ** (respondents - count)


@pytest.mark.parametrize("respondents", [10, 14, 18, 30, 49])
def test_the_true_share_lies_in_the_interval_nineteen_times_in_twenty(respondents: int) -> None:
    step = math.exp(-1)
    noise = {z: (1 - step) / (1 + step) * step ** abs(z) for z in range(-30, 31)}
    shown = {seen: Cell.of("acted", seen, respondents, NOISE).beyond for seen in range(respondents + 1)}
    covered = []
    for percent in range(2, 99, 4):
        share = percent / 100
        inside = 0.0
        for count in range(respondents + 1):
            for z, weight in noise.items():
                within = shown[min(max(count + z, 0), respondents)]
                if within.low <= share <= within.high:
                    inside += weight * chance_of(count, respondents, share)
        covered.append(inside)
    assert min(covered) > 0.93
    assert sum(covered) / len(covered) > 0.95


@pytest.mark.parametrize(("count", "respondents"), [(-1, 9), (10, 9), (0, 0)])
def test_an_impossible_count_has_no_interval(count: int, respondents: int) -> None:
    with pytest.raises(ValueError, match="nobody and everybody"):
        interval(count, respondents, 1.0)


@given(respondents_and_count)
def test_all_counts_near_nobody_or_everybody_look_the_same(case: tuple[int, int]) -> None:
    respondents, count = case
    cell = Cell.of("acted", count, respondents, NOISE)
    coded = (cell.about, cell.share, cell.at_most, cell.at_least)
    if 10 * count <= respondents:
        assert cell == Cell.of("acted", 0, respondents, NOISE)
        assert coded == (None, None, 0.1, None)
        assert (cell.within.low, cell.beyond.low) == (0, 0)
    elif 10 * count >= 9 * respondents:
        assert cell == Cell.of("acted", respondents, respondents, NOISE)
        assert coded == (None, None, None, 0.9)
        assert (cell.within.high, cell.beyond.high) == (respondents, 1)
    else:
        assert coded == (count, round(count / respondents, 2), None, None)
        assert cell.within == People(max(count - 3, 0), min(count + 3, respondents))


@given(respondents_and_count)
def test_the_range_holds_every_count_that_the_figure_stands_for(case: tuple[int, int]) -> None:
    respondents, count = case
    cell = Cell.of("acted", count, respondents, NOISE)
    drawn = cell.counts(respondents)
    assert cell.within.low <= drawn.low <= count <= drawn.high <= cell.within.high


def test_ten_answers_tell_much_about_this_group_and_nothing_about_others() -> None:
    acted = of_tier_s(5, 10, 18).acted
    assert acted
    assert (acted.about, acted.within) == (5, People(2, 8))
    assert acted.beyond.tells_nothing


def test_thirteen_of_sixteen_is_ten_to_sixteen() -> None:
    acted = of_tier_s(13, 16, 18).acted
    assert acted
    assert (acted.about, acted.within) == (13, People(10, 16))


def test_two_hundred_answers_tell_much_about_others_too() -> None:
    acted = of_tier_s(110, 200, 250).acted
    assert acted
    assert not acted.beyond.tells_nothing
    assert acted.beyond.high - acted.beyond.low <= 0.16


def test_silence_leaves_a_range_open() -> None:
    release = of_tier_s(7, 12, 18)
    assert release.if_silent == People(7, 13)
    assert release.bounds == Interval(0.38, 0.73)  # 7 of 18 and 13 of 18, rounded outwards


@given(st.integers(10, 200).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, 50))))
def test_bounds_hold_every_count_a_coded_figure_may_stand_for(case: tuple[int, int, int]) -> None:
    respondents, count, silent = case
    invited = respondents + silent
    bounds = non_response_bounds(Cell.of("acted", count, respondents, NOISE), respondents, invited)
    assert 0 <= bounds.low <= count
    assert count + silent <= bounds.high <= invited


def test_barriers_are_shares_of_those_who_had_a_moment() -> None:
    release = of_tier_m(acted=30, no_moment=40, forgot=18, no_time=12)
    shares = {cell.name: cell.share for cell in release.barriers}
    assert "no_moment" not in shares
    assert (shares["acted"], shares["forgot"], shares["no_time"]) == (0.5, 0.3, 0.2)
    assert shares["unsure_how"] is None  # coded


def test_a_ratio_never_undoes_the_coding() -> None:
    few = of_tier_m(acted=30, no_moment=50, forgot=3, no_time=17)
    fewer = of_tier_m(acted=31, no_moment=50, forgot=2, no_time=17)
    assert [cell for cell in few.barriers if cell.name == "forgot"] == [
        cell for cell in fewer.barriers if cell.name == "forgot"
    ]


@pytest.mark.parametrize("no_moment", [60, 43])
def test_when_hardly_anyone_had_a_moment_nothing_is_said_about_barriers(no_moment: int) -> None:
    assert of_tier_m(no_moment=no_moment, acted=9).barriers == ()


@given(
    st.lists(st.integers(0, 60), min_size=len(HISTOGRAM), max_size=len(HISTOGRAM)).filter(
        lambda c: sum(c) >= 50
    )
)
def test_any_histogram_gives_figures_within_bounds(counts: list[int]) -> None:
    release = of_tier_m(**{outcome.value: count for outcome, count in zip(HISTOGRAM, counts, strict=True)})
    for cell in (*release.cells, *release.barriers):
        assert 0 <= cell.beyond.low <= cell.beyond.high <= 1
        assert 0 <= cell.within.low <= cell.within.high <= sum(counts)
        assert cell.about is None or cell.within.low <= cell.about <= cell.within.high
        assert sum(part is not None for part in (cell.share, cell.at_most, cell.at_least)) == 1
    assert release.epsilon == 1.0


@given(respondents=st.integers(10, 49), data=st.data())
def test_the_two_cells_of_a_small_release_add_up_or_neither_has_a_number(
    respondents: int, data: st.DataObject
) -> None:
    release = of_tier_s(data.draw(st.integers(0, respondents)), respondents, 51)
    acted, not_acted = release.cells
    assert (acted.about is None) is (not_acted.about is None)
    assert acted.about is None or acted.about + (not_acted.about or 0) == respondents
    assert (acted.within.low, acted.within.high) == (
        respondents - not_acted.within.high,
        respondents - not_acted.within.low,
    )
