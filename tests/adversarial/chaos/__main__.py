"""`python -m tests.adversarial.chaos`: what `make chaos` runs."""

import argparse
import json
import logging
import signal
import sys

from tests.adversarial.chaos.mutations import MUTATIONS
from tests.adversarial.chaos.plan import FULL, SHORT
from tests.adversarial.chaos.run import run

BACKENDS = ("postgresql", "sqlite")


def main() -> int:
    """Run on each backend; 1 when a bar is missed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that databases are put away
    # A worker that is killed hangs up in the middle of a request, as it is meant to here.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    options = _options()
    scale = SHORT if options.short else FULL
    missed = False
    runs = []
    for backend in options.backend or BACKENDS:
        result = run(backend, scale, options.seed, options.mutation, _say)
        runs.append({name: value for name, value in vars(result).items() if name != "drained"})
        for problem in result.missed(scale):
            missed = True
            _say(f"{backend}: {problem}")
        if not options.json:
            print(
                f"{backend}: {result.delivered} of {result.due} delivered, {result.duplicated} twice, "
                f"{result.lost} lost; {result.uncertain} uncertain ones resolved, {result.kills} kills, "
                f"{sum(result.faults.values())} failed calls, "
                f"a wrong clock noticed {result.refusals} times, {result.put_aside} bad rows put aside; "
                f"{result.presses} presses, {result.unacknowledged} not acknowledged, "
                f"{result.unanswered} not answered, {result.asked_again} asked to press again, slowest "
                f"{result.slowest} s, {result.votes_lost} votes lost; {result.seconds} s"
            )
    if options.json:
        print(json.dumps({"seed": options.seed, "short": options.short, "holds": not missed, "runs": runs}))
    return int(missed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=main.__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--seed", type=int, default=1, help="drives kills and faults")
    parser.add_argument("--short", action="store_true", help="a run of half a minute a backend")
    parser.add_argument("--backend", action="append", choices=BACKENDS, help="only this one")
    parser.add_argument(
        "--mutation", default="", choices=sorted(MUTATIONS), help="let the workers be wrong: must fail"
    )
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
