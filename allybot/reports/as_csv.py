"""Figures for a spreadsheet: one line a figure, and one for a void window."""

import csv
import io
from collections.abc import Sequence

from allybot.domain.cells import Cell
from allybot.domain.figures import Release, Summary
from allybot.domain.windows import WindowState

COLUMNS = (
    "program",
    "window",
    "state",
    "published_on",
    "invited",
    "respondents",
    "tier",
    "among",
    "name",
    "about",
    "from",
    "to",
    "share",
    "at_most",
    "at_least",
    "beyond_this_group_low",
    "beyond_this_group_high",
    "waits_until",
    "pooled_from",
)


def write(summaries: Sequence[Summary]) -> str:
    """All releases, one line a figure.

    `about`, `from` and `to` are whole people of this group; `about` is empty where the figure is coded.
    `respondents` is empty where nearly all of those invited answered; then everybody is all invited.
    `published_on` is empty of a window that waits for its pool.
    Shares are 0 to 1, and `among` says of whom: everybody or those who had a moment.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for summary in summaries:
        for release in summary.releases:
            writer.writerows(_lines(summary.program, release))
    return text.getvalue()


def _lines(program: str, release: Release) -> list[dict[str, object]]:
    common: dict[str, object] = {
        "program": _harmless(program),
        "window": f"weeks {release.window}",  # a spreadsheet would read 1-6 as the first of June
        "state": release.state.value,
        "published_on": None if release.state is WindowState.WAITING else release.published_on.isoformat(),
        "invited": release.invited,
        "respondents": release.respondents,
        "tier": release.tier.value if release.tier else None,
        "waits_until": release.waits.until.isoformat() if release.waits else None,
        "pooled_from": _harmless("; ".join(release.waits.pooled_from)) if release.waits else None,
    }
    if not release.cells:
        return [common]
    return [{**common, **_line("respondents", cell)} for cell in release.cells] + [
        {**common, **_line("had_a_moment", cell)} for cell in release.barriers
    ]


def _line(among: str, cell: Cell) -> dict[str, object]:
    return {
        "among": among,
        "name": cell.name,
        "about": cell.about,
        "from": cell.within.low,
        "to": cell.within.high,
        "share": cell.share,
        "at_most": cell.at_most,
        "at_least": cell.at_least,
        "beyond_this_group_low": cell.beyond.low,
        "beyond_this_group_high": cell.beyond.high,
    }


def _harmless(text: str) -> str:
    """A name that no spreadsheet takes for a formula (OWASP's advice on CSV injection)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
