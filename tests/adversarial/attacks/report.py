"""The table of measured results in docs/privacy.md, written from findings."""

from collections.abc import Sequence
from pathlib import Path

from tests.adversarial.attacks.databases import BACKENDS
from tests.adversarial.attacks.findings import Finding
from tests.support import marked_page

_RELATIONS = {"<=": "at most", ">=": "at least", "=": "exactly"}
_LARGE, _DIGITS = 100, 6
_HEAD = ("| Attack | Bar | Measured, SQLite | Measured, PostgreSQL |", "|---|---|---|---|")


def rows(found: Sequence[Finding]) -> list[str]:
    """One row an attack, in the order in which they were first made, a cell for each database."""
    attacks = dict.fromkeys(finding.attack for finding in found)
    return [_row([each for each in found if each.attack == attack]) for attack in attacks]


def fill(page: Path, found: Sequence[Finding], *, whole: bool = True) -> None:
    """Put the rows between the page's two marks.

    Args:
        whole: every attack was run; else the rows of those that were not stay as they are.

    Raises:
        ValueError: the page has no marks.
    """
    before, table, after = marked_page.split(page, "attacks")
    earlier = [] if whole else [each for each in table.splitlines() if each.startswith("| ")][1:]
    merged = {_name(row): row for row in earlier} | {_name(row): row for row in rows(found)}
    shown = "\n".join((*_HEAD, *merged.values()))
    page.write_text(f"{before}{shown}\n{after}", encoding="utf-8")


def _name(row: str) -> str:
    return row.split("|")[1].strip()


def _row(same: Sequence[Finding]) -> str:
    first = same[0]
    measured = {finding.backend: finding for finding in same}
    cells = [_measured(measured.get(backend) or measured.get("any")) for backend in BACKENDS]
    name = first.attack[0].upper() + first.attack[1:]
    return f"| {name} | {_RELATIONS[first.relation]} {first.bar:.4g} | {cells[0]} | {cells[1]} |"


def _measured(finding: Finding | None) -> str:
    if finding is None:
        return "-"
    measured = round(finding.measured, _DIGITS) + 0.0  # no rounding error of the last place, no -0
    figure = f"{measured:,.0f}" if measured >= _LARGE else f"{measured:.3g}"
    figure += f" ± {finding.error:.2g}" if finding.error else ""
    return figure + ("" if finding.holds else ", **missed**")
