"""Parses the CSV list of people to enrol."""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from allybot.domain.enrolment import Doubt
from allybot.errors import UserError

COLUMNS = {
    "person": [
        "person",
        "email",
        "mail",
        "emailaddress",
        "emailadresse",
        "mailadresse",
        "slack",
        "slackid",
        "slackuser",
        "slackuserid",
        "user",
        "userid",
        "member",
        "memberid",
        "mitglied",
        "benutzer",
    ],
    "cohort": ["cohort", "cohortname", "group", "training", "kohorte", "gruppe"],
    "circle": [
        "circle",
        "circleid",
        "circlechannel",
        "channel",
        "channelid",
        "slackchannel",
        "kreis",
        "kanal",
        "kanalid",
    ],
    "circle_name": ["circlename", "kreisname"],
}
"""Each column and its accepted headings, English and German; case and punctuation are ignored."""
IGNORED = {"", "name", "firstname", "lastname", "fullname", "realname", "vorname", "nachname"}
"""Further columns a list may have; allybot stores no names."""
MAX_SHOWN = 10
"""Problems of a list that are shown; the others are counted."""
_EMAIL = re.compile(r"[!-+\--:=?A-~]+@[!-+\--:=?A-~]+\.[!-+\--:=?A-~]+")
_PERSON_FORMS = re.compile(
    r"<@(?P<a>[UW][A-Z0-9]+)(\|[^>]*)?>|https?://\S+/team/(?P<b>[UW][A-Z0-9]+)\S*"
    r"|slack://user\?\S*\bid=(?P<c>[UW][A-Z0-9]+)\S*|mailto:(?P<d>\S+)|[^<>]*<(?P<e>[^<>@\s]+@[^<>\s]+)>"
)
_CHANNEL_FORMS = re.compile(
    r"<#(?P<a>[CG][A-Z0-9]+)(\|[^>]*)?>|https?://\S+/(archives|client/[A-Z0-9]+)/(?P<b>[CG][A-Z0-9]+)\S*"
    r"|slack://channel\?\S*\bid=(?P<c>[CG][A-Z0-9]+)\S*"
)
"""Ways in which Slack and mail programs write a person or a channel."""
_JOINERS = "\u200c\u200d"
"""Invisible, but part of how Persian and Indian languages are written."""
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
    doubt: Doubt = Doubt.OTHER

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.person + ' ' if self.person else ''}{self.reason}"


class RosterError(UserError):
    """The list cannot be used as it is.

    Attributes:
        problems: every problem of the list, in the order of its lines.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        lines = [str(problem) for problem in problems[:MAX_SHOWN]]
        if len(problems) > MAX_SHOWN:
            lines.append(f"and {len(problems) - MAX_SHOWN} more.")
        super().__init__("\n".join(lines))
        self.problems = tuple(problems)


def decoded(raw: bytes) -> str:
    """The text of a file that a sheet was saved as: UTF-8, or UTF-16 as Excel's “Unicode text”.

    Raises:
        UnicodeDecodeError: it is neither.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16")
    if raw.startswith(b"PK\x03\x04"):
        raise UnicodeDecodeError("utf-8", raw, 0, 4, "a compressed sheet")
    if b"\0" in raw[:2]:
        return raw.decode("utf-16-be" if raw[:1] == b"\0" else "utf-16-le")
    return raw.decode("utf-8-sig")


def _without_invisible(text: str) -> str:
    """Without characters nobody sees; the separators of lines that only Unicode knows become spaces."""
    kept = (
        " " if letter in "\u2028\u2029\u0085\u00a0" else letter
        for letter in text
        if letter in _JOINERS or unicodedata.category(letter) != "Cf"
    )
    return "".join(kept)


def parse(text: str) -> list[Row]:
    """The people on a list in CSV.

    Columns are separated by commas, semicolons or tabs, or as Excel's line `sep=` says. Invisible characters
    and blank lines are accepted; without a heading the order is person, cohort, circle, circle name. Repeated
    lines count once.

    Raises:
        RosterError: names every problem with its line.
    """
    lines = lines_of(text)
    problems: list[Problem] = []
    table = list(cells_of(lines, problems))
    columns = headings(table[0][1]) if table else None
    if columns is None:
        columns = list(COLUMNS)
    else:
        number, cells = table.pop(0)
        problems.extend(_about_headings(number, columns, cells))
    rows: dict[str, Row] = {}
    for number, cells in table if "person" in columns else ():
        row = row_of(number, dict(zip(columns, cells, strict=False)))
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


def lines_of(text: str) -> list[str]:
    """The lines of a list, without invisible characters."""
    return re.split(r"\r\n|\r|\n", unicodedata.normalize("NFC", _without_invisible(text)))


def cells_of(
    lines: list[str], problems: list[Problem], separator: str = ""
) -> Iterator[tuple[int, list[str]]]:
    """The number and cells of every line that is not blank; a broken quotation ends the list.

    Args:
        separator: of the columns; empty for the one that the first line has most of.
    """
    heading = next((line for line in lines if line.strip()), "")
    said = re.fullmatch(r'"?sep=([,;\t])"?[,;\t]*', heading.strip(" "), re.IGNORECASE)
    if said:  # Excel's own line; it keeps its number
        lines = ["" if line is heading else line for line in lines]
    mark = said[1] if said else separator or max(",;\t", key=heading.count)
    reader = csv.reader((line + "\n" for line in lines), delimiter=mark, skipinitialspace=True, strict=True)
    number = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield number + 1, [cell.strip() for cell in cells]
            number = reader.line_num
    except csv.Error as error:
        problems.append(Problem(number + 1, "", f"cannot be read as CSV ({error})."))


def headings(cells: list[str]) -> list[str] | None:
    """The column of each heading, unknown headings unchanged; None when the line is a person."""
    if any(names_somebody(cell) for cell in cells):
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


def row_of(number: int, cells: dict[str, str]) -> Row:
    """A normalised line: links and mentions become the id, addresses become lower case."""
    person = _bare(_PERSON_FORMS, cells.get("person", ""))
    circle = _bare(_CHANNEL_FORMS, cells.get("circle", ""))
    return Row(
        line=number,
        person=person.casefold() if "@" in person else person,
        cohort=cells.get("cohort", ""),
        circle=circle,
        circle_name=cells.get("circle_name", ""),
    )


def names_somebody(cell: str) -> bool:
    """Whether a cell is an e-mail address or a Slack user id, also as Slack and mail programs write them."""
    person = _bare(_PERSON_FORMS, cell)
    return bool(_EMAIL.fullmatch(person) or _USER.fullmatch(person))


def names_channel(cell: str) -> bool:
    """Whether a cell is the id of a channel."""
    return bool(_CHANNEL.fullmatch(cell))


def _bare(forms: re.Pattern[str], cell: str) -> str:
    cell = "".join(letter for letter in cell if letter not in _JOINERS)
    found = forms.fullmatch(cell)
    return next((each for each in found.groupdict().values() if each), cell) if found else cell


def _strange(text: str) -> str:
    """A sentence on the first letter of an id or address that is none of ASCII's, or nothing."""
    letter = next((letter for letter in text if not " " <= letter <= "~"), None)
    if letter is None:
        return ""
    name = unicodedata.name(letter, "a control character").lower()
    return f" It contains U+{ord(letter):04X} ({name}): type it anew."


def _about(row: Row) -> Iterator[Problem]:
    if not row.person:
        yield Problem(row.line, "", "names nobody.")
    elif not (_EMAIL.fullmatch(row.person) or _USER.fullmatch(row.person)):
        yield Problem(
            row.line,
            row.person,
            f"is neither an e-mail address nor a Slack user id such as U012AB3CD.{_strange(row.person)}",
            Doubt.UNREADABLE,
        )
    if row.circle and not _CHANNEL.fullmatch(row.circle):
        reason = f"has the circle {row.circle!r}, which is no Slack channel id such as C012AB3CD."
        reason += _strange(row.circle)
        yield Problem(row.line, row.person, reason)
