"""Messages to leads: the notice that a window was published or is void, and the summary of figures."""

from collections.abc import Sequence

from allybot.domain.cells import Cell
from allybot.domain.figures import Release, Summary
from allybot.domain.plans import Outcome
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.outcomes import figures

MAX_PROGRAMS = 7
"""A message holds 45 blocks; a program of two windows fills five or six with the line above it."""


def release_notice(
    say: Say, program: str, window: str, minimum_respondents: int, *, published: bool
) -> Message:
    """The notice to all leads that a window was published or is void."""
    name = blocks.escape(program)
    if published:
        text = say(
            "The transfer outcomes of *{program}*, weeks {window}, are out. They were published once and "
            "will not change; the answers behind them have been deleted. You can see them any time with "
            "`/allybot transfers`.",
            program=name,
            window=figures.weeks(window),
        )
        button = blocks.button(say("Show the outcomes"), ids.TRANSFERS_SHOW)
        return blocks.message(
            say, (blocks.section(text, block_id=ids.RELEASE_NOTICE), blocks.actions([button]))
        )
    text = say(
        "Weeks {window} of *{program}* have closed without figures: fewer than {least} people's answers "
        "could be counted. They were deleted without being opened, so that nobody can be picked out. This "
        "says nothing about how much was done.",
        program=name,
        window=figures.weeks(window),
        least=minimum_respondents,
    )
    return blocks.message(say, (blocks.section(text, block_id=ids.RELEASE_NOTICE),))


def summary(say: Say, summaries: Sequence[Summary]) -> Message:
    """The published figures of all programs a lead leads, visible to them alone."""
    parts: list[Block] = []
    texts: list[str] = []
    shown = 0
    for of in summaries[:MAX_PROGRAMS]:
        told = _program(say, of)
        rows = [*([blocks.rule()] if parts else []), *(block for block, _ in told)]
        if parts and not blocks.has_room([*parts, *rows]):
            break
        parts += rows
        texts += [text for _, text in told]
        shown += 1
    if len(summaries) > shown:
        more = say(
            "You lead {number} more programs; `allybot transfers` on the command line shows them all.",
            number=len(summaries) - shown,
        )
        parts.append(blocks.section(more))
        texts.append(more)
    if any(release.acted for of in summaries[:shown] for release in of.releases):
        closing = f"{figures.how_to_read(say)} {figures.cannot_tell(say)}"
        parts.append(blocks.small(closing))
        texts.append(closing)
    return blocks.message(say, parts, words="\n\n".join(texts))


def _program(say: Say, of: Summary) -> list[tuple[Block, str]]:
    """A program and its windows, with footnotes on other groups and on what the figures cannot tell."""
    title = say("*Transfer outcomes: {program}*", program=blocks.escape(of.program))
    opening = "\n".join([title, *figures.upcoming(say, of)])
    told = [(blocks.section(opening), opening)]
    for release in of.releases:
        text = _window(say, release, of)
        told.append((blocks.section(text), text))
        if footnote := figures.elsewhere(say, release):
            told.append((blocks.small(footnote), footnote))
    if warnings := " ".join(figures.warnings(say, of)):
        told.append((blocks.small(warnings), warnings))
    return told


def _window(say: Say, release: Release, of: Summary) -> str:
    title = say("*Weeks {window}*", window=figures.weeks(release.window))
    if not release.cells:
        return f"{title}\n{blocks.escape(figures.why_void(say, release, of.minimum_respondents))}"
    lines = [
        f"{title}, {blocks.escape(figures.published(say, release))}",
        figures.asked(say, release),
        f"*{figures.headline(say, release)}*",
        figures.silence(say, release),
        figures.no_moment(say, release),
    ]
    barriers = [cell for cell in release.barriers if cell.name != Outcome.ACTED]
    if barriers:
        lines.append(say("Of those who had a moment:"))
    lines += [f"\u2022 {_barrier(say, cell, release)}" for cell in barriers]
    return "\n".join(line for line in lines if line)


def _barrier(say: Say, cell: Cell, release: Release) -> str:
    what = figures.outcome(say, cell, release.tier)
    within = figures.people(say, cell.within)
    if cell.about is None:
        return say("{share} {what} ({range} people)", share=figures.share(say, cell), what=what, range=within)
    return say(
        "about {number} {what} ({range}), {share}",
        number=cell.about,
        share=figures.share(say, cell),
        what=what,
        range=within,
    )
