"""The picture of the figures in Slack: its own chart, or a drawing in text where it takes no chart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from allybot.domain.cells import Cell
from allybot.domain.figures import Release
from allybot.i18n import Say
from allybot.message import Block
from allybot.prompts import blocks
from allybot.prompts.outcomes import figures

MAX_CHARTS = 2
"""In one message; its title and labels (Slack, data visualization block) are below."""
_TITLE, _LABEL = 50, 20
_WIDTH = 20
"""Characters of the line from nobody to everybody: with its label it fits on a phone."""


def chart(say: Say, releases: Sequence[Release]) -> Block:
    """Slack's data visualization block: for each window how many answered and how many of them acted.

    Where it was counted how many told of a moment, for each of both counts.
    """
    shown = _lines_of(say, releases)
    asked = any(each.release.nearly_all for each in shown)
    everybody = [each.release.invited if asked else each.release.everybody for each in shown]
    series = [(say("asked") if asked else say("answered"), everybody)]
    with_moments = any(release.had_a_moment for release in releases)
    most, about, least = (
        (say("at most"), say("about"), say("at least"))
        if with_moments
        else (say("acted: at most"), say("acted: about"), say("acted: at least"))
    )
    series.append((most, [each.cell.within.high for each in shown]))
    numbers = [each.cell.about for each in shown if each.cell.about is not None]
    if len(numbers) == len(shown):
        series.append((about, numbers))
    series.append((least, [each.cell.within.low for each in shown]))
    labels = [blocks.shortened(each.name, _LABEL) for each in shown]
    title = (
        say("How many told of a moment, how many acted")
        if with_moments
        else say("How many acted at least once")
    )
    return {
        "type": "data_visualization",
        "title": blocks.shortened(title, _TITLE),
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": blocks.shortened(name, _LABEL),
                    "data": [
                        {"label": label, "value": value} for label, value in zip(labels, values, strict=True)
                    ],
                }
                for name, values in series
            ],
            "axis_config": {"categories": labels, "y_label": blocks.shortened(say("people"), _TITLE)},
        },
    }


def drawing(say: Say, releases: Sequence[Release]) -> str:
    """The same in characters of equal width, in mrkdwn. The text of the message says it in words."""
    shown = _lines_of(say, releases)
    longest = max((len(each.name) for each in shown), default=0)
    lines = [
        f"{each.name:<{longest}} 0 |{_line(each.cell, each.release.everybody)}| {each.release.everybody}"
        for each in shown
    ]
    key = say("`█` the number, `▒` its range, from nobody to everybody")
    return "\n".join(["```", *lines, "```", key])


@dataclass(frozen=True)
class _Row:
    """A line of the picture, with its name."""

    name: str
    release: Release
    cell: Cell


def _lines_of(say: Say, releases: Sequence[Release]) -> list[_Row]:
    """A line for each published window, named by its weeks; or for each of its two counts, named by these."""
    found = []
    for release in releases:
        if release.acted is not None and release.had_a_moment is not None:
            found.append(_Row(say("Told of a moment"), release, release.had_a_moment))
            found.append(_Row(say("Acted"), release, release.acted))
        elif release.acted is not None:
            weeks = say("Weeks {window}", window=figures.weeks(release.window))
            found.append(_Row(weeks, release, release.acted))
    return found


def _line(cell: Cell, everybody: int) -> str:
    first = min(cell.within.low * _WIDTH // everybody, _WIDTH - 1)
    last = max(math.ceil(cell.within.high * _WIDTH / everybody), first + 1)
    line = ["·"] * first + ["▒"] * (last - first) + ["·"] * (_WIDTH - last)
    if cell.about is not None:
        line[min(cell.about * _WIDTH // everybody, _WIDTH - 1)] = "█"
    return "".join(line)
