"""What a program of 15 to 49 respondents could learn besides one count, within the same privacy budget.

`python -m bench.more_from_few --page docs/small-programs.md` lives 10,000 programs for each row: what their
people answer is drawn from a distribution, then the figure is drawn as a release would draw it. Shown is how
often the figure meets its bar.

- The most named obstacle (`domain/most_named.py`, epsilon 1): right where at most one other was named by more
  people. Of each program the chance is exact; only the answers are drawn.
- How many had a moment at all (discrete Laplace, epsilon 1, kept within 0 to the respondents): right within
  three people.
- One count of who acted, over thirteen weeks or in each half, likewise.

The distributions are our own assumptions; no study tells how often people meet a moment or name what.
"""

# ruff: noqa: S311 - seeded chance drives what people answer

import argparse
import random
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from allybot.domain.most_named import chances, named_counts
from allybot.domain.noise import discrete_laplace
from allybot.domain.plans import BARRIERS, Outcome

RUNS, SIZES, SEED = 10_000, (15, 18, 30, 49), 1
NAMES = tuple(barrier.value for barrier in BARRIERS)
WITHIN = 3
BAR_OBSTACLE, BAR_COUNT = 0.80, 0.90
_PAGE = re.compile(r"(?s)(?<=<!-- few:begin -->\n).*?(?=<!-- few:end -->)")


@dataclass(frozen=True)
class Answering:
    """How people answer, as shares of their check-ins.

    Attributes:
        acted: they acted; of what remains `no_moment` met none, and the others name an obstacle.
        obstacles: relative weights of the obstacles, in the order of `BARRIERS`.
        answers: how many of the seven check-ins each person answers, drawn evenly between the two.
        alike: how much of a person's obstacles is their own: 0 for all by the weights, 1 for one each.
    """

    acted: float
    no_moment: float
    obstacles: tuple[int, ...]
    answers: tuple[int, int] = (3, 7)
    alike: float = 0.5


DISTRIBUTIONS: Mapping[str, Answering] = {
    "one obstacle stands out": Answering(0.35, 0.25, (5, 10, 2, 2, 2, 1)),
    "two stand out": Answering(0.35, 0.25, (8, 8, 2, 2, 2, 1)),
    "falling evenly": Answering(0.35, 0.25, (6, 5, 4, 3, 2, 1)),
    "all alike (worst)": Answering(0.35, 0.25, (1, 1, 1, 1, 1, 1)),
    "most act, few obstacles (worst)": Answering(0.70, 0.20, (6, 5, 4, 3, 2, 1)),
    "one answer each (worst)": Answering(0.35, 0.25, (6, 5, 4, 3, 2, 1), (1, 1)),
    "nobody meets a moment (worst)": Answering(0.02, 0.95, (6, 5, 4, 3, 2, 1)),
}


def person(rng: random.Random, how: Answering) -> list[str]:
    """What one person answers in thirteen weeks."""
    own = rng.choices(NAMES, how.obstacles)[0]
    answers = []
    for _ in range(rng.randint(*how.answers)):
        drawn = rng.random()
        if drawn < how.acted:
            answers.append(Outcome.ACTED.value)
        elif drawn < how.acted + how.no_moment:
            answers.append(Outcome.NO_MOMENT.value)
        else:
            answers.append(own if rng.random() < how.alike else rng.choices(NAMES, how.obstacles)[0])
    return answers


def obstacle_is_right(people: Sequence[Sequence[str]]) -> float:
    """How likely one of the two most named is chosen; all that are named as often as the second count."""
    counts = named_counts([frozenset(each) for each in people], NAMES)
    second = sorted(counts.values())[-2]
    found = chances(counts, 1.0)
    return sum(chance for name, chance in found.items() if counts[name] >= second)


def count_is_right(rng: random.Random, true: int, most: int) -> bool:
    """Whether a count with noise of epsilon 1, kept within the possible, is within three of the truth."""
    noisy = min(max(true + discrete_laplace(rng, Fraction(1)), 0), most)
    return abs(noisy - true) <= WITHIN


def simulated(how: Answering, size: int, runs: int) -> tuple[float, float, float]:
    """Shares of programs in which obstacle, moments and the count of who acted meet their bar."""
    rng = random.Random(f"{SEED}/{how}/{size}")
    obstacle, moments, acted = 0.0, 0, 0
    for _ in range(runs):
        people = [person(rng, how) for _ in range(size)]
        obstacle += obstacle_is_right(people)
        had = sum(any(each != Outcome.NO_MOMENT.value for each in answers) for answers in people)
        moments += count_is_right(rng, had, size)
        acted += count_is_right(rng, sum(Outcome.ACTED.value in each for each in people), size)
    return obstacle / runs, moments / runs, acted / runs


def table(runs: int) -> str:
    """The results as a table in Markdown."""
    lines = [
        f"{runs:,} programs a row, epsilon 1 a figure; what misses its bar is marked †.",
        "",
        "| How people answer | People | Obstacle: one of the true two | Moments within 3 | Acted within 3 |",
        "|---|---|---|---|---|",
    ]
    for name, how in DISTRIBUTIONS.items():
        for size in SIZES:
            obstacle, moments, acted = simulated(how, size, runs)
            cells = (
                _cell(share, bar)
                for share, bar in ((obstacle, BAR_OBSTACLE), (moments, BAR_COUNT), (acted, BAR_COUNT))
            )
            lines.append(f"| {name} | {size} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(share: float, bar: float) -> str:
    return f"{share:.1%}{'' if share >= bar else ' †'}"


def main(arguments: list[str]) -> int:
    """Print the table, or write it into a page."""
    parser = argparse.ArgumentParser(prog="python -m bench.more_from_few", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--page", type=Path, help="write the table into this page")
    asked = parser.parse_args(arguments)
    found = table(asked.runs)
    if asked.page:
        page = asked.page.read_text(encoding="utf-8")
        asked.page.write_text(_PAGE.sub(lambda _: found, page), encoding="utf-8")
    else:
        sys.stdout.write(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
