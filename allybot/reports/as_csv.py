"""Figures for a spreadsheet: one line a figure, and one for a void window."""

import csv
import io
from collections.abc import Sequence

from allybot.domain.cells import Cell
from allybot.domain.figures import Release, Summary
from allybot.domain.windows import WindowState
from allybot.i18n import ENGLISH
from allybot.prompts.outcomes import figures, moments

COLUMNS = (
    "program",
    "window",
    "state",
    "published_on",
    "invited",
    "respondents",
    "tier",
    "name",
    "about",
    "from",
    "to",
    "share",
    "at_most",
    "at_least",
    "moment_share",
    "moment_at_most",
    "moment_at_least",
    "beyond_this_group_low",
    "beyond_this_group_high",
    "waits_until",
    "pooled_from",
    "in_words",
)


def write(summaries: Sequence[Summary]) -> str:
    """All releases, one line a figure.

    `about`, `from` and `to` are whole people of this group; `about` is empty where the figure is coded, so
    the column adds up to all respondents or to fewer. In tier `moments` it is not to be added up: whoever is
    in `acted` is in `had_a_moment`, too. `respondents` is empty where nearly all of those
    invited answered; then everybody is all invited. `invited` is empty without figures: it would be an exact
    number of people. `published_on` is empty of a window that waits for its pool. Shares are 0 to 1: of
    everybody, and in the columns that begin with `moment` of those who had a moment.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for summary in summaries:
        for release in summary.releases:
            writer.writerows(_lines(summary.program, release, summary.minimum_respondents))
    return text.getvalue()


def for_a_spreadsheet(summaries: Sequence[Summary]) -> str:
    """The same with the mark by which Excel knows UTF-8; without it it garbles every name beyond ASCII."""
    return f"\ufeff{write(summaries)}"


def _lines(program: str, release: Release, least: int) -> list[dict[str, object]]:
    common: dict[str, object] = {
        "program": _harmless(program),
        "window": f"weeks {release.window}",  # a spreadsheet would read 1-6 as the first of June
        "state": release.state.value,
        "published_on": None if release.state is WindowState.WAITING else release.published_on.isoformat(),
        "invited": release.told_invited,
        "respondents": release.respondents,
        "tier": release.tier.value if release.tier else None,
        "waits_until": release.waits.until.isoformat() if release.waits else None,
        "pooled_from": _harmless("; ".join(release.waits.pooled_from)) if release.waits else None,
    }
    if not release.cells:
        return [{**common, "in_words": figures.why_void(ENGLISH, release, least)}]
    with_a_moment = {cell.name: cell for cell in release.barriers}
    return [{**common, **_line(release, cell, with_a_moment.get(cell.name))} for cell in release.cells]


def _line(release: Release, cell: Cell, with_a_moment: Cell | None) -> dict[str, object]:
    return {
        "name": cell.name,
        "about": cell.about,
        "from": cell.within.low,
        "to": cell.within.high,
        "share": cell.share,
        "at_most": cell.at_most,
        "at_least": cell.at_least,
        "moment_share": with_a_moment and with_a_moment.share,
        "moment_at_most": with_a_moment and with_a_moment.at_most,
        "moment_at_least": with_a_moment and with_a_moment.at_least,
        "beyond_this_group_low": cell.beyond.low,
        "beyond_this_group_high": cell.beyond.high,
        "in_words": moments.in_words(ENGLISH, release, cell),
    }


def _harmless(text: str) -> str:
    """A name that no spreadsheet takes for a formula (OWASP's advice on CSV injection)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
