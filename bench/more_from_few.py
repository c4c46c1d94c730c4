"""`python -m bench.more_from_few`: what else 15 to 49 respondents could be told for epsilon 1, simulated.

Two candidates for a second figure in place of the second count: how many had a moment at all, and which
obstacle was named most. The bars of the project: the number within 3 people in 90 % of runs; the obstacle one
of the true two most frequent in 80 % of runs at 18 respondents.

How obstacles are spread is our own assumption, since no study has counted them; so three spreads are shown,
from one where a single obstacle stands out to one where none does. Seeded chance decides what people answer
and, other than in the product, the noise.
"""

# ruff: noqa: S311 - a simulation that prints

import argparse
import random
from collections.abc import Sequence
from fractions import Fraction

from allybot.domain.most_named import had_a_moment, most_named, named
from allybot.domain.noise import Rng, discrete_laplace
from allybot.domain.plans import BARRIERS, Outcome

SPREADS = {
    "one stands out": (40, 20, 15, 10, 10, 5),
    "two stand out": (30, 30, 15, 10, 10, 5),
    "all alike": (1, 1, 1, 1, 1, 1),
}
"""Weights of the six obstacles among those who name one."""
ACTED, NO_MOMENT = 0.35, 0.25
"""Shares of single answers: acted, no moment; the rest names an obstacle. Our own assumption, too."""
ANSWERS = 3
"""Answers of one person in a window of five check-ins."""
CLOSE = 3
SIZES, EPSILONS = (15, 18, 25, 36, 49), (Fraction(1, 5), Fraction(1, 2), Fraction(1))


def answered(rng: random.Random, people: int, spread: Sequence[int]) -> list[list[Outcome]]:
    """What so many respondents answered; somebody who lacks time once is likely to lack it again."""
    found = []
    for _ in range(people):
        own = rng.choices(BARRIERS, spread)[0]
        found.append([_answer(rng, own) for _ in range(ANSWERS)])
    return found


def _answer(rng: random.Random, own: Outcome) -> Outcome:
    drawn = rng.random()
    if drawn < ACTED:
        return Outcome.ACTED
    return Outcome.NO_MOMENT if drawn < ACTED + NO_MOMENT else own


def is_one_of_two(answers: list[list[Outcome]], epsilon: Fraction, rng: Rng) -> bool:
    """Whether the reported obstacle is one of the true two most named, or as often named as the second."""
    true = {barrier: sum(barrier in of_one for of_one in answers) for barrier in BARRIERS}
    second = sorted(true.values())[-2]
    return true[most_named(named(answers, rng), epsilon, rng)] >= second


def is_within_three(answers: list[list[Outcome]], epsilon: Fraction, rng: Rng) -> bool:
    """Whether the number who had a moment is told within 3 people, kept between nobody and everybody."""
    true = had_a_moment(answers)
    shown = min(max(true + discrete_laplace(rng, 1 / epsilon), 0), len(answers))
    return abs(shown - true) <= CLOSE


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.more_from_few", description=__doc__)
    parser.add_argument("--runs", type=int, default=2000, help="simulated windows for each figure")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    heads = "".join(f"{f'eps {float(each):g}':>10}" for each in EPSILONS)
    print(f"{'runs of 100 right':32}{'respondents':>12}{heads}")
    for name, spread in SPREADS.items():
        for people in SIZES:
            rng = random.Random(f"{asked.seed}/{name}/{people}")
            runs = [answered(rng, people, spread) for _ in range(asked.runs)]
            cells = [_share([is_one_of_two(each, epsilon, rng) for each in runs]) for epsilon in EPSILONS]
            print(f"{f'obstacle, {name}':32}{people:>12}{''.join(f'{cell:>10}' for cell in cells)}")
    for people in SIZES:
        rng = random.Random(f"{asked.seed}/moments/{people}")
        runs = [answered(rng, people, SPREADS["one stands out"]) for _ in range(asked.runs)]
        cells = [_share([is_within_three(each, epsilon, rng) for each in runs]) for epsilon in EPSILONS]
        print(f"{'moments, within 3':32}{people:>12}{''.join(f'{cell:>10}' for cell in cells)}")


def _share(right: Sequence[bool]) -> str:
    return f"{100 * sum(right) / len(right):.0f}"


if __name__ == "__main__":
    main()
