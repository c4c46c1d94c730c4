"""Figures for the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from allybot.domain.figures import Release, Summary
from allybot.domain.trends import trends
from allybot.i18n import ENGLISH
from allybot.prompts.outcomes import figures, moments, reading
from allybot.reports import NONE_YET


def print_to(console: Console, summaries: Sequence[Summary]) -> None:
    """Print every program with its releases."""
    for summary in summaries:
        console.print(f"[bold]{escape(summary.program)}[/bold]")
        for release in summary.releases:
            _print(console, release, summary)
        if not summary.releases:
            console.print(NONE_YET)
        for trend in trends(summary.releases):
            console.print(reading.beside_each_other(ENGLISH, trend))
        for line in figures.upcoming(ENGLISH, summary):
            console.print(line)
        for footnote in filter(None, (figures.elsewhere(ENGLISH, release) for release in summary.releases)):
            console.print(footnote)
        console.print()
    releases = [release for summary in summaries for release in summary.releases]
    if any(release.cells for release in releases):
        for sentence in reading.how_to_read(ENGLISH, releases):
            console.print(sentence)


def _print(console: Console, release: Release, summary: Summary) -> None:
    heading = f"Weeks {figures.weeks(release.window)}"
    if not release.cells:
        console.print(f"{heading}: {figures.why_void(ENGLISH, release, summary.minimum_respondents)}")
        return
    console.print(f"{heading}, {figures.published(ENGLISH, release)}")
    console.print(figures.answered(ENGLISH, release))
    console.print(f"[bold]{figures.headline(ENGLISH, release)}[/bold]")
    if silence := figures.silence(ENGLISH, release):
        console.print(silence)
    if had := moments.headline(ENGLISH, release):
        console.print(f"[bold]{had}[/bold]")
    if silence := moments.silence(ENGLISH, release):
        console.print(silence)
    with_a_moment = {cell.name: cell for cell in release.barriers}
    table = Table(
        "what they reported",
        "people",
        "range",
        "share",
        *(["of those who had a moment"] if with_a_moment else []),
    )
    for cell in release.cells:
        beside = with_a_moment.get(cell.name)
        table.add_row(
            figures.outcome(ENGLISH, cell),
            figures.number(ENGLISH, cell) if cell.about is not None else "",
            figures.people(ENGLISH, cell.within),
            figures.share(ENGLISH, cell),
            *([figures.share(ENGLISH, beside) if beside else ""] if with_a_moment else []),
        )
    console.print(figures.of_whom(ENGLISH, release))
    console.print(table)
    if why := figures.adds_up(ENGLISH, release):
        console.print(why)
