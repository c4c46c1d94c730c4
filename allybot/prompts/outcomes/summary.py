"""Messages to leads: the notice that a window was published or is void, and the summary of figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.cells import Cell
from allybot.domain.figures import Release, Summary
from allybot.domain.plans import Outcome
from allybot.domain.trends import trends
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.outcomes import figures, file_ids, moments, picture, reading

MAX_PROGRAMS = 6
"""A message holds 45 blocks; a program of two windows fills six with the line above it."""

_LINES = 10
"""Of small print in one block (Slack, context block)."""


@dataclass
class _Page:
    """Blocks with what they say in words, and the charts that replace drawings where Slack takes them."""

    shown: list[Block] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    charts: dict[str, Block] = field(default_factory=dict)

    def add(self, *told: str, block: Block | None = None, small: bool = False) -> None:
        """A paragraph or lines of small print, or a block that has no words of its own."""
        self.words.append("\n".join(told))
        if small:
            self.shown += [
                blocks.small(*told[start : start + _LINES]) for start in range(0, len(told), _LINES)
            ]
        else:
            self.shown.append(block or blocks.section("\n".join(told)))

    def draw(self, say: Say, releases: Sequence[Release]) -> None:
        """The picture; screen readers read the sentences around it."""
        place = f"transfers.picture.{len(self.shown)}"
        self.shown.append(blocks.section(picture.drawing(say, releases), block_id=place))
        if len(self.charts) < picture.MAX_CHARTS:
            self.charts[place] = picture.chart(say, releases) | {"block_id": place}

    def message(self, say: Say, *, words: bool) -> Message:
        """With charts, and with drawings in their place for a workspace that takes none."""
        drawn = [block for block in self.shown if not _is_picture(block)]
        message = blocks.message(say, drawn, words="\n\n".join(filter(None, self.words)) if words else "")
        with_charts = tuple(self.charts.get(block.get("block_id", ""), block) for block in self.shown)
        return replace(message, blocks=with_charts, older=tuple(self.shown) if self.charts else ())


def release_notice(say: Say, of: Summary, window: str) -> Message:
    """The notice to all leads that a window was published or is void, with its figure."""
    name = blocks.escape(of.program)
    release = next((each for each in of.releases if each.window == window), None)
    if release is not None and release.acted is not None:
        text = say(
            "The transfer outcomes of *{program}*, weeks {window}, are out. They were published once and "
            "will not change; the answers behind them have been deleted. You can see them any time with "
            "`/allybot transfers`.",
            program=name,
            window=figures.weeks(window),
        )
        page = _Page()
        page.add(text, block=blocks.section(text, block_id=ids.RELEASE_NOTICE))
        page.add(*_told(say, release))
        page.draw(say, [release])
        page.add(*reading.how_to_read(say, [release]), small=True)
        show = blocks.button(say("Show the outcomes"), ids.TRANSFERS_SHOW)
        page.add(block=blocks.actions([show, *_file_buttons(say, of)]))
        return page.message(say, words=False)
    text = say(
        "Weeks {window} of *{program}* have closed without figures: fewer than {least} people's answers "
        "could be counted. They were deleted without being opened, so that nobody can be picked out. This "
        "says nothing about how much was done.",
        program=name,
        window=figures.weeks(window),
        least=of.minimum_respondents,
    )
    return blocks.message(say, (blocks.section(text, block_id=ids.RELEASE_NOTICE),))


def summary(say: Say, summaries: Sequence[Summary]) -> Message:
    """The published figures of all programs a lead leads, visible to them alone."""
    return _built(say, summaries).message(say, words=True)


def for_others(say: Say, summaries: Sequence[Summary]) -> list[Block]:
    """The same page for a modal, which holds no chart and no buttons: what it says is the same."""
    return [block for block in _built(say, summaries).shown if block["type"] != "actions"]


def _built(say: Say, summaries: Sequence[Summary]) -> _Page:
    page = _Page()
    shown = 0
    for of in summaries[:MAX_PROGRAMS]:
        longer = replace(page, shown=[*page.shown], words=[*page.words], charts=dict(page.charts))
        if shown:
            longer.add(block=blocks.rule())
        _program(say, of, longer)
        if shown and not blocks.has_room(longer.shown):
            break
        page, shown = longer, shown + 1
    if len(summaries) > shown:
        page.add(
            say(
                "You lead {number} more programs; `allybot transfers` on the command line shows them all.",
                number=len(summaries) - shown,
            )
        )
    releases = [release for of in summaries[:shown] for release in of.releases]
    if any(release.acted for release in releases):
        page.add(*reading.how_to_read(say, releases), small=True)
    return page


def _program(say: Say, of: Summary, page: _Page) -> None:
    """A program and its windows: figures, picture, then what stands beside them, then its files."""
    page.add(
        say("*Transfer outcomes: {program}*", program=blocks.escape(of.program)), *figures.upcoming(say, of)
    )
    for release in of.releases:
        page.add(_window(say, release, of))
    published = [release for release in of.releases if release.acted is not None]
    if not published:
        return
    page.draw(say, published)
    page.add(
        *(reading.beside_each_other(say, trend) for trend in trends(published)),
        *_notes(say, published),
        small=True,
    )
    if buttons := _file_buttons(say, of):
        page.add(block=blocks.actions(buttons))


def _notes(say: Say, published: Sequence[Release]) -> list[str]:
    """Why numbers do not add up, each reason once, and the footnotes about other groups."""
    why = dict.fromkeys(figures.adds_up(say, release) for release in published)
    return [line for line in (*why, *(figures.elsewhere(say, release) for release in published)) if line]


def _file_buttons(say: Say, of: Summary) -> list[ButtonElement]:
    if not of.program_id:
        return []
    about = file_ids.FiguresValue(program=of.program_id).pack()
    return [
        blocks.button(say("Page to print"), file_ids.FIGURES_PAGE, about),
        blocks.button(say("CSV"), file_ids.FIGURES_CSV, about),
        blocks.button(say("JSON"), file_ids.FIGURES_JSON, about),
    ]


def _is_picture(block: Block) -> bool:
    return str(block.get("block_id", "")).startswith("transfers.picture.")


def _window(say: Say, release: Release, of: Summary) -> str:
    title = say("*Weeks {window}*", window=figures.weeks(release.window))
    if not release.cells:
        return f"{title}\n{blocks.escape(figures.why_void(say, release, of.minimum_respondents))}"
    lines = [
        f"{title}, {blocks.escape(figures.published(say, release))}",
        figures.answered(say, release),
        *_told(say, release),
        figures.no_moment(say, release),
    ]
    barriers = [cell for cell in release.barriers if cell.name != Outcome.ACTED]
    counted = [cell for cell in barriers if cell.about is not None]
    coded = [cell for cell in barriers if cell.about is None]
    if barriers:
        lines.append(say("Of those who had a moment:"))
    lines += [f"\u2022 {_barrier(say, cell)}" for cell in counted]
    lines += [f"\u2022 {line}" for line in _coded(say, coded)]
    return "\n".join(line for line in lines if line)


def _told(say: Say, release: Release) -> list[str]:
    """The headlines of a published window, each with what silence leaves open."""
    lines = [f"*{figures.headline(say, release)}*", figures.silence(say, release)]
    if had := moments.headline(say, release):
        lines += [f"*{had}*", moments.silence(say, release)]
    return [line for line in lines if line]


def _barrier(say: Say, cell: Cell) -> str:
    return say(
        "about {number} {what} ({range}), {share}",
        number=cell.about,
        share=figures.share(say, cell),
        what=figures.outcome(say, cell),
        range=figures.people(say, cell.within),
    )


def _coded(say: Say, cells: Sequence[Cell]) -> list[str]:
    """Coded figures of one size in one line, as they are told apart by nothing."""
    alike: dict[tuple[str, str], list[str]] = {}
    for cell in cells:
        key = (figures.share(say, cell), figures.people(say, cell.within))
        alike.setdefault(key, []).append(figures.outcome(say, cell))
    return [
        say("{share} each ({range} people): {what}", share=share, range=within, what=", ".join(what))
        if len(what) > 1
        else say("{share} {what} ({range} people)", share=share, range=within, what=what[0])
        for (share, within), what in alike.items()
    ]
