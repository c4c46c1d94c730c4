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
from datetime import date
from pathlib import Path

from allybot.domain.anonymity import CELL_MOMENT
from allybot.domain.figures import Release, Summary
from allybot.domain.trends import trends
from allybot.domain.windows import WindowState
from allybot.i18n import ENGLISH
from allybot.prompts.outcomes import figures
from allybot.reports import as_csv, as_html, as_json
from bench.invented_programs import LEAST, SEED, SIZES, Drawn, Size, drawn, group

FOLDER = Path(__file__).parent.parent / "docs" / "reports"
RELEASES, A_GROUP = 1000, 10
"""Simulated releases of each size, and how many are made of one group."""
MADE_ON = date(2026, 4, 27)
WITHIN = 3
"""How near a count has to be in 90 of 100 releases (docs/small-programs.md)."""


def build(folder: Path) -> None:
    """Write the reports of all sizes, and beside them the published counts they are made of."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, list[dict[str, object]]] = {}
    for size in SIZES:
        chance = random.Random(SEED + size.people)  # noqa: S311 - invented people
        name = size.name
        releases, counts[name] = [], []
        for place, (window, steps, on) in enumerate(size.windows):
            asked, answered = size.asked[place], size.answered[place]
            if answered < LEAST:
                releases.append(Release(window, WindowState.VOID, on, asked))
                continue
            answers = [
                each
                for edition in size.groups(place)
                for each in group(edition, steps, size.acting[place] / 100, chance, (size.never or 0) / 100)
            ]
            made = drawn(answers, window, on, asked, chance, counts_moments=size.counts_moments)
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
        acted_near: counts of who acted, as drawn, that were at most `WITHIN` from the true one.
        moments_covered, moments_near: the same two of how many had a moment, where that is counted.
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
    acted_near: int = 0
    moments_covered: int = 0
    moments_near: int = 0

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
        self.acted_near += abs(made.noisy["acted"] - made.counted["acted"]) <= WITHIN
        if had := release.had_a_moment:
            self.moments_covered += had.within.low <= made.counted[CELL_MOMENT] <= had.within.high
            self.moments_near += abs(made.noisy[CELL_MOMENT] - made.counted[CELL_MOMENT]) <= WITHIN
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
    window, steps, on = size.windows[0]
    for _ in range(RELEASES // A_GROUP):
        never = chance.random() if size.counts_moments else 0.0
        answers = group(answered, steps, chance.random() ** 2, chance, never)
        before = None
        for _ in range(A_GROUP):
            made = drawn(answers, window, on, asked, chance, counts_moments=size.counts_moments)
            tally.add(made)
            if before is not None and not size.counts_moments:
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
        f"| {_changes(each)} |"
        for each in tallies
    ]
    return "\n".join([head, "|---" * 8 + "|", *rows])


def _changes(tally: Tally) -> str:
    if tally.moments_covered:
        return "one window"
    return _percent(tally.changes, RELEASES - RELEASES // A_GROUP)


def moments_table(tallies: Sequence[Tally]) -> str:
    """The simulation of programs that count how many had a moment, in Markdown."""
    head = (
        "| People | Answered | Range holds how many told of one | Moments within 3 "
        "| Range holds how many acted | Acted within 3 |"
    )
    rows = [
        f"| {each.people} | {each.answered} | {_percent(each.moments_covered, RELEASES)} "
        f"| {_percent(each.moments_near, RELEASES)} | {_percent(each.covered, RELEASES)} "
        f"| {_percent(each.acted_near, RELEASES)} |"
        for each in tallies
        if each.moments_covered
    ]
    return "\n".join([head, "|---" * 6 + "|", *rows])


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def page(tallies: Sequence[Tally]) -> str:
    """The page that leads to the reports."""
    links = "\n".join(
        f"- {size.in_a_list}: [page to print]({size.name}.html), [CSV]({size.name}.csv), "
        f"[JSON]({size.name}.json)"
        for size in SIZES
    )
    return f"""# Reports of invented programs

What a lead gets, for programs of six sizes. The smallest could be told nothing alone: its answers waited,
sealed, for its next edition. One of 18 chose to count once, and also how many told of a moment. The people
are invented; the figures are made by the code that publishes. `python -m bench.reports` builds all of it, and
`tests/reports/test_checked_in.py` works every figure out again from the published counts in
[drawn.json](drawn.json), by another route.

{links}

## How often the ranges are right

{RELEASES:,} simulated releases of each size, of groups in which hardly anybody, some or nearly everybody
acted. A figure of pooled editions is drawn like that of one group with as many answers:

{table(tallies)}

Of the programs that count how many told of a moment, groups in which from nobody to everybody did, from the
count as it was drawn:

{moments_table(tallies)}
"""


def main() -> None:
    """Build everything and print the table."""
    build(FOLDER)
    tallies = [simulated(size) for size in SIZES if size.editions == 1]
    (FOLDER / "README.md").write_text(page(tallies), encoding="utf-8")
    sys.stdout.write(f"{table(tallies)}\n")


if __name__ == "__main__":
    main()
