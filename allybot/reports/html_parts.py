"""Parts of the page to print: paragraphs, the picture of a window and its table."""

from html import escape

from allybot.domain.cells import Cell
from allybot.domain.figures import Release
from allybot.i18n import ENGLISH
from allybot.prompts.outcomes import figures

_WIDE, _LEFT = 600, 10
"""Of the line from nobody to all who were asked, in units of the picture, and its beginning."""


def paragraphs(*lines: str, kind: str = "") -> str:
    """Each line that is not empty as a paragraph, escaped."""
    opening = f'<p class="{kind}">' if kind else "<p>"
    return "\n".join(f"{opening}{escape(line)}</p>" for line in lines if line)


def picture(release: Release, cell: Cell | None, what: str, in_words: str) -> str:
    """How many were asked, answered, and acted or told of a moment, as an image that a grey printer shows.

    A bar from nobody to the number, a bracket for its range, an outline for all who answered and a dashed one
    for who was silent. A coded figure has a bracket and no bar.

    Args:
        release: a published window.
        cell: its figure; None for no picture.
        what: they did, such as `acted`.
        in_words: the same for who cannot see it.
    """
    if cell is None:
        return ""
    low, high = _at(release, cell.within.low), _at(release, cell.within.high)
    bar = ""
    if cell.about is not None:
        width = _at(release, cell.about) - _LEFT
        bar = f'<rect x="{_LEFT}" y="22" width="{width:.1f}" height="22" opacity=".35"/>'
    answered = _at(release, release.everybody)
    ends = f'<text x="{_LEFT}" y="66">0</text>'
    if release.silent:
        ends += (
            f'<text x="{answered}" y="66" text-anchor="end">{release.everybody} answered</text>'
            f'<text x="{_LEFT + _WIDE}" y="82" text-anchor="end">{release.invited} asked</text>'
            f'<rect x="{answered}" y="22" width="{_LEFT + _WIDE - answered:.1f}" height="22" fill="none" '
            'stroke="currentColor" stroke-dasharray="4 3"/>'
        )
    else:
        ends += f'<text x="{answered}" y="66" text-anchor="end">{release.invited} asked</text>'
    said = f"{figures.people(ENGLISH, cell.within)} {what}"
    if cell.about is not None:
        said = f"about {cell.about} {what}, range {figures.people(ENGLISH, cell.within)}"
    middle = min(max((low + high) / 2, _LEFT + 80), _LEFT + _WIDE - 80)
    return f"""<figure>
<svg viewBox="0 0 {_WIDE + 2 * _LEFT} 88" role="img" aria-label="{escape(in_words)}" fill="currentColor" \
font-size="13" font-family="system-ui, sans-serif">
<rect x="{_LEFT}" y="22" width="{answered - _LEFT:.1f}" height="22" fill="none" stroke="currentColor"/>
{bar}
<path d="M{low} 27v12M{low} 33H{high}M{high} 27v12" fill="none" stroke="currentColor" stroke-width="2.5"/>
<text x="{middle}" y="15" text-anchor="middle" font-weight="600">{said}</text>
{ends}
</svg>
</figure>"""


def _at(release: Release, people: int) -> float:
    return round(_LEFT + _WIDE * people / release.invited, 1)


def table(release: Release) -> str:
    """Every figure of a window: those with a number, then the coded ones, of one kind in one line."""
    with_a_moment = {cell.name: cell for cell in release.barriers}
    head = ["What they reported", "People", "Range", "Share"]
    head += ["Of those who had a moment"] if with_a_moment else []
    rows = [_row(_names([cell]), cell, with_a_moment) for cell in release.cells if cell.about is not None]
    coded: dict[tuple[str, ...], list[Cell]] = {}
    for cell in release.cells:
        if cell.about is None:
            coded.setdefault(_numbers(cell, with_a_moment), []).append(cell)
    rows += [_row(_names(cells), cells[0], with_a_moment) for cells in coded.values()]
    everybody = "All who were asked" if release.nearly_all else "All who answered"
    body = "\n".join(rows)
    columns = "".join(f'<th scope="col">{each}</th>' for each in head)
    return f"""<table>
<caption>{escape(figures.of_whom(ENGLISH, release))}</caption>
<thead><tr>{columns}</tr></thead>
<tbody>
{body}
</tbody>
<tfoot><tr><th scope="row">{everybody}</th><td>{release.everybody}</td>\
<td colspan="{len(head) - 2}"></td></tr></tfoot>
</table>"""


def _row(name: str, cell: Cell, with_a_moment: dict[str, Cell]) -> str:
    numbers = "".join(f"<td>{each}</td>" for each in _numbers(cell, with_a_moment))
    return f'<tr><th scope="row">{name}</th>{numbers}</tr>'


def _names(cells: list[Cell]) -> str:
    names = "; ".join(escape(figures.outcome(ENGLISH, cell)) for cell in cells)
    return f"{names} (each)" if len(cells) > 1 else names


def _numbers(cell: Cell, with_a_moment: dict[str, Cell]) -> tuple[str, ...]:
    beside = with_a_moment.get(cell.name)
    shown = [
        figures.number(ENGLISH, cell) if cell.about is not None else "no number",
        figures.people(ENGLISH, cell.within),
        figures.share(ENGLISH, cell),
    ]
    if with_a_moment:
        shown.append(figures.share(ENGLISH, beside) if beside else "")
    return tuple(shown)
