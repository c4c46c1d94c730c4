"""Lives 26 weeks in three circles on a moving clock, and prints what each got.

`python -m bench.circle_weeks` takes some minutes. Circles of 4, 8 and 12 live at each voting rate, with
somebody who never answers, on leave, leaving and joining; the bot is down for two days across a Monday. The
people are scripted and use what Slack's client offers; they write no plans. Ends with 1 if a rule is broken,
and names it.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from bench.aligned import aligned
from bench.circle_weeks.living import WEEKS, live
from bench.circle_weeks.records import CircleRun
from bench.circle_weeks.rules import NEEDED, NEEDED_BEFORE, broken_rules

RATES = (0.5, 0.7, 0.9)


def table(runs: Sequence[CircleRun]) -> str:
    """What each circle had, a row each."""
    heads = (
        *("circle", "voting", "weeks", "scenarios", "turns, fewest to most", "nobody", "unasked"),
        *(f"opened from {NEEDED}", f"from {NEEDED_BEFORE}"),
    )
    return aligned([heads, *(_row(run) for run in runs)])


def _row(run: CircleRun) -> tuple[str, ...]:
    titles = {title for week in run.weeks for title in week.scenarios}
    posts = sum(len(week.scenarios) for week in run.weeks)
    turns = [*run.turns.values()]
    return (
        str(run.size),
        f"{run.voting:.0%}",
        f"{len(run.weeks)} of {len(run.mondays)}",
        f"{len(titles)} in {posts} posts",
        f"{min(turns)} to {max(turns)} of {len(turns)} people",
        str(sum(week.facilitator is None for week in run.weeks)),
        str(sum(bool(week.facilitator) and week.facilitator not in week.agreed for week in run.weeks)),
        *(f"{weeks / len(run.weeks):.0%}" for weeks in (run.opened, run.opened_from(NEEDED_BEFORE))),
    )


def as_json(runs: Sequence[CircleRun]) -> str:
    """The same, with every week."""
    circles = [asdict(run) | {"turns": run.turns, "broken": broken_rules(run)} for run in runs]
    return json.dumps({"circles": circles}, default=_plain, indent=1)


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def main() -> int:
    """Live the weeks, print them, and say what is broken."""
    wanted = argparse.ArgumentParser(prog="python -m bench.circle_weeks", description=__doc__.splitlines()[0])
    wanted.add_argument("--weeks", type=int, default=WEEKS, choices=range(2, WEEKS + 1), metavar="WEEKS")
    wanted.add_argument("--voting", type=float, nargs="+", default=RATES, help="shares of members who vote")
    wanted.add_argument("--seed", type=int, default=1)
    wanted.add_argument("--database", default="", help="database URL; a temporary SQLite file by default")
    wanted.add_argument("--vault", default="", help="vault URL; a temporary SQLite file by default")
    wanted.add_argument("--json", action="store_true", help="print JSON with every week")
    options = wanted.parse_args()
    runs = live(options.voting, options.weeks, options.seed, options.database, options.vault)
    print(as_json(runs) if options.json else table(runs))
    broken = [sentence for run in runs for sentence in broken_rules(run)]
    for sentence in broken:
        sys.stderr.write(f"Broken: {sentence}\n")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
