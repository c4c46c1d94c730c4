"""The strongest attacker in short: knows every other answer, sees the published count, guesses the last.

Advantage is twice the share of right guesses less one. Theory for epsilon 1 is tanh(1/2) = 0.462; a naive
exact count gives 1. `make attack` runs more attacks and more often.
"""

# ruff: noqa: S311 - seeded chance makes a test repeatable

import random

from allybot.domain.anonymity import CELL_ACTED, Tier, published, reduced, scale_milli
from allybot.domain.noise import Chance
from allybot.domain.plans import Outcome

TALLIES = 3000
RESPONDENTS = 12
BAR = 0.50


def advantage(chance: random.Random, *, noise: Chance | None) -> float:
    right = 0
    for _ in range(TALLIES):
        others = [[chance.choice(list(Outcome))] for _ in range(RESPONDENTS - 1)]
        target = chance.choice([Outcome.ACTED, Outcome.FORGOT])
        counts = reduced(Tier.S, [*others, [target]], chance)
        if noise is not None:
            counts = published(counts, RESPONDENTS, scale_milli(Tier.S, 1000), noise)
        known = sum(Outcome.ACTED in one for one in others)
        guess = Outcome.ACTED if counts[CELL_ACTED] > known else Outcome.FORGOT
        right += guess is target
    return 2 * right / TALLIES - 1


def test_knowing_every_other_answer_is_not_enough() -> None:
    chance = random.Random("all but one")
    assert advantage(chance, noise=chance) <= BAR


def test_the_same_attacker_wins_against_an_exact_count() -> None:
    assert advantage(random.Random("control"), noise=None) == 1.0
