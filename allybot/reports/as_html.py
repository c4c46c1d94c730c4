"""Figures as one page that stands alone: no script, no outside file, readable without colour or by ear."""

from collections.abc import Iterable, Sequence
from html import escape

from allybot.domain.cells import Cell
from allybot.domain.figures import Release, Summary
from allybot.i18n import ENGLISH
from allybot.prompts.outcomes import figures
from allybot.reports import AMONG, NONE_YET

_STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
caption { text-align: left; font-weight: 600; padding-bottom: .25rem }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #8888; vertical-align: top }
th { font-weight: normal }
thead th { font-weight: 600 }
td { white-space: nowrap }
td.bar, th.bar { width: 40% }
.headline { font-size: 1.25rem; font-weight: 600; margin: .5rem 0 }
.footnote { font-size: .875rem }
.ends { display: flex; justify-content: space-between }
svg { display: block; width: 100%; height: .8rem }
@media (max-width: 34rem) { .bar { display: none } td, th { padding-right: .4rem } }
footer { margin-top: 2rem; border-top: 1px solid #8888 }
@media print { body { margin: 0 } table { break-inside: avoid } }
"""


def write(summaries: Sequence[Summary]) -> str:
    """The whole page."""
    sections = "\n".join(_program(summary) for summary in summaries) or f"<p>{NONE_YET}</p>"
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Transfer outcomes</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>Transfer outcomes</h1>
{sections}
</main>
<footer>
<p>{figures.how_to_read(ENGLISH)}</p>
<p>{figures.cannot_tell(ENGLISH)}</p>
</footer>
</body>
</html>
"""


def _program(summary: Summary) -> str:
    releases = "\n".join(_release(release, summary) for release in summary.releases) or f"<p>{NONE_YET}</p>"
    return f"""<section>
<h2>{escape(summary.program)}</h2>
{releases}
{_paragraphs(*figures.warnings(ENGLISH, summary), *figures.upcoming(ENGLISH, summary))}
</section>"""


def _paragraphs(*lines: str, kind: str = "") -> str:
    opening = f'<p class="{kind}">' if kind else "<p>"
    return "\n".join(f"{opening}{escape(line)}</p>" for line in lines if line)


def _release(release: Release, summary: Summary) -> str:
    title = f"<h3>Weeks {escape(figures.weeks(release.window))}"
    if not release.cells:
        return f"{title}</h3>\n{_paragraphs(figures.why_void(ENGLISH, release, summary.minimum_respondents))}"
    parts = [
        f"{title}, {escape(figures.published(ENGLISH, release))}</h3>",
        _paragraphs(figures.asked(ENGLISH, release)),
        _paragraphs(figures.headline(ENGLISH, release), kind="headline"),
        _paragraphs(figures.silence(ENGLISH, release)),
        _table(figures.of_whom(ENGLISH, release), release.cells, release),
    ]
    if release.barriers:
        parts.append(_table(AMONG.capitalize(), release.barriers, release))
    parts.append(_paragraphs(figures.elsewhere(ENGLISH, release), kind="footnote"))
    return "\n".join(part for part in parts if part)


def _table(caption: str, cells: Iterable[Cell], release: Release) -> str:
    everybody = release.everybody
    rows = "\n".join(
        f'<tr><th scope="row">{figures.outcome(ENGLISH, cell, release.tier)}</th>'
        f"<td>{figures.number(ENGLISH, cell) if cell.about is not None else ''}</td>"
        f"<td>{figures.people(ENGLISH, cell.within)}</td>"
        f'<td>{figures.share(ENGLISH, cell)}</td><td class="bar">{_bar(cell, everybody)}</td></tr>'
        for cell in cells
    )
    return f"""<table>
<caption>{caption}</caption>
<thead><tr><th scope="col">What they reported</th><th scope="col">People</th><th scope="col">Range</th>
<th scope="col">Share</th><th scope="col" class="bar"><span class="ends"><span>0</span>
<span>{everybody} people</span></span></th></tr></thead>
<tbody>
{rows}
</tbody>
</table>"""


def _bar(cell: Cell, everybody: int) -> str:
    """The range on a line from nobody to everybody, with a mark at the number; hidden from screen readers.

    The words beside it say the same.
    """
    low, width = 100 * cell.within.low / everybody, 100 * (cell.within.high - cell.within.low) / everybody
    mark = ""
    if cell.about is not None:
        mark = (
            f'<rect x="{100 * cell.about / everybody - 0.5:.1f}" width="1" height="4" fill="currentColor"/>'
        )
    return (
        '<svg viewBox="-1 0 102 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect y="1.8" width="100" height=".4" fill="currentColor" opacity=".4"/>'
        f'<rect x="{low:.1f}" y="1" width="{width:.1f}" height="2" fill="currentColor" opacity=".6"/>'
        f"{mark}</svg>"
    )
