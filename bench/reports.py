"""Builds the reports in docs/reports from invented people, and prints how often their ranges are right.

`python -m bench.reports` takes about half a minute. The people answer at random from a seed and the code that
publishes makes the figures of them, so that the same files come out every time. In production the noise has
no seed.
"""

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from allybot.domain.anonymity import HISTOGRAM, reduced, scale_milli, tier_for
from allybot.domain.anonymity import published as with_noise
from allybot.domain.figures import Release, Summary, Waits, release_of
from allybot.domain.plans import Outcome
from allybot.domain.trends import trends
from allybot.domain.windows import WindowState, months_later
from allybot.i18n import ENGLISH
from allybot.prompts.outcomes import figures
from allybot.reports import as_csv, as_html, as_json

FOLDER = Path(__file__).parent.parent / "docs" / "reports"
LEAST, EPSILON_MILLI, SEED = 10, 1000, 15
POOL, POOL_LEAST, POOL_MONTHS = "Invented courses", 12, 18
"""A pool, from how many people it is counted, and for how long it waits (`config/allybot.toml`)."""
RELEASES, A_GROUP = 1000, 10
"""Simulated releases of each size, and how many are made of one group."""
PUBLISHED_ON = (date(2026, 2, 27), date(2026, 4, 24))
MADE_ON = date(2026, 4, 27)
WINDOWS, STEPS = ("1-6", "7-13"), (5, 2)
"""The periods that ship, and how many check-ins one plan has in each."""
Answers = Sequence[Sequence[Outcome]]


@dataclass(frozen=True)
class Size:
    """A program of the reports.

    Attributes:
        people: in it when it began; in each of its editions, if they share a pool.
        asked, answered: in each window, in all editions together.
        acting: how many in a hundred act at a check-in, in each window.
        editions: as many small programs whose answers waited for each other.
    """

    people: int
    asked: tuple[int, int]
    answered: tuple[int, int]
    acting: tuple[int, int]
    editions: int = 1

    @property
    def name(self) -> str:
        """Of its files."""
        return f"program-of-{self.people}{'-pooled' if self.editions > 1 else ''}"

    @property
    def in_words(self) -> str:
        """How many people, for a list and a table."""
        return f"{self.editions} times {self.people} pooled" if self.editions > 1 else f"{self.people:,}"

    def groups(self, place: int) -> list[int]:
        """How many answered in each edition, in a window."""
        return [(self.answered[place] + edition) // self.editions for edition in range(self.editions)]

    def waits(self, place: int) -> Waits | None:
        """How a window waited in the pool; None without one."""
        if self.editions == 1:
            return None
        closed = datetime.combine(PUBLISHED_ON[place], time(10), tzinfo=UTC)
        editions = tuple(
            f"Invented program of {self.people} ({edition + 1})" for edition in range(self.editions)
        )
        until = months_later(closed, POOL_MONTHS, ZoneInfo("UTC")).date()
        return Waits(POOL, until, POOL_LEAST, editions)


SIZES = (
    Size(9, (18, 17), (16, 14), (45, 40), editions=2),
    Size(10, (10, 10), (10, 8), (45, 40)),
    Size(18, (18, 17), (16, 14), (50, 25)),
    Size(36, (36, 35), (31, 27), (40, 45)),
    Size(120, (120, 114), (96, 81), (30, 30)),
    Size(5000, (5000, 4700), (4100, 3600), (25, 30)),
)


@dataclass(frozen=True)
class Drawn:
    """A published window before any figure is made of it.

    Attributes:
        counted: true counts by cell, which in production never leave memory.
        noisy: the same as published.
    """

    counted: dict[str, int]
    noisy: dict[str, int]
    release: Release


def group(people: int, check_ins: int, acting: float, chance: random.Random) -> Answers:
    """People who answer one check-in or more, and at each either act or say something else."""
    others = HISTOGRAM[1:]
    return [
        [
            Outcome.ACTED
            if chance.random() < acting
            else others[min(int(chance.expovariate(0.5)), len(others) - 1)]
            for _ in range(chance.randint(1, check_ins))
        ]
        for _ in range(people)
    ]


def drawn(answers: Answers, window: str, on: date, asked: int, chance: random.Random) -> Drawn:
    """One release by the code that publishes."""
    tier = tier_for(min(len(answers), asked - 1))
    scale = scale_milli(tier, EPSILON_MILLI)
    counted = reduced(tier, answers, chance)
    noisy = with_noise(counted, len(answers), scale, chance)
    return Drawn(counted, noisy, release_of(window, on, asked, len(answers), tier, scale, noisy))


def build(folder: Path) -> None:
    """Write the reports of all sizes, and beside them the published counts they are made of."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, list[dict[str, object]]] = {}
    for size in SIZES:
        chance = random.Random(SEED + size.people)  # noqa: S311 - invented people
        name = size.name
        releases, counts[name] = [], []
        for place, window in enumerate(WINDOWS):
            asked, answered, on = size.asked[place], size.answered[place], PUBLISHED_ON[place]
            if answered < LEAST:
                releases.append(Release(window, WindowState.VOID, on, asked))
                continue
            answers = [
                each
                for edition in size.groups(place)
                for each in group(edition, STEPS[place], size.acting[place] / 100, chance)
            ]
            made = drawn(answers, window, on, asked, chance)
            releases.append(replace(made.release, waits=size.waits(place)))
            counts[name].append(
                {
                    "window": window,
                    "invited": asked,
                    "respondents": answered,
                    "editions": size.groups(place),
                    "scale": float(made.release.noise_scale),
                    "noisy": made.noisy,
                    "counted": made.counted,
                }
            )
        summary = Summary(
            f"Invented program of {size.people}", LEAST, "vault", tuple(releases), None, None,
            contact="Noor Rahman, +49 30 5550 100",
        )  # fmt: skip
        (folder / f"{name}.html").write_text(as_html.write([summary], MADE_ON), encoding="utf-8")
        (folder / f"{name}.json").write_text(as_json.write([summary]) + "\n", encoding="utf-8")
        (folder / f"{name}.csv").write_text(as_csv.write([summary]), encoding="utf-8", newline="")
    (folder / "drawn.json").write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")


@dataclass
class Tally:
    """What came of the simulated releases of one size.

    Attributes:
        headlines: with a number of people and its range.
        covered: whose range held how many acted at least once.
        cells, cells_covered: all figures, and those whose range held the true count.
        coded, coded_covered: the same of figures near nobody or everybody.
        widest: most whole numbers in the range of those who acted.
        changes: pairs of windows of which a rise or fall was stated though the group was the same.
    """

    people: str
    answered: int
    headlines: int = 0
    covered: int = 0
    cells: int = 0
    cells_covered: int = 0
    coded: int = 0
    coded_covered: int = 0
    widest: int = 0
    changes: int = 0

    def add(self, made: Drawn) -> None:
        """Count one release."""
        release = made.release
        acted = release.acted
        if acted is None:
            return
        low, high = acted.within.low, acted.within.high
        headline = figures.headline(ENGLISH, release)
        self.headlines += headline.startswith("About ") and f"({low} to {high})" in headline
        self.covered += low <= made.counted["acted"] <= high
        self.widest = max(self.widest, high - low + 1)
        for cell in release.cells:
            true = made.counted.get(cell.name, release.everybody - made.counted["acted"])
            covers = cell.within.low <= true <= cell.within.high
            self.cells += 1
            self.cells_covered += covers
            self.coded += cell.about is None
            self.coded_covered += covers and cell.about is None


def simulated(size: Size) -> Tally:
    """A thousand releases of groups of every inclination, from hardly anybody acting to nearly everybody."""
    chance = random.Random(SEED)  # noqa: S311 - invented people
    asked, answered = size.asked[0], size.answered[0]
    tally = Tally(size.in_words, answered)
    for _ in range(RELEASES // A_GROUP):
        answers = group(answered, STEPS[0], chance.random() ** 2, chance)
        before = None
        for _ in range(A_GROUP):
            made = drawn(answers, "1-6", PUBLISHED_ON[0], asked, chance)
            tally.add(made)
            if before is not None:
                tally.changes += trends([before, made.release])[0].is_stated
            before = made.release
    return tally


def table(tallies: Sequence[Tally]) -> str:
    """The simulation in Markdown."""
    head = (
        "| People | Answered | Headline has a number and its range | Range holds how many acted "
        "| All figures | Those near nobody or everybody | Most whole numbers in the range "
        "| A change stated where there was none |"
    )
    rows = [
        f"| {each.people} | {each.answered} | {_percent(each.headlines, RELEASES)} "
        f"| {_percent(each.covered, RELEASES)} | {_percent(each.cells_covered, each.cells)} "
        f"| {_percent(each.coded_covered, each.coded)} | {each.widest} "
        f"| {_percent(each.changes, RELEASES - RELEASES // A_GROUP)} |"
        for each in tallies
    ]
    return "\n".join([head, "|---" * 8 + "|", *rows])


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def page(tallies: Sequence[Tally]) -> str:
    """The page that leads to the reports."""
    links = "\n".join(
        f"- {size.in_words} people: [page to print]({size.name}.html), [CSV]({size.name}.csv), "
        f"[JSON]({size.name}.json)"
        for size in SIZES
    )
    return f"""# Reports of invented programs

What a lead gets, for programs of six sizes. The smallest could be told nothing alone: its answers waited,
sealed, for its next edition. The people are invented; the figures are made by the code that publishes.
`python -m bench.reports` builds all of this, and `tests/reports/test_checked_in.py` works every figure out
again from the published counts in [drawn.json](drawn.json), by another route.

{links}

## How often the ranges are right

{RELEASES:,} simulated releases of each size, of groups in which hardly anybody, some or nearly everybody
acted. A figure of pooled editions is drawn like that of one group with as many answers:

{table(tallies)}
"""


def main() -> None:
    """Build everything and print the table."""
    build(FOLDER)
    tallies = [simulated(size) for size in SIZES if size.editions == 1]
    (FOLDER / "README.md").write_text(page(tallies), encoding="utf-8")
    sys.stdout.write(f"{table(tallies)}\n")


if __name__ == "__main__":
    main()
