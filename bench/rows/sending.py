"""How fast messages go out beside a plain loop, and within Slack's limits."""

import time
from collections.abc import Iterator, Sequence

from bench.measured_row import AT_LEAST, Row
from bench.options import Options
from bench.slack.web_api import PERMITTED_POSTS
from bench.surroundings import Lines, Surroundings

DISPATCH, WORKERS, PERMITTED = "sending", "sending, two workers", "sending within Slack's limits"
_BAR, _WORKERS_BAR, _PERMITTED_BAR = 0.9, 1.8, 0.95
_FIRST = "everybody's first of the day"
"""Slack is asked whether somebody is still there before their first message of a day."""
_WORKSPACES = 40
_DELAYS_MS = (0, 100)
_PATIENCE_SECONDS = 120
_START_SECONDS = 5
"""What the first posts after a pause may exceed the rate by is over after this."""


def rows(around: Surroundings, options: Options) -> Iterator[Row]:
    """With a Slack that answers at once and one that takes 100 ms; on PostgreSQL, for two workers."""
    urls = filled(around, "sending", options.messages, _WORKSPACES)
    for delay in _DELAYS_MS:
        slack = around.slack("--delay-ms", str(delay))
        workers = [around.lines("bench.processes.sending", *urls, slack.api_url) for _ in range(2)]
        loops = [around.lines("bench.peers.plain_loop", slack.api_url) for _ in range(2)]
        workers[0].ask("queue", options.messages)
        yield from _beside_loops(delay, workers, loops, options)
    yield from _permitted(around, options)


def filled(around: Surroundings, name: str, due: int, workspaces: int) -> list[str]:
    """New databases on PostgreSQL in which so many check-ins are due."""
    urls = around.urls("postgresql", name)
    people = max(2 * due, workspaces)
    sizes = {"people": people, "due": due, "steps": 1, "weeks": 1, "workspaces": min(workspaces, people)}
    arguments = [f"--{each}={value}" for each, value in sizes.items()]
    if around.process("-m", "bench.growth.measured", *urls, *arguments).wait():
        raise RuntimeError(around.errors())
    return urls


def _beside_loops(delay: int, workers: list[Lines], loops: list[Lines], options: Options) -> Iterator[Row]:
    each: dict[str, list[float]] = {}
    half, whole = options.messages // 2, options.messages
    for _ in range(options.rounds):
        for name, asks in (("asking first", 1), ("", 0)):
            if asks:
                for worker in workers:
                    worker.ask("forget")
            each.setdefault(f"ours {name}", []).append(_rate(workers[:1], whole, workers[0]))
            each.setdefault(f"theirs {name}", []).append(_rate(loops[:1], whole, None, asks))
        _rate(workers[1:], whole, workers[0])  # by now the second worker has asked about everybody, too
        each.setdefault("two", []).append(_rate(workers, whole, workers[0]))
        each.setdefault("two loops", []).append(_rate(loops, half, None, 0))
    case = f"Slack takes {delay} ms"
    bar = _BAR if delay else None
    for name, beside, ours, theirs in (
        ("one worker", "a plain loop", "ours ", "theirs "),
        (f"one worker, {_FIRST}", "a loop that asks too", "ours asking first", "theirs asking first"),
        ("two workers", "two plain loops", "two", "two loops"),
    ):  # fmt: skip
        yield Row(DISPATCH, beside, f"{case}, {name}", "a second", each[ours], each[theirs], bar, AT_LEAST)
    yield Row(WORKERS, "one worker", case, "a second", each["two"], each["ours "], _WORKERS_BAR, AT_LEAST)


def _rate(senders: Sequence[Lines], many: int, again: Lines | None, asks: int = 0) -> float:
    """Messages a second of senders that begin together; workers share them, loops send `many` each."""
    if again is not None:
        again.ask("again")
    began = time.perf_counter()
    for sender in senders:
        sender.tell("send", *([_PATIENCE_SECONDS] if again else [many, asks]))
    sent = sum(sender.told()["rows"] for sender in senders)
    return float(sent / (time.perf_counter() - began))


def _permitted(around: Surroundings, options: Options) -> Iterator[Row]:
    """One worker and two, each in a workspace and a database of their own, at the same time."""
    begun = []
    due = 2 * PERMITTED_POSTS * options.permitted_seconds // 60
    for count in (1, 2):
        urls = filled(around, f"permitted{count}", due, 1)
        slack = around.slack("--limited")
        workers = [
            around.lines("bench.processes.sending", *urls, slack.api_url, "--limits") for _ in range(count)
        ]
        workers[0].ask("queue", due)
        begun.append((slack, workers))
    for slack, workers in begun:
        slack.begin()
        for worker in workers:
            worker.tell("send", options.permitted_seconds)
    for slack, workers in begun:
        for worker in workers:
            worker.told()
        seen = slack.seen()
        start = min(_START_SECONDS, options.permitted_seconds / 2)
        watched = options.permitted_seconds - start
        counted = sum(start <= at < options.permitted_seconds for at in seen["posted"])
        refused = ", ".join(f"{many} of {method}" for method, many in seen["refused"].items())
        yield Row(
            PERMITTED,
            "what Slack lets through",
            f"{len(workers)} worker{'s' * (len(workers) - 1)}, {_FIRST}",
            "a minute",
            [counted * 60 / watched],
            [PERMITTED_POSTS],
            _PERMITTED_BAR,
            AT_LEAST,
            broken=f"answered 429: {refused}" if refused else "",
        )
