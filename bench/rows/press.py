"""How soon a press is acknowledged, while every press opens a modal, beside a bare Bolt app."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack

from bench.bots import Bot, environment, over_http, over_sockets, settle
from bench.measured_row import Row, percentile
from bench.options import Options
from bench.slack.web_api import TRIGGER_SECONDS
from bench.surroundings import NAMES, Slack, Surroundings

BARS = {50: 2.0, 100: 3.0}
"""By presses a second: at most so many times what a bare app takes."""
ALLOWED_MS = {200: 250.0}
"""At 200 a second over HTTP on PostgreSQL."""
LATEST_MS = 1000.0
"""No acknowledgement may take longer there."""
NAME = "acknowledgement, p99"
_BARE = "bare Bolt"
_QUIET_SECONDS = 1.0


def rows(around: Surroundings, options: Options) -> Iterator[Row]:
    """Both ways, each rate, both databases."""
    slack = around.slack()
    urls = {backend: around.urls(backend, "press") for backend in NAMES}
    for each in urls.values():
        settle(each)
    for way in ("http", "socket"):
        bare = ["-m", "bench.peers.bare_bolt", way]
        settings = {
            backend: environment(slack, each) | {"WEB_CONCURRENCY": str(os.cpu_count() or 1)}
            for backend, each in urls.items()
        }
        found: dict[tuple[str, int], list[dict[str, float]]] = {}
        for _ in range(options.rounds):
            _round(around, slack, way, bare, settings, options, found)
        for backend in NAMES:
            for rate in options.rates:
                yield _row(way, backend, rate, found)


def _round(
    around: Surroundings,
    slack: Slack,
    way: str,
    bare: list[str],
    settings: dict[str, dict[str, str]],
    options: Options,
    found: dict[tuple[str, int], list[dict[str, float]]],
) -> None:
    """One after the other, because on two cores whoever idles beside the other still takes its share."""
    commands = {_BARE: (bare, environment(slack))} | {
        backend: (["-m", "allybot", "web" if way == "http" else "run"], each)
        for backend, each in settings.items()
    }
    for name, (command, given) in commands.items():
        with ExitStack() as stack:
            if way == "http":
                bot = stack.enter_context(over_http(around, command, given))
            else:
                connections = 1 if name == _BARE else 2
                bot = stack.enter_context(over_sockets(around, slack, command, given, connections))
            slack.press(bot.url, 10, min(1.0, options.press_seconds))  # whatever is loaded at the first press
            for rate in options.rates:
                time.sleep(min(_QUIET_SECONDS, options.press_seconds))
                found.setdefault((name, rate), []).append(_pressed(slack, bot, rate, options.press_seconds))


def _pressed(slack: Slack, bot: Bot, rate: int, seconds: float) -> dict[str, float]:
    result = slack.press(bot.url, rate, seconds)
    acks = result["acks"]
    return {
        "p99": percentile(acks, 0.99),
        "latest": max(acks),
        "over": sum(ack > TRIGGER_SECONDS * 1000 for ack in acks),
        "unopened": result["sent"] - result["opened"],
        "sent": result["sent"],
    }


def _row(way: str, backend: str, rate: int, found: dict[tuple[str, int], list[dict[str, float]]]) -> Row:
    ours, theirs = found[backend, rate], found[_BARE, rate]
    is_the_hard_one = way == "http" and backend == "postgresql" and rate in ALLOWED_MS
    broken = []
    sent, unopened = (sum(int(each[name]) for each in ours) for name in ("sent", "unopened"))
    if unopened:
        theirs_too = sum(int(each["unopened"]) for each in theirs)
        beside = f" (bare Bolt: {theirs_too})" if theirs_too else ""
        broken.append(f"{unopened} of {sent} modals not opened within 3 s{beside}")
    if late := sum(int(each["over"]) for each in ours):
        broken.append(f"{late} of {sent} acknowledged after 3 s")
    latest = max(each["latest"] for each in ours)
    if is_the_hard_one and latest > LATEST_MS:
        broken.append(f"the latest took {latest:,.0f} ms")
    way_name = "HTTP" if way == "http" else "Socket Mode"
    return Row(
        name=NAME,
        beside=_BARE,
        case=f"{way_name}, {rate} a second, {NAMES[backend]}",
        unit="ms",
        ours=[each["p99"] for each in ours],
        theirs=[each["p99"] for each in theirs],
        bar=BARS.get(rate),
        allowed=ALLOWED_MS[rate] if is_the_hard_one else None,
        broken="; ".join(broken),
    )
