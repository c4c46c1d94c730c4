"""Figures as one page that stands alone: no script, no outside file, readable without colour or by ear."""

from collections.abc import Iterable, Sequence
from html import escape

from allybot.domain.figures import Cell, Release, Summary
from allybot.reports import words

_STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
caption { text-align: left; font-weight: 600; padding-bottom: .25rem }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #8888; vertical-align: top }
th { font-weight: normal }
thead th { font-weight: 600 }
td.range { white-space: nowrap }
svg { display: block; width: 100%; min-width: 8rem; height: .8rem }
footer { margin-top: 2rem; border-top: 1px solid #8888 }
@media print { body { margin: 0 } table { break-inside: avoid } }
"""


def write(summaries: Sequence[Summary]) -> str:
    """The whole page."""
    sections = "\n".join(_program(summary) for summary in summaries) or f"<p>{words.NONE_YET}</p>"
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
<p>{words.BASIS}</p>
<p>{words.LIMITS}</p>
</footer>
</body>
</html>
"""


def _program(summary: Summary) -> str:
    releases = "\n".join(map(_release, summary.releases)) or f"<p>{words.NONE_YET}</p>"
    return f"""<section>
<h2>{escape(summary.program)}</h2>
{releases}
<p>{escape(words.coming(summary))}</p>
</section>"""


def _release(release: Release) -> str:
    parts = [
        f"<h3>Weeks {escape(release.window)}</h3>",
        f"<p>{words.basis(release)} <time>{release.published_on.isoformat()}</time></p>",
    ]
    if release.cells:
        parts.append(_table("Of all respondents", release.cells, release))
    if release.barriers:
        parts.append(_table(f"{words.AMONG.capitalize()}", release.barriers, release))
    parts += [f"<p>{line}</p>" for line in (words.bounds(release), words.drawn(release)) if line]
    return "\n".join(parts)


def _table(caption: str, cells: Iterable[Cell], release: Release) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{words.cell_name(cell, release.tier)}</th><td>{words.share(cell)}</td>'
        f'<td class="range">{words.within(cell.within)}</td><td>{_bar(cell)}</td></tr>'
        for cell in cells
    )
    return f"""<table>
<caption>{caption}</caption>
<thead><tr><th scope="col">What they reported</th><th scope="col">Share</th><th scope="col">Range</th>
<td></td></tr></thead>
<tbody>
{rows}
</tbody>
</table>"""


def _bar(cell: Cell) -> str:
    """The range on a line from 0 to 100 %; the words beside it say the same, so it is hidden from readers."""
    low, width = round(cell.within.low * 100), round((cell.within.high - cell.within.low) * 100)
    return (
        '<svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect y="1.8" width="100" height=".4" fill="currentColor" opacity=".4"/>'
        f'<rect x="{low}" y="1" width="{width}" height="2" fill="currentColor"/></svg>'
    )
