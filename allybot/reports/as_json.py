"""Figures for machines. The names are a promise to whoever reads them; a test holds them."""

import json
from collections.abc import Sequence
from typing import Any

from allybot.domain.cells import Cell, Interval
from allybot.domain.figures import Release, Summary
from allybot.domain.trends import Trend, trends
from allybot.domain.windows import WindowState
from allybot.i18n import ENGLISH
from allybot.prompts.outcomes import figures, moments, reading


def write(summaries: Sequence[Summary]) -> str:
    """One JSON object for one program, a list of such objects for none or several."""
    found = [program(summary) for summary in summaries]
    return json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False, indent=2)


def program(summary: Summary) -> dict[str, Any]:
    """One program; `next` is null when every window has closed; `trends` stands where two can be compared."""
    coming = {
        "window": summary.next_window,
        "closes_on": summary.next_closes_on.isoformat() if summary.next_closes_on else None,
    }
    compared = [_trend(trend) for trend in trends(summary.releases)]
    return {
        "program": summary.program,
        "releases": [release(made) for made in summary.releases],
        **({"trends": compared} if compared else {}),
        "next": coming if summary.next_window else None,
    }


def release(made: Release) -> dict[str, Any]:
    """One release; of a void window only its name, state and day are known.

    Of one that waits for its pool `published_on` is null, and `waits_until` says how long it may.

    `invited` is null without figures: it would be an exact number of people.

    `noise.scale` is that of each count; `noise.epsilon` is what all of the release spent.

    `respondents` is null where nearly all of those invited answered; shares are then of all invited.
    """
    noise = {
        "mechanism": "discrete_laplace",
        "epsilon": made.epsilon,
        "scale": float(made.noise_scale),
    }
    return {
        "window": made.window,
        "state": made.state.value,
        "published_on": None if made.state is WindowState.WAITING else made.published_on.isoformat(),
        "invited": made.told_invited,
        "respondents": made.respondents,
        "tier": made.tier.value if made.tier else None,
        "cells": [_cell(cell) for cell in made.cells],
        "non_response_bounds": _interval(made.bounds) if made.bounds else None,
        "headline": figures.headline(ENGLISH, made) or None,
        "silence": figures.silence(ENGLISH, made) or None,
        **_moments(made),
        "noise": noise if made.epsilon is not None else None,
        "waits_until": made.waits.until.isoformat() if made.waits else None,
        "pooled_from": list(made.waits.pooled_from) if made.waits else [],
    }


def _moments(made: Release) -> dict[str, Any]:
    """How many told of a moment, in words and as bounds, of a program that counts it; else nothing."""
    if made.had_a_moment is None:
        return {}
    left_open = made.moments_if_silent
    return {
        "moments_headline": moments.headline(ENGLISH, made),
        "moments_silence": moments.silence(ENGLISH, made) or None,
        "moments_non_response_bounds": _interval(left_open.as_shares(made.invited)) if left_open else None,
    }


def _trend(trend: Trend) -> dict[str, Any]:
    """Two windows beside each other: `rose` or `fell`, or null where noise alone can make the difference.

    `chance_of_noise` is how likely noise makes a difference as large or larger, 0 to 1.
    """
    direction = "rose" if trend.difference > 0 else "fell"
    return {
        "from": trend.earlier.window,
        "to": trend.later.window,
        "direction": direction if trend.is_stated else None,
        "chance_of_noise": round(trend.chance, 4),
        "in_words": reading.beside_each_other(ENGLISH, trend),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    """A figure; when it is coded, `at_most` or `at_least` stands in place of `share`, and `about` is null.

    `from` and `to` are whole people of this group, `beyond_this_group` are shares.
    """
    if cell.at_most is not None:
        share = {"at_most": cell.at_most}
    elif cell.at_least is not None:
        share = {"at_least": cell.at_least}
    else:
        share = {"share": cell.share or 0.0}
    return {
        "name": cell.name,
        "about": cell.about,
        "from": cell.within.low,
        "to": cell.within.high,
        **share,
        "beyond_this_group": _interval(cell.beyond),
    }


def _interval(interval: Interval) -> dict[str, float]:
    return {"low": interval.low, "high": interval.high}
