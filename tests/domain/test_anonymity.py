"""Payloads, tiers, one contribution each, and counts that stay within their total."""

# ruff: noqa: S311 - seeded chance makes a test repeatable

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.anonymity import (
    CELL_ACTED,
    CELL_MOMENT,
    FIGURES,
    HISTOGRAM,
    KIND_CODES,
    OUTCOME_CODES,
    Tier,
    decode,
    decode_answer,
    encode,
    encode_answer,
    epsilon_of,
    in_order,
    onto_total,
    published,
    reduced,
    scale_milli,
    tier_for,
)
from allybot.domain.plans import Outcome, PlanKind

codes = st.integers(0, 255)
outcomes = st.sampled_from(list(Outcome))
rosters = st.lists(st.lists(outcomes, max_size=5), max_size=80)


@given(st.text(max_size=64), codes, codes)
def test_every_payload_is_thirty_two_bytes_and_can_be_read_again(box: str, kind: int, code: int) -> None:
    payload = encode(box, kind, code)
    assert len(payload) == 32
    assert decode(box, payload) == (kind, code)


@given(st.text(max_size=64), st.text(max_size=64), codes, codes)
def test_a_payload_moved_to_another_box_means_nothing(mine: str, other: str, kind: int, code: int) -> None:
    assert (decode(other, encode(mine, kind, code)) is None) == (mine != other)


@given(st.binary(max_size=40))
def test_bytes_that_are_not_ours_mean_nothing(forged: bytes) -> None:
    assert decode("window", forged) is None


def test_another_version_or_a_filled_padding_means_nothing() -> None:
    payload = encode("window", 1, 1)
    assert decode("window", b"\x02" + payload[1:]) is None
    assert decode("window", payload[:-1] + b"\x01") is None


@pytest.mark.parametrize(("kind", "code"), [(256, 1), (1, 256), (-1, 0), (0, -1)])
def test_a_code_that_does_not_fit_a_byte_is_refused(kind: int, code: int) -> None:
    with pytest.raises(ValueError, match="one byte"):
        encode("window", kind, code)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_a_code_of_its_own_and_comes_back(outcome: Outcome) -> None:
    assert len(set(OUTCOME_CODES.values())) == len(Outcome)
    for kind in PlanKind:
        assert decode_answer("window", encode_answer("window", kind, outcome)) is outcome


def test_an_answer_of_an_unknown_kind_or_outcome_is_dropped() -> None:
    assert decode_answer("window", encode("window", 99, OUTCOME_CODES[Outcome.ACTED])) is None
    assert decode_answer("window", encode("window", KIND_CODES[PlanKind.FEAR], 99)) is None


@pytest.mark.parametrize(("respondents", "tier"), [(5, Tier.S), (49, Tier.S), (50, Tier.M), (5000, Tier.M)])
def test_reasons_are_only_told_from_fifty_respondents_on(respondents: int, tier: Tier) -> None:
    assert tier_for(respondents) is tier


def test_the_noise_grows_with_what_one_trainee_can_move() -> None:
    assert scale_milli(Tier.S, 1000) == 1000
    assert scale_milli(Tier.M, 1000) == 2000
    assert scale_milli(Tier.M, 500) == 4000
    assert scale_milli(Tier.MOMENTS, 1000) == 1000
    with pytest.raises(ValueError, match="above zero"):
        scale_milli(Tier.S, 0)


@given(st.integers(1, 4000), st.sampled_from(Tier))
def test_a_release_never_spends_more_than_it_was_given(epsilon_milli: int, tier: Tier) -> None:
    assert epsilon_of(tier, scale_milli(tier, epsilon_milli)) * 1000 <= FIGURES[tier] * epsilon_milli


def test_a_trainee_who_acted_three_times_counts_once() -> None:
    answers = [[Outcome.ACTED] * 3, [Outcome.FORGOT, Outcome.ACTED], [Outcome.NO_MOMENT]]
    assert reduced(Tier.S, answers, random.Random(1)) == {CELL_ACTED: 2}


def test_who_gave_any_answer_but_that_no_moment_came_had_one() -> None:
    answers = [
        [Outcome.NO_MOMENT, Outcome.NOT_ACTED], [Outcome.NO_MOMENT] * 4, [Outcome.ACTED], [Outcome.FORGOT],
    ]  # fmt: skip
    assert reduced(Tier.MOMENTS, answers, random.Random(1)) == {CELL_ACTED: 1, CELL_MOMENT: 3}


@pytest.mark.parametrize("respondents", [10, 49, 50, 5000])
def test_who_chose_to_count_moments_learns_the_same_two_numbers_in_every_size(respondents: int) -> None:
    assert tier_for(respondents, counts_moments=True) is Tier.MOMENTS


@given(st.integers(0, 20), st.integers(0, 20))
def test_no_more_people_acted_than_had_a_moment(acted: int, had: int) -> None:
    made = in_order({CELL_ACTED: acted, CELL_MOMENT: had})
    assert made[CELL_ACTED] <= made[CELL_MOMENT]
    assert sum(made.values()) == acted + had
    assert acted > had or made == {CELL_ACTED: acted, CELL_MOMENT: had}
    assert made[CELL_MOMENT] - made[CELL_ACTED] <= max(had - acted, 1)


@given(rosters, st.integers(0, 9))
def test_each_trainee_with_a_readable_answer_is_in_exactly_one_cell(
    answers: list[list[Outcome]], seed: int
) -> None:
    counts = reduced(Tier.M, answers, random.Random(seed))
    assert list(counts) == [outcome.value for outcome in HISTOGRAM]
    assert sum(counts.values()) == sum(1 for of_one in answers if of_one)


@given(rosters.filter(bool), st.data())
def test_another_answer_of_one_trainee_moves_no_more_than_the_noise_allows_for(
    answers: list[list[Outcome]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(answers) - 1))
    size = len(answers[place])
    changed = data.draw(st.lists(outcomes, min_size=size, max_size=size))
    neighbour = [*answers[:place], changed, *answers[place + 1 :]]
    for tier, sensitivity in ((Tier.S, 1), (Tier.M, 2), (Tier.MOMENTS, 2)):
        here, there = (reduced(tier, roster, random.Random(7)) for roster in (answers, neighbour))
        assert sum(abs(here[cell] - there[cell]) for cell in here) <= sensitivity
        assert all(abs(here[cell] - there[cell]) <= 1 for cell in here)


def test_of_who_did_not_act_the_answer_that_counts_is_drawn_uniformly() -> None:
    chance = random.Random(11)
    answers = [[Outcome.NO_MOMENT, Outcome.FORGOT, Outcome.NO_TIME]]
    drawn = sum(reduced(Tier.M, answers, chance)["forgot"] for _ in range(6000))
    assert abs(drawn - 2000) < 4 * (6000 * (1 / 3) * (2 / 3)) ** 0.5


@given(rosters, st.integers(0, 9))
def test_who_acted_at_least_once_is_the_same_number_in_both_tiers(
    answers: list[list[Outcome]], seed: int
) -> None:
    small, large = (reduced(tier, answers, random.Random(seed))[CELL_ACTED] for tier in (Tier.S, Tier.M))
    assert small == large


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 99))
def test_a_published_count_lies_between_nobody_and_everybody(count: int, more: int, seed: int) -> None:
    respondents = count + more
    noisy = published({CELL_ACTED: count}, respondents, 3000, random.Random(seed), invited=respondents)
    assert 0 <= noisy[CELL_ACTED] <= respondents


@given(st.lists(st.integers(0, 40), min_size=2, max_size=9), st.integers(0, 99))
def test_a_published_histogram_keeps_its_known_total(counts: list[int], seed: int) -> None:
    cells = {str(place): count for place, count in enumerate(counts)}
    noisy = published(cells, sum(counts), 2000, random.Random(seed), invited=sum(counts) + 3)
    assert list(noisy) == list(cells)
    assert sum(noisy.values()) == sum(counts)
    assert min(noisy.values()) >= 0


@given(st.lists(st.integers(-30, 60), min_size=1, max_size=9), st.integers(0, 120))
def test_projection_keeps_the_order_of_the_cells(counts: list[int], total: int) -> None:
    whole = onto_total(counts, total)
    assert sum(whole) == total
    assert all(share >= 0 for share in whole)
    for here, mine in zip(counts, whole, strict=True):
        for there, theirs in zip(counts, whole, strict=True):
            assert mine >= theirs or here <= there


@given(st.lists(st.integers(0, 40), min_size=1, max_size=9))
def test_counts_that_already_fit_are_left_alone(counts: list[int]) -> None:
    assert onto_total(counts, sum(counts)) == counts


@given(st.lists(st.integers(-9, 12), min_size=2, max_size=3), st.integers(0, 12))
def test_no_other_whole_numbers_with_that_total_lie_nearer(counts: list[int], total: int) -> None:
    def distance(whole: list[int]) -> int:
        return sum((here - there) ** 2 for here, there in zip(whole, counts, strict=True))

    if len(counts) == 2:
        every = [[first, total - first] for first in range(total + 1)]
    else:
        every = [
            [first, second, total - first - second]
            for first in range(total + 1)
            for second in range(total - first + 1)
        ]
    assert distance(onto_total(counts, total)) == min(map(distance, every))


@pytest.mark.parametrize(("counts", "total"), [([], 3), ([1], -1)])
def test_a_total_that_cannot_be_reached_is_refused(counts: list[int], total: int) -> None:
    with pytest.raises(ValueError, match="total"):
        onto_total(counts, total)
