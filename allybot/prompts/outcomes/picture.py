"""The picture of the figures in Slack: its own chart, or a drawing in text where it takes no chart."""

import math
from collections.abc import Sequence

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
    """Slack's data visualization block: for each window how many answered and how many of them acted."""
    shown = [release for release in releases if release.acted is not None]
    asked = any(release.nearly_all for release in shown)
    series = [(say("asked") if asked else say("answered"), [_everybody(each, asked=asked) for each in shown])]
    cells = [release.acted for release in shown if release.acted is not None]
    series.append((say("acted: at most"), [cell.within.high for cell in cells]))
    numbers = [cell.about for cell in cells if cell.about is not None]
    if len(numbers) == len(cells):
        series.append((say("acted: about"), numbers))
    series.append((say("acted: at least"), [cell.within.low for cell in cells]))
    labels = [blocks.shortened(_named(say, release), _LABEL) for release in shown]
    return {
        "type": "data_visualization",
        "title": blocks.shortened(say("How many acted at least once"), _TITLE),
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
    shown = [release for release in releases if release.acted is not None]
    longest = max((len(_named(say, release)) for release in shown), default=0)
    lines = [
        f"{_named(say, release):<{longest}} 0 |{_line(release)}| {release.everybody}" for release in shown
    ]
    key = say("`█` the number, `▒` its range, from nobody to everybody")
    return "\n".join(["```", *lines, "```", key])


def _named(say: Say, release: Release) -> str:
    return say("Weeks {window}", window=figures.weeks(release.window))


def _everybody(release: Release, *, asked: bool) -> int:
    return release.invited if asked else release.everybody


def _line(release: Release) -> str:
    cell, everybody = release.acted, release.everybody
    if cell is None:
        return ""
    first = min(cell.within.low * _WIDTH // everybody, _WIDTH - 1)
    last = max(math.ceil(cell.within.high * _WIDTH / everybody), first + 1)
    line = ["·"] * first + ["▒"] * (last - first) + ["·"] * (_WIDTH - last)
    if cell.about is not None:
        line[min(cell.about * _WIDTH // everybody, _WIDTH - 1)] = "█"
    return "".join(line)
