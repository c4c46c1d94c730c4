"""What a check-in, a tap, an idle second and the daily chore cost among few people and among many."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from bench.measured_row import Row
from bench.options import Options
from bench.surroundings import BACKENDS, NAMES, Lines, Surroundings

QUEUE, TAP, WHOLE = "queueing one check-in", "a tap", "processor time from due to answered"
TICK, IDLE, CHORE = "an idle tick", "an idle worker's processor time", "memory of the daily chore"
WORKSPACES = "processor time from due to answered, by workspaces"
_GROWTH_BAR, _CPU_BAR = 1.3, 1.2
_IDLE_MS = 10.0
"""Of each second: one per cent of a core."""
_CHORE_MEGABYTES = 64.0
_CHECK_INS, _TICKS = 10, 10
_IN_WORKSPACES = 2000
"""People of the databases with few and with many workspaces."""


@dataclass(frozen=True)
class _Case:
    """One database that is measured."""

    backend: str
    people: int
    workspaces: int = 0

    @property
    def name(self) -> str:
        return f"growth_{self.people}_{self.workspaces}"


def rows(around: Surroundings, options: Options) -> Iterator[Row]:
    """Both databases; every size has a process of its own, and they take turns."""
    slack = around.slack()
    each = min(_CHECK_INS, options.small // 20)
    rounds = 2 * options.rounds + 1
    crowd = min(_IN_WORKSPACES, options.small * 2)
    sizes = sorted({options.small, options.base, options.large})
    cases = [_Case(backend, size) for size in sizes for backend in BACKENDS]
    cases += [_Case(backend, crowd, many) for many in (1, options.workspaces) for backend in BACKENDS]
    _fill(around, cases, each * (rounds + 1))
    processes: dict[_Case, Lines] = {}
    for case in cases:
        urls = [*_urls[case]]
        processes[case] = around.lines("bench.growth.measured", *urls, f"--slack={slack.api_url}")
    costs: dict[_Case, list[dict[str, float]]] = {case: [] for case in cases}
    for turn in range(rounds + 1):
        for case, process in processes.items():
            cost = process.ask("check_ins", each)
            if turn:  # the first round warms up
                costs[case].append(cost)
    yield from _growth(costs, options)
    yield from _by_workspaces(costs, crowd, options.workspaces)
    yield from _idle(processes, options, rounds)


_urls: dict[_Case, list[str]] = {}


def large_urls(options: Options) -> list[str]:
    """The databases of most people on PostgreSQL, which `rows` has filled and used."""
    return _urls[_Case("postgresql", options.large)]


def _fill(around: Surroundings, cases: list[_Case], due: int) -> None:
    """Fill the databases, two at a time: one on each kind, since each keeps a core busy."""
    for first in range(0, len(cases), len(BACKENDS)):
        running: list[subprocess.Popen[str]] = []
        for case in cases[first : first + len(BACKENDS)]:
            _urls[case] = around.urls(case.backend, case.name)
            command = ["-m", "bench.growth.measured", *_urls[case], f"--people={case.people}", f"--due={due}"]
            command += ["--steps=5", "--weeks=10", f"--workspaces={case.workspaces}"]
            running.append(around.process(*command))
        for process in running:
            if process.wait():
                raise RuntimeError(around.errors())


def _of(costs: list[dict[str, float]], name: str) -> list[float]:
    return [cost["bot"] + cost["database"] if name == "cpu" else cost[name] for cost in costs]


def _growth(costs: dict[_Case, list[dict[str, float]]], options: Options) -> Iterator[Row]:
    measures = (
        (QUEUE, "queue", options.base, _GROWTH_BAR),
        (TAP, "tap", options.base, _GROWTH_BAR),
        (WHOLE, "cpu", options.small, _CPU_BAR),
    )
    for name, key, beside, bar in measures:
        for backend in BACKENDS:
            ours, theirs = costs[_Case(backend, options.large)], costs[_Case(backend, beside)]
            case = f"{options.large:,} people, {NAMES[backend]}"
            yield Row(name, f"{beside:,} people", case, "ms", _of(ours, key), _of(theirs, key), bar)


def _by_workspaces(costs: dict[_Case, list[dict[str, float]]], crowd: int, many: int) -> Iterator[Row]:
    for backend in BACKENDS:
        ours, theirs = costs[_Case(backend, crowd, many)], costs[_Case(backend, crowd, 1)]
        case = f"{crowd:,} people in {many:,} workspaces, {NAMES[backend]}"
        yield Row(WORKSPACES, "in 1 workspace", case, "ms", _of(ours, "cpu"), _of(theirs, "cpu"), _CPU_BAR)


def _idle(processes: dict[_Case, Lines], options: Options, rounds: int) -> Iterator[Row]:
    idle = {case: process for case, process in processes.items() if not case.workspaces}
    chores = {case: process.ask("settle") for case, process in idle.items()}
    ticks: dict[_Case, list[dict[str, float]]] = {case: [] for case in idle}
    for _ in range(rounds):
        for case, process in idle.items():
            found = sorted(process.ask("ticks", _TICKS), key=lambda tick: tick["wall"])
            ticks[case].append(found[len(found) // 2])
    for backend in BACKENDS:
        large = _Case(backend, options.large)
        where = f"{options.large:,} people, {NAMES[backend]}"
        ours, theirs = ticks[large], ticks[_Case(backend, options.base)]
        beside = f"{options.base:,} people"
        yield Row(TICK, beside, where, "ms", _of(ours, "wall"), _of(theirs, "wall"), _GROWTH_BAR)
        allowed = "1 % of a second"
        yield Row(IDLE, allowed, where, "ms", _of(ours, "cpu"), [_IDLE_MS], 1.0)
        grown = [chores[large]["chore_megabytes"]]
        yield Row(CHORE, "what is allowed", where, "MB", grown, [_CHORE_MEGABYTES], 1.0)
