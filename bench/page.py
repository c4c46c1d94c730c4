"""The table in docs/performance.md, written from measured rows."""

from collections.abc import Sequence
from pathlib import Path

from bench.measured_row import HEAD, Row
from tests.support import marked_page

_SEPARATOR = "|" + "---|" * len(HEAD)
_EARLIER = "Of an earlier run:"


def fill(page: Path, rows: Sequence[Row], where: str) -> None:
    """Put the rows between the page's two marks; rows of another name stay as they are.

    Args:
        where: scale, machine and time of the run.

    Raises:
        ValueError: the page has no marks.
    """
    before, table, after = marked_page.split(page, "bench")
    new = {row.name for row in rows} | {HEAD[0], "---", ""}
    kept = [each for each in table.splitlines() if name_of(each) not in new]
    earlier = [f"{_EARLIER} {', '.join(dict.fromkeys(map(name_of, kept)))}.", ""] if kept else []
    lines = [*kept, *(_line(row.cells()) for row in rows)]
    shown = "\n".join((f"Run: {where}.", "", *earlier, _line(HEAD), _SEPARATOR, *lines))
    page.write_text(f"{before}{shown}\n{after}", encoding="utf-8")


def names(page: Path) -> set[str]:
    """What the rows of the page's table are called."""
    _, table, _ = marked_page.split(page, "bench")
    return {name for each in table.splitlines() if (name := name_of(each))} - {HEAD[0], "---"}


def name_of(line: str) -> str:
    """The first cell of a line of the table; empty for any other line."""
    return line.split("|")[1].strip() if line.startswith("|") else ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
