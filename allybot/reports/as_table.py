"""Figures for the terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from allybot.domain.cells import Cell
from allybot.domain.figures import Release, Summary
from allybot.i18n import ENGLISH
from allybot.prompts.outcomes import figures
from allybot.reports import AMONG, NONE_YET


def print_to(console: Console, summaries: Sequence[Summary]) -> None:
    """Print every program with its releases."""
    for summary in summaries:
        console.print(f"[bold]{escape(summary.program)}[/bold]")
        for release in summary.releases:
            _print(console, release, summary)
        if not summary.releases:
            console.print(NONE_YET)
        for line in (*figures.warnings(ENGLISH, summary), *figures.upcoming(ENGLISH, summary)):
            console.print(line)
        console.print()
    if any(release.cells for summary in summaries for release in summary.releases):
        console.print(f"{figures.how_to_read(ENGLISH)}\n{figures.cannot_tell(ENGLISH)}")


def _print(console: Console, release: Release, summary: Summary) -> None:
    heading = f"Weeks {figures.weeks(release.window)}"
    if not release.cells:
        console.print(f"{heading}: {figures.why_void(ENGLISH, release, summary.minimum_respondents)}")
        return
    console.print(f"{heading}, {figures.published(ENGLISH, release)}")
    console.print(figures.asked(ENGLISH, release))
    console.print(f"[bold]{figures.headline(ENGLISH, release)}[/bold]")
    if silence := figures.silence(ENGLISH, release):
        console.print(silence)
    table = Table(figures.of_whom(ENGLISH, release), "people", "range", "share")
    _add(table, release.cells, release)
    if release.barriers:
        table.add_section()
        table.add_row(f"[italic]{AMONG}[/italic]", "", "", "")
        _add(table, release.barriers, release)
    console.print(table)
    console.print(figures.elsewhere(ENGLISH, release))


def _add(table: Table, cells: Iterable[Cell], release: Release) -> None:
    for cell in cells:
        table.add_row(
            figures.outcome(ENGLISH, cell, release.tier),
            figures.number(ENGLISH, cell) if cell.about is not None else "",
            figures.people(ENGLISH, cell.within),
            figures.share(ENGLISH, cell),
        )
