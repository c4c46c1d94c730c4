"""Reads a list that a lead pasted: one person a line, perhaps with a circle and with what to balance by.

Nothing typed is lost: every line that is not understood is named as it was typed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from allybot.domain.enrolment import Doubt
from allybot.services.programs.roster import (
    COLUMNS,
    IGNORED,
    Problem,
    Row,
    cells_of,
    headings,
    lines_of,
    names_channel,
    names_somebody,
    row_of,
)

_WITHOUT_HEADING = ["person", "circle"]
_SEPARATORS = (";", ",", "\t", " ")


@dataclass(frozen=True)
class Pasted:
    """A list as it was understood.

    Attributes:
        text: the list with one person a line.
        rows: the lines that name somebody.
        problems: the others.
        columns: what every further column says by line, by the column's heading.
    """

    text: str
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    columns: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def line(self, number: int) -> str:
        """A line as it was typed; lines are counted from 1."""
        return self.text.split("\n")[number - 1].strip()

    def without(self, numbers: Iterable[int]) -> str:
        """The list without these lines."""
        left_out = set(numbers)
        lines = enumerate(self.text.split("\n"), start=1)
        return "\n".join(line for number, line in lines if number not in left_out)


def read(text: str, circles: Mapping[str, str]) -> Pasted:
    """Understand a pasted list.

    Columns are separated by commas, semicolons or tabs. A first line is a heading, in English or German, if
    one of its cells means the person; without it the order is person, circle. Several people on one line, as
    mail programs write them, become a line each.

    Args:
        circles: channels of the program's circles by name.
    """
    lines = [piece for line in lines_of(text.strip("\r\n")) for piece in _people_of(line)]
    problems: list[Problem] = []
    separator = max(";\t,", key=lambda mark: sum(mark in line for line in lines))
    table = list(cells_of(lines, problems, separator))
    known = headings(table[0][1]) if table else None
    columns = known if known and "person" in known else _WITHOUT_HEADING
    titles = table.pop(0)[1] if columns is known else []
    channels = {name.casefold(): channel for name, channel in circles.items()}
    rows: dict[str, Row] = {}
    more: dict[str, dict[int, str]] = {title: {} for title in _further(columns, titles)}
    for number, cells in table:
        named = dict(zip(columns, cells, strict=False))
        row, doubt = _row(number, named, channels)
        if doubt is None:
            first = rows.setdefault(row.person, row)
            if (first.cohort, first.circle) != (row.cohort, row.circle):
                doubt = Doubt.TWICE
        if doubt is not None:
            problems.append(Problem(number, row.person, "", doubt))
        for title, cell in zip(titles, cells, strict=False):
            if title in more:
                more[title][number] = cell
    readable = [Problem(each.line, each.person, each.reason, _kind(each)) for each in problems]
    readable.sort(key=lambda problem: problem.line)
    return Pasted("\n".join(lines), tuple(rows.values()), tuple(readable), more)


def _row(number: int, named: dict[str, str], channels: Mapping[str, str]) -> tuple[Row, Doubt | None]:
    row = row_of(number, named)
    circle = row.circle or row.circle_name
    channel = circle if names_channel(circle) else channels.get(circle.casefold(), "")
    row = Row(number, row.person, row.cohort, channel)
    if not names_somebody(row.person):
        return row, Doubt.UNREADABLE
    return row, Doubt.CIRCLE if circle and not channel else None


def _further(columns: list[str], titles: list[str]) -> list[str]:
    """Headings of columns that mean nothing to allybot: what circles may be balanced by."""
    pairs = zip(columns, titles, strict=False)
    return [title for column, title in pairs if title and column not in COLUMNS and column not in IGNORED]


def _kind(problem: Problem) -> Doubt:
    """A line that is no CSV, such as with one quotation mark, is unreadable too."""
    return Doubt.UNREADABLE if problem.doubt is Doubt.OTHER else problem.doubt


def _people_of(line: str) -> list[str]:
    """The line itself, or a line for each of several people who stand on it."""
    line = line.strip()
    alone = line.rstrip("".join(_SEPARATORS))
    if names_somebody(alone):
        return [_address(alone) if any(mark in alone for mark in ",;") else alone]
    for mark in _SEPARATORS:
        pieces = [piece.strip() for piece in line.split(mark) if piece.strip()]
        if len(pieces) > 1 and all(map(names_somebody, pieces)):
            return [_address(piece) if any(other in piece for other in ",;") else piece for piece in pieces]
    return [line]


def _address(piece: str) -> str:
    """`ada@example.org` of `Lovelace, Ada <ada@example.org>`."""
    found = re.search(r"<([^<>\s]+@[^<>\s]+)>", piece)
    return found[1] if found else piece
