"""Parses the CSV list of people to enrol."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from allybot.errors import UserError

COLUMNS = {
    "person": [
        "person",
        "email",
        "mail",
        "emailaddress",
        "slack",
        "slackid",
        "slackuser",
        "slackuserid",
        "user",
        "userid",
        "member",
        "memberid",
    ],
    "cohort": ["cohort", "cohortname", "group", "training"],
    "circle": ["circle", "circleid", "circlechannel", "channel", "channelid", "slackchannel"],
    "circle_name": ["circlename"],
}
"""Each column and its accepted headings; case and punctuation are ignored."""
IGNORED = {"", "name", "firstname", "lastname", "fullname", "realname"}
"""Further columns a list may have; allybot stores no names."""
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_USER = re.compile(r"[UW][A-Z0-9]{2,30}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,30}")


@dataclass(frozen=True)
class Row:
    """One line of the list; `person` is an e-mail address or a Slack user id, the rest may be empty."""

    line: int
    person: str
    cohort: str = ""
    circle: str = ""
    circle_name: str = ""


@dataclass(frozen=True)
class Problem:
    """Why a line was left out; `line` 0 means the list as a whole."""

    line: int
    person: str
    reason: str

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.person + ' ' if self.person else ''}{self.reason}"


class RosterError(UserError):
    """The list cannot be used as it is.

    Attributes:
        problems: every problem of the list, in the order of its lines.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def parse(text: str) -> list[Row]:
    """The people on a list in CSV.

    Columns are separated by commas, semicolons or tabs. A byte order mark and blank lines are accepted;
    without a heading the order is person, cohort, circle, circle name. Repeated lines count once.

    Raises:
        RosterError: names every problem with its line.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    problems: list[Problem] = []
    table = list(_cells(lines, problems))
    columns = _headings(table[0][1]) if table else None
    if columns is None:
        columns = list(COLUMNS)
    else:
        number, cells = table.pop(0)
        problems.extend(_about_headings(number, columns, cells))
    rows: dict[str, Row] = {}
    for number, cells in table if "person" in columns else ():
        row = _row(number, dict(zip(columns, cells, strict=False)))
        problems.extend(_about(row))
        if len(cells) > len(columns):
            problems.append(Problem(number, row.person, "has more cells than there are columns."))
        first = rows.setdefault(row.person, row)
        if (first.cohort, first.circle) != (row.cohort, row.circle):
            reason = f"is on line {first.line} already, with another cohort or circle."
            problems.append(Problem(number, row.person, reason))
    if not rows and not problems:
        problems.append(
            Problem(0, "", "The list is empty: it needs at least one e-mail address or Slack user id.")
        )
    if problems:
        raise RosterError(sorted(problems, key=lambda problem: problem.line))
    return list(rows.values())


def _cells(lines: list[str], problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """The number and cells of every line that is not blank; a broken quotation ends the list."""
    heading = next((line for line in lines if line.strip()), "")
    mark = max(",;\t", key=heading.count)
    reader = csv.reader((line + "\n" for line in lines), delimiter=mark, skipinitialspace=True, strict=True)
    number = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield number + 1, [cell.strip() for cell in cells]
            number = reader.line_num
    except csv.Error as error:
        problems.append(Problem(number + 1, "", f"cannot be read as CSV ({error})."))


def _headings(cells: list[str]) -> list[str] | None:
    """The column of each heading, unknown headings unchanged; None when the line is a person."""
    if any(_EMAIL.fullmatch(cell) or _USER.fullmatch(cell) for cell in cells):
        return None
    plain = ["".join(c for c in cell.casefold() if c.isalnum()) for cell in cells]
    return [next((column for column, names in COLUMNS.items() if name in names), name) for name in plain]


def _about_headings(number: int, columns: list[str], cells: list[str]) -> Iterator[Problem]:
    if "person" not in columns:
        yield Problem(number, "", "there is no column `person` (an e-mail address or a Slack user id).")
    for place, column in enumerate(columns):
        if column in columns[:place] and column not in IGNORED:
            yield Problem(number, "", f"there are two columns for {column or 'nothing'}.")
        elif column not in COLUMNS and column not in IGNORED:
            yield Problem(number, "", f"the column {cells[place]!r} is not one of: {', '.join(COLUMNS)}.")


def _row(number: int, cells: dict[str, str]) -> Row:
    """A normalised line: `<@U123|name>` becomes the user id, addresses become lower case."""
    person = re.sub(r"^<@([UW][A-Z0-9]+)(\|[^>]*)?>$", r"\1", cells.get("person", ""))
    circle = re.sub(r"^<#([CG][A-Z0-9]+)(\|[^>]*)?>$", r"\1", cells.get("circle", ""))
    return Row(
        line=number,
        person=person.casefold() if "@" in person else person,
        cohort=cells.get("cohort", ""),
        circle=circle,
        circle_name=cells.get("circle_name", ""),
    )


def _about(row: Row) -> Iterator[Problem]:
    if not row.person:
        yield Problem(row.line, "", "names nobody.")
    elif not (_EMAIL.fullmatch(row.person) or _USER.fullmatch(row.person)):
        yield Problem(
            row.line, row.person, "is neither an e-mail address nor a Slack user id such as U012AB3CD."
        )
    if row.circle and not _CHANNEL.fullmatch(row.circle):
        reason = f"has the circle {row.circle!r}, which is no Slack channel id such as C012AB3CD."
        yield Problem(row.line, row.person, reason)
