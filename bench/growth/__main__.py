"""Growth: what a check-in costs among few and many people, and what a tick costs in which nothing is due.

    python -m bench.growth check-ins --people 1000 100000     # CPU per check-in from due to answered
    python -m bench.growth ticks --people 1000000 --databases postgresql
    ... --before FOLDER     # the same of another version, whose checkout is there, in turns with this one

Every version and size has a database of its own and a process of its own; they take turns within each round,
and medians of the rounds are reported. Databases are durable, as in production. Slack is a server that
answers ok at once. See `bench.seeding` for what the databases hold.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import postgres

PARTS = ("database", "vault")
HERE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Case:
    """One version of allybot with so many people on one kind of database."""

    version: str
    backend: str
    people: int

    def __str__(self) -> str:
        return f"{self.version}, {self.backend}, {self.people:,} people"


class Process:
    """A process of `bench.growth.measured`."""

    def __init__(self, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            command, env=environment, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, name: str, *given: int) -> Any:
        """Run one measurement and return its result."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(" ".join([name, *map(str, given)]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        """End it."""
        self._process.communicate()


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """The URL of a new server with its default settings."""
    server = postgres.start(folder)
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def urls_of(case: Case, folder: Path, server: str | None, like: Case | None) -> list[str]:
    """New databases for a case, (database, vault): empty, or copies of another case's."""
    names, others = ([f"{of.version}_{of.people}_{part}" for part in PARTS] for of in (case, like or case))
    if server is None:
        for name, other in zip(names, others, strict=True):
            if like:
                shutil.copyfile(folder / f"{other}.db", folder / f"{name}.db")
        return [f"sqlite:///{folder / name}.db" for name in names]
    return [
        postgres.create_database(server, name, other if like else "")
        for name, other in zip(names, others, strict=True)
    ]


@contextmanager
def slack(environment: dict[str, str]) -> Iterator[str]:
    """The base URL of a Slack in a process of its own."""
    command = [sys.executable, "-m", "bench.growth.slack"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - as above
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def started(
    options: argparse.Namespace, folder: Path, servers: dict[str, str | None], stack: ExitStack
) -> dict[Case, Process]:
    """Fill the databases of every case and start its process; what the older version has is copied."""
    # A folder that holds this bench and no allybot: Python looks there first, then in the version's own.
    only = folder / "only"
    only.mkdir()
    (only / "bench").symlink_to(HERE / "bench")
    versions = ({"before": options.before.resolve()} if options.before else {}) | {"now": HERE}
    environments = {
        version: os.environ | {"PYTHONPATH": f"{only}{os.pathsep}{root}"}
        for version, root in versions.items()
    }
    answering = stack.enter_context(slack(environments["now"]))
    commands: dict[Case, list[str]] = {}
    for backend, server in servers.items():
        for people in options.people:
            filled = None
            for version, environment in environments.items():
                case = Case(version, backend, people)
                command = [sys.executable, "-m", "bench.growth.measured"]
                command += urls_of(case, folder, server, filled)
                if filled is None:
                    sizes = {name: getattr(options, name) for name in ("due", "steps", "weeks")}
                    filling = [f"--{name}={size}" for name, size in ({"people": people} | sizes).items()]
                    subprocess.run([*command, *filling], env=environment, cwd=only, check=True)  # noqa: S603 - as above
                    filled = case
                commands[case] = command
                sys.stderr.write(f"filled: {case}\n")
    processes = {}
    for case, command in commands.items():
        processes[case] = Process([*command, f"--slack={answering}"], environments[case.version], only)
        stack.callback(processes[case].end)
    return processes


def check_ins(processes: dict[Case, Process], rounds: int, each: int) -> list[dict[str, Any]]:
    """Median cost of one check-in from due to answered, by case; milliseconds."""
    found: dict[Case, list[dict[str, float]]] = {case: [] for case in processes}
    for number in range(rounds + 1):
        for case, process in processes.items():
            cost = process.ask("check_ins", each)
            if number:  # the first round warms up
                found[case].append(cost)
        sys.stderr.write(f"round {number} of {rounds}\n")
    results = []
    for case, costs in found.items():
        median = {name: round(statistics.median(cost[name] for cost in costs), 1) for name in costs[0]}
        cpu = round(statistics.median(cost["bot"] + cost["database"] for cost in costs), 1)
        results.append({**vars(case), "cpu": cpu, **median})
    return results


def ticks(processes: dict[Case, Process], rounds: int, each: int) -> list[dict[str, Any]]:
    """Median and longest tick in which nothing is due, by case; milliseconds."""
    settled = {case: process.ask("settle") for case, process in processes.items()}
    found: dict[Case, list[dict[str, float]]] = {case: [] for case in processes}
    for number in range(rounds):
        for case, process in processes.items():
            found[case] += process.ask("ticks", each)
        sys.stderr.write(f"round {number + 1} of {rounds}\n")
    results = []
    for case, costs in found.items():
        walls = sorted(cost["wall"] for cost in costs)
        cpu = statistics.median(cost["bot"] + cost["database"] for cost in costs)
        jobs = {name: round(took, 1) for name, took in processes[case].ask("jobs").items()}
        results.append(
            {
                **vars(case),
                "wall": round(statistics.median(walls), 1),
                "cpu": round(cpu, 1),
                "mean": round(statistics.mean(walls), 1),
                "longest": round(walls[-1], 1),
                **{name: round(value, 1) for name, value in settled[case].items()},
                "jobs": jobs,
            }
        )
    return results


def main() -> None:
    """Measure, and print one JSON object a case."""
    wanted = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    wanted.add_argument("what", choices=("check-ins", "ticks"))
    wanted.add_argument("--people", type=int, nargs="+", required=True)
    wanted.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    wanted.add_argument("--before", type=Path, help="checkout of another version")
    wanted.add_argument("--rounds", type=int, default=7)
    wanted.add_argument("--each", type=int, default=10, help="check-ins or ticks a round")
    wanted.add_argument("--steps", type=int, default=5, help="check-ins behind each person")
    wanted.add_argument("--weeks", type=int, default=10, help="weeks behind each circle")
    wanted.add_argument("--folder", type=Path, help="where to put the databases while it runs")
    options = wanted.parse_args()
    options.due = options.each * (options.rounds + 1) if options.what == "check-ins" else 0
    folder = Path(tempfile.mkdtemp(prefix="allybot-growth-", dir=options.folder))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        servers: dict[str, str | None] = {}
        for backend in options.databases:
            servers[backend] = (
                stack.enter_context(postgres_server(folder)) if backend == "postgresql" else None
            )
        processes = started(options, folder, servers, stack)
        measure = check_ins if options.what == "check-ins" else ticks
        for result in measure(processes, options.rounds, options.each):
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
