"""The chances of a guess that README and the privacy page state are those of the mechanism itself."""

# ruff: noqa: S311 - a simulation

import math
import random
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from allybot.domain.anonymity import Tier, scale_milli
from allybot.domain.guessing import right_guesses, surest_guess
from allybot.domain.noise import discrete_laplace

ROOT = Path(__file__).parents[2]
SCALE = Fraction(scale_milli(Tier.S, 1000), 1000)
WINDOWS = (1, 2, 4)


def percents(of: list[float]) -> list[int]:
    return [round(100 * share) for share in of]


def test_the_pages_state_how_sure_a_guess_can_be_after_one_two_and_four_windows() -> None:
    one, two, four = percents([surest_guess(windows, SCALE) for windows in WINDOWS])
    stated = f"{one} % sure after one window, {two} % after two and {four} % after four"
    for page, times in (("README.md", 1), ("docs/privacy.md", 2)):
        text = " ".join((ROOT / page).read_text("utf-8").split())
        assert text.count(stated) == times, page
        moments = text.count(f"as one window does ({one} %)")
        assert text.count(f"{one} %") == times + moments, f"{page} says {one} % of one window alone"
    assert f"as two do ({two} %)" in text, "a count with moments"


def test_the_privacy_page_states_how_often_a_guess_is_right() -> None:
    one, two, four = percents([right_guesses(windows, SCALE) for windows in WINDOWS])
    assert f"right in {one}, {two} and {four} of 100 cases" in (ROOT / "docs/privacy.md").read_text("utf-8")


@pytest.fixture(scope="module")
def weight() -> float:
    """How much one count speaks for its side, by the sampler's own draws."""
    rng = random.Random(1)
    drawn = Counter(discrete_laplace(rng, SCALE) for _ in range(200_000))
    return math.log(drawn[0] / drawn[1])


@pytest.mark.parametrize("windows", WINDOWS)
def test_the_mechanism_that_publishes_gives_these_chances(windows: int, weight: float) -> None:
    """The attacker compares how likely the counts were with either answer."""
    rng = random.Random(windows)
    assert surest_guess(windows, SCALE) == pytest.approx(1 / (1 + math.exp(-windows * weight)), abs=0.01)
    right = 0.0
    for _ in range(20_000):
        acted = rng.randrange(2)
        counts = [acted + discrete_laplace(rng, SCALE) for _ in range(windows)]
        belief = sum(abs(count) - abs(count - 1) for count in counts)
        right += 0.5 if belief == 0 else (belief > 0) == bool(acted)
    assert right_guesses(windows, SCALE) == pytest.approx(right / 20_000, abs=0.015)
