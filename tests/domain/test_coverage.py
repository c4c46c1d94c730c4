"""The range `from` to `to` covers the group's true count as often as it says.

The truth is counted here, from the answers themselves; the releases are made by the code that publishes.
"""

import math
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations_with_replacement, product

import pytest

from allybot.domain.anonymity import (
    CELL_ACTED,
    CELL_MOMENT,
    HISTOGRAM,
    MIN_SILENT,
    Tier,
    possible,
    published,
    reduced,
    scale_milli,
)
from allybot.domain.cells import Cell, Noise
from allybot.domain.figures import release_of
from allybot.domain.noise import reach, reach_of_difference
from allybot.domain.plans import Outcome
from allybot.reports import as_json

DAY = date(2026, 2, 27)
Answers = Sequence[Sequence[Outcome]]


def released(
    answers: Answers, tier: Tier, chance: random.Random, epsilon_milli: int = 1000
) -> dict[str, dict]:
    """The cells of one release by name, as they leave the program."""
    scale = scale_milli(tier, epsilon_milli)
    invited = len(answers) + 3
    noisy = published(reduced(tier, answers, chance), len(answers), scale, chance, invited=invited)
    made = release_of("1-6", DAY, invited, len(answers), tier, scale, noisy)
    return {cell["name"]: cell for cell in as_json.release(made)["cells"]}


def small_group(respondents: int, chance: random.Random) -> Answers:
    """People who answer one to five times; how many act at all differs from group to group."""
    inclination = chance.random()
    return [
        [
            Outcome.ACTED if chance.random() < inclination else chance.choice(HISTOGRAM[1:])
            for _ in range(chance.randint(1, 5))
        ]
        for _ in range(respondents)
    ]


@pytest.mark.parametrize("respondents", [10, 16, 40])
def test_in_a_thousand_releases_the_range_covers_the_true_count_and_stays_narrow(respondents: int) -> None:
    chance = random.Random(respondents)  # noqa: S311 - a simulation
    covered = 0
    for _ in range(1000):
        answers = small_group(respondents, chance)
        acted = len([person for person in answers if "acted" in person])
        cells = released(answers, Tier.S, chance)
        covered += cells["acted"]["from"] <= acted <= cells["acted"]["to"]
        for cell in cells.values():
            assert 0 <= cell["from"] <= cell["to"] <= respondents
            assert cell["to"] - cell["from"] + 1 <= 7, cell
    assert covered >= 940


@pytest.mark.parametrize("acting", [0, 1, 2, 3, 8, 13, 14, 15, 16])
def test_whatever_the_true_count_is_the_range_covers_it(acting: int) -> None:
    chance = random.Random(acting)  # noqa: S311 - a simulation
    answers = [[Outcome.ACTED]] * acting + [[Outcome.FORGOT]] * (16 - acting)
    cells = [released(answers, Tier.S, chance)["acted"] for _ in range(1000)]
    assert sum(cell["from"] <= acting <= cell["to"] for cell in cells) >= 940


@pytest.mark.parametrize("epsilon_milli", [1000, 500])
@pytest.mark.parametrize("silent", [11, 1, 0])
@pytest.mark.parametrize("respondents", range(5, 50))
def test_no_true_count_is_missed_more_than_five_times_in_a_hundred(
    respondents: int, silent: int, epsilon_milli: int
) -> None:
    step = math.exp(-epsilon_milli / 1000)
    chances = {noise: (1 - step) / (1 + step) * step ** abs(noise) for noise in range(-60, 61)}
    shown = [
        release_of(
            "1-6",
            DAY,
            respondents + silent,
            respondents,
            Tier.S,
            scale_milli(Tier.S, epsilon_milli),
            {"acted": seen},
        ).acted
        for seen in range(respondents + 1)
    ]
    for acted in range(respondents + 1):
        covered = 0.0
        for noise, weight in chances.items():
            cell = shown[min(max(acted + noise, 0), respondents)]
            assert isinstance(cell, Cell)
            covered += weight * (cell.within.low <= acted <= cell.within.high)
        assert covered >= 0.95, acted


@pytest.mark.parametrize("epsilon_milli", [1000, 500])
@pytest.mark.parametrize("silent", [2, 1, 0])
@pytest.mark.parametrize("respondents", [5, 10, 16, 25])
def test_of_two_counts_brought_into_order_no_pair_of_true_ones_is_missed_more_often(
    respondents: int, silent: int, epsilon_milli: int
) -> None:
    step, everybody, invited = math.exp(-epsilon_milli / 1000), range(respondents + 1), respondents + silent
    most = min(respondents, invited - 1)
    noise_scale = Fraction(scale_milli(Tier.MOMENTS, epsilon_milli), 1000)
    noise = Noise.of(Tier.MOMENTS, noise_scale)
    off_by = reach_of_difference(noise_scale)
    shares_of = invited if silent < MIN_SILENT else respondents
    within = [Cell.of("any", count, shares_of, noise).within for count in range(most + 1)]
    seen = [dict.fromkeys(range(most + 1), 0.0) for _ in everybody]
    for true, drawn in product(everybody, range(-60, 61)):
        chance = (1 - step) / (1 + step) * step ** abs(drawn)
        seen[true][min(max(true + drawn, 0), most)] += chance
    told = {
        pair: tuple(
            possible(dict(zip((CELL_ACTED, CELL_MOMENT), pair, strict=True)), respondents, invited).values()
        )
        for pair in product(range(most + 1), repeat=2)
    }
    for acted, had in combinations_with_replacement(everybody, 2):
        covered, near, apart = [0.0, 0.0], [0.0, 0.0], 0.0
        for (one, other), counts in told.items():
            weight = seen[acted][one] * seen[had][other]
            error = abs(counts[1] - counts[0] - (had - acted))
            apart += weight * (error <= off_by)
            for place, (true, count) in enumerate(zip((acted, had), counts, strict=True)):
                covered[place] += weight * (within[count].low <= true <= within[count].high)
                near[place] += weight * (abs(count - true) <= 3)
        assert min(*covered, apart) >= 0.95, (acted, had)
        assert min(near) >= 0.97 or epsilon_milli < 1000, (acted, had)


def test_figures_are_the_same_for_all_noise_whether_one_was_silent_or_nobody() -> None:
    for acted, had in product(range(-4, 23), repeat=2):
        noisy = {CELL_ACTED: acted, CELL_MOMENT: had}
        one, nobody = (
            release_of(
                "1-13", DAY, 18, respondents, Tier.MOMENTS, 1000, possible(noisy, respondents, invited=18)
            )
            for respondents in (17, 18)
        )
        assert one == nobody, noisy


HISTOGRAMS = {
    "alike": [6] * 9,
    "two answers": [35, 19, 0, 0, 0, 0, 0, 0, 0],
    "one answer": [50, 0, 0, 0, 0, 0, 0, 0, 0],
    "usual": [22, 14, 6, 4, 2, 1, 1, 0, 0],
    "beside the coding": [38, 12, 0, 0, 0, 0, 0, 0, 0],
    "large": [300, 200, 60, 20, 5, 5, 0, 0, 0],
}


@pytest.mark.parametrize("epsilon_milli", [1000, 500])
@pytest.mark.parametrize("counts", HISTOGRAMS.values(), ids=HISTOGRAMS.keys())
def test_the_ranges_of_a_histogram_cover_too_though_it_is_brought_onto_its_total(
    counts: list[int], epsilon_milli: int
) -> None:
    chance = random.Random(epsilon_milli)  # noqa: S311 - a simulation
    answers = [[outcome] for outcome, count in zip(HISTOGRAM, counts, strict=True) for _ in range(count)]
    covered: Counter[str] = Counter()
    releases = 600
    for _ in range(releases):
        cells = released(answers, Tier.M, chance, epsilon_milli)
        for outcome, count in zip(HISTOGRAM, counts, strict=True):
            covered[outcome] += cells[outcome]["from"] <= count <= cells[outcome]["to"]
    assert min(covered.values()) >= 0.94 * releases, covered


@pytest.mark.parametrize(("scale", "found"), [(Fraction(1), 3), (Fraction(2), 6), (Fraction(1, 2), 1)])
def test_the_reach_is_the_smallest_that_holds_95_in_100_draws(scale: Fraction, found: int) -> None:
    step = math.exp(-1 / scale)

    def inside(size: int) -> float:
        return sum((1 - step) / (1 + step) * step ** abs(noise) for noise in range(-size, size + 1))

    assert reach(scale) == found
    assert inside(found) >= 0.95 > inside(found - 1)
