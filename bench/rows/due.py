"""Handling a hundred trainees that are due among many, beside queues of jobs that do the same for each."""

from collections.abc import Iterator

from bench.measured_row import Row
from bench.options import Options
from bench.rows import growth
from bench.surroundings import Surroundings

NAME = "handling 100 due"
_BAR = 1.0
_DUE = 100


def rows(around: Surroundings, options: Options) -> Iterator[Row]:
    """On the largest database of `growth`, on PostgreSQL, as Procrastinate has no other."""
    many = min(_DUE, options.large // 20)
    process = around.lines("bench.processes.due", *growth.large_urls(options))
    process.ask("fill")
    took: dict[str, list[float]] = {"ours": [], "procrastinate": [], "apscheduler": [], "plain": []}
    for turn in range(options.rounds + 1):
        for name, each in took.items():
            found = process.ask(name, many)
            if turn or options.rounds == 1:
                each.append(found)
    case = f"{many} among {options.large:,}, PostgreSQL"
    yield Row(NAME, "Procrastinate", case, "ms", took["ours"], took["procrastinate"], _BAR)
    yield Row(NAME, "APScheduler's job store", case, "ms", took["ours"], took["apscheduler"])
    yield Row(NAME, "three bare statements each", case, "ms", took["ours"], took["plain"])
