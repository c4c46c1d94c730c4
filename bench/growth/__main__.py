"""Growth: what a check-in costs among few and many people, and what a tick costs in which nothing is due.

    python -m bench.growth check-ins --people 1000 100000     # CPU per check-in from due to answered
    python -m bench.growth ticks --people 1000000 --databases postgresql
    ... --before FOLDER     # the same of another version, whose checkout is there, in turns with this one

Every version and size has a database of its own and a process of its own; they take turns within each round,
and medians of the rounds are reported. Databases are durable, as in production. Slack is a process that
answers ok at once. See `bench.seeding` for what the databases hold.
"""

import argparse
import json
import os
import statistics
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.surroundings import BACKENDS, ROOT, Lines, Surroundings

_MEASURED = "bench.growth.measured"


@dataclass(frozen=True)
class Case:
    """One version of allybot with so many people on one kind of database."""

    version: str
    backend: str
    people: int

    def __str__(self) -> str:
        return f"{self.version}, {self.backend}, {self.people:,} people"

    @property
    def database(self) -> str:
        """What its databases are called."""
        return f"{self.version}_{self.people}"


def started(options: argparse.Namespace, around: Surroundings) -> dict[Case, Lines]:
    """Fill the databases of every case and start its process; what the older version has is copied.

    Raises:
        RuntimeError: a database could not be filled.
    """
    # A folder that holds this bench and no allybot: Python looks there first, then in the version's own.
    only = around.folder / "only"
    only.mkdir()
    (only / "bench").symlink_to(ROOT / "bench")
    versions = ({"before": options.before.resolve()} if options.before else {}) | {"now": ROOT}
    paths = {version: f"{only}{os.pathsep}{root}" for version, root in versions.items()}
    slack = around.slack()
    urls: dict[Case, list[str]] = {}
    for backend in options.databases:
        for people in options.people:
            filled = ""
            for version, path in paths.items():
                case = Case(version, backend, people)
                urls[case] = around.urls(backend, case.database, filled)
                if not filled:
                    sizes = {name: getattr(options, name) for name in ("due", "steps", "weeks")}
                    filling = [f"--{name}={size}" for name, size in ({"people": people} | sizes).items()]
                    if around.process("-m", _MEASURED, *urls[case], *filling, PYTHONPATH=path).wait():
                        raise RuntimeError(around.errors())
                    filled = case.database
                sys.stderr.write(f"filled: {case}\n")
    return {
        case: Lines(
            around.process("-m", _MEASURED, *of, f"--slack={slack.api_url}", PYTHONPATH=paths[case.version])
        )
        for case, of in urls.items()
    }


def check_ins(processes: dict[Case, Lines], rounds: int, each: int) -> list[dict[str, Any]]:
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


def ticks(processes: dict[Case, Lines], rounds: int, each: int) -> list[dict[str, Any]]:
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
    wanted.add_argument("--databases", nargs="+", default=list(BACKENDS))
    wanted.add_argument("--before", type=Path, help="checkout of another version")
    wanted.add_argument("--rounds", type=int, default=7)
    wanted.add_argument("--each", type=int, default=10, help="check-ins or ticks a round")
    wanted.add_argument("--steps", type=int, default=5, help="check-ins behind each person")
    wanted.add_argument("--weeks", type=int, default=10, help="weeks behind each circle")
    wanted.add_argument("--folder", type=Path, help="where to put the databases while it runs")
    options = wanted.parse_args()
    options.due = options.each * (options.rounds + 1) if options.what == "check-ins" else 0
    with ExitStack() as stack:
        processes = started(options, Surroundings(stack, options.folder))
        measure = check_ins if options.what == "check-ins" else ticks
        for result in measure(processes, options.rounds, options.each):
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
