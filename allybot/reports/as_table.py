"""Figures for the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from allybot.domain.figures import Release, Summary
from allybot.reports import words


def print_to(console: Console, summaries: Sequence[Summary]) -> None:
    """Print every program with its releases."""
    for summary in summaries:
        console.print(f"[bold]{escape(summary.program)}[/bold]")
        for release in summary.releases:
            _print(console, release)
        if not summary.releases:
            console.print(words.NONE_YET)
        console.print(words.coming(summary))
        console.print()
    if any(release.cells for summary in summaries for release in summary.releases):
        console.print(f"{words.BASIS}\n{words.LIMITS}")


def _print(console: Console, release: Release) -> None:
    heading = f"Weeks {release.window}, published on {release.published_on.isoformat()}"
    if not release.cells:
        console.print(f"Weeks {release.window}, {release.published_on.isoformat()}: {words.basis(release)}")
        return
    console.print(f"{heading}: {words.basis(release)}")
    table = Table("of all respondents", "share", "range")
    for cell in release.cells:
        table.add_row(words.cell_name(cell, release.tier), words.share(cell), words.within(cell.within))
    if release.barriers:
        table.add_section()
        table.add_row(f"[italic]{words.AMONG}[/italic]", "", "")
        for cell in release.barriers:
            table.add_row(words.cell_name(cell, release.tier), words.share(cell), words.within(cell.within))
    console.print(table)
    for line in (words.bounds(release), words.drawn(release)):
        if line:
            console.print(line)
