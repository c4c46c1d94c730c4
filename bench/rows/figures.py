"""Publishing a window beside opening as many boxes, and pulling its summary by how many answered."""

from collections.abc import Iterator

from bench.measured_row import Row
from bench.options import Options
from bench.surroundings import BACKENDS, NAMES, Surroundings

PUBLISH, PULL = "publishing", "pulling a summary"
_PUBLISH_BAR, _PULL_BAR = 1.3, 1.2
_FEW = 1000


def rows(around: Surroundings, options: Options) -> Iterator[Row]:
    """Both databases."""
    for backend in BACKENDS:
        process = around.lines("bench.processes.figures", *around.urls(backend, "figures"))
        few, ours, theirs = min(_FEW, options.ballots // 2), [], []
        for number in range(1, options.rounds + 1):
            process.ask("fill", number, options.ballots)
            theirs.append(process.ask("boxes", number))
            ours.append(process.ask("publish", number))
        case = f"{options.ballots:,} answers, {NAMES[backend]}"
        yield Row(PUBLISH, "opening as many boxes", case, "s", ours, theirs, _PUBLISH_BAR)
        process.ask("fill", 0, few)
        process.ask("publish", 0)
        process.ask("pull", 0)  # compiles the statements
        turns = [(process.ask("pull", 1), process.ask("pull", 0)) for _ in range(2 * options.rounds)]
        many, less = ([turn[place] for turn in turns] for place in (0, 1))
        yield Row(PULL, f"{few:,} answers", case, "ms", many, less, _PULL_BAR)
