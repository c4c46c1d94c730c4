"""Figures as a picture for a slide."""

import io
from collections.abc import Sequence

from allybot.domain.cells import Cell, Interval
from allybot.domain.figures import Summary
from allybot.i18n import ENGLISH
from allybot.prompts.outcomes import figures
from allybot.reports import NONE_YET


def draw(summaries: Sequence[Summary]) -> bytes:
    """A PNG: one line a figure, its range as a bar, the share as a dot where it may be said.

    matplotlib takes half a second to import, so only whoever draws pays for it.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see above
    from matplotlib.figure import Figure  # noqa: PLC0415 - see above

    lines = _lines(summaries)
    figure = Figure(figsize=(9, 1.6 + 0.45 * max(len(lines), 1)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for place, (_, cell, within) in enumerate(lines):
        axes.plot([within.low, within.high], [place, place], color="black", linewidth=4, alpha=0.4)
        if cell.share is not None:
            axes.plot([cell.share], [place], marker="o", color="black")
    axes.set_yticks(range(len(lines)), [label for label, _, _ in lines])
    axes.set_xlim(0, 1)
    axes.set_ylim(len(lines) - 0.5 if lines else 1, -0.5)
    axes.xaxis.set_major_formatter(lambda share, _: figures.percent(share))
    axes.set_title("Transfer outcomes" if lines else NONE_YET, loc="left")
    figure.supxlabel(figures.how_to_read(ENGLISH), fontsize="small", x=0.01, ha="left")
    target = io.BytesIO()
    figure.savefig(target, format="png", dpi=150, metadata={"Title": "Transfer outcomes"})
    return target.getvalue()


def _lines(summaries: Sequence[Summary]) -> list[tuple[str, Cell, Interval]]:
    """Label, figure, and the range for this group as shares."""
    return [
        (
            (
                f"{_plain(summary.program)}, weeks {release.window}: "
                f"{figures.outcome(ENGLISH, cell, release.tier)}, {figures.number(ENGLISH, cell)}"
            ),
            cell,
            cell.within.as_shares(release.respondents),
        )
        for summary in summaries
        for release in summary.releases
        if release.respondents
        for cell in release.cells
    ]


def _plain(name: str) -> str:
    """A name in which matplotlib sees no formula, at a length that fits."""
    longest = 40
    short = name if len(name) <= longest else f"{name[: longest - 1]}\u2026"
    return short.replace("$", r"\$")
