"""Speed, memory and growth of allybot beside floors and other libraries; `make bench`.

    python -m bench                          # 1 and 100 thousand people, about a quarter of an hour
    python -m bench --scale 1m               # up to a million people, several hours
    python -m bench --only press start       # some of it
    python -m bench --page docs/performance.md    # writes the table there, too

Everything is compared in turn within one run, because machines differ and are noisy; a row is the ratio of
both medians, with the lowest and highest ratio of a round. It ends 0 whatever was measured, and says which
bars were missed.
"""

import argparse
import json
import os
import platform
import signal
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bench.aligned import aligned
from bench.measured_row import HEAD, Row
from bench.options import SCALES
from bench.page import fill
from bench.rows import GROUPS
from bench.surroundings import Surroundings


def measured(scale: str, only: list[str], folder: Path | None, page: Path | None) -> list[Row]:
    """Run the groups named; the page is filled after each, so that a run that is ended leaves what it had."""
    run = datetime.now(UTC)
    found: list[Row] = []
    with ExitStack() as stack:
        around = Surroundings(stack, folder)
        for name in GROUPS:
            if name not in only:
                continue
            began = time.monotonic()
            try:
                found += GROUPS[name](around, SCALES[scale])
            except BaseException:
                sys.stderr.write(around.errors())
                raise
            around.end_processes()
            if page:
                fill(page, found, f"`--scale {scale}`; {machine(run)}")
            sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    return found


def machine(began: datetime) -> str:
    """Where and when it ran, and how busy the machine was."""
    minutes = (datetime.now(UTC) - began).total_seconds() / 60
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{began:%d %B %Y}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {minutes:.0f} minutes; "
        f"load at the end over 1, 5 and 15 minutes: {load}"
    )


def said(rows: list[Row]) -> str:
    """Which lines miss what was promised."""
    missed = [row for row in rows if row.missed]
    lines = [f"{len(missed)} of {len(rows)} lines miss what was promised" + (":" if missed else ".")]
    lines += [f"- {row.name}, {row.case}: {row.ratio:.2f} times {row.beside}; {row.missed}" for row in missed]
    return "\n".join(lines)


def main() -> None:
    """Measure, and print a table or one JSON object."""
    wanted = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    wanted.add_argument("--scale", choices=SCALES, default="100k")
    wanted.add_argument("--only", choices=GROUPS, nargs="+", help="`due` needs `growth`")
    wanted.add_argument("--json", action="store_true")
    wanted.add_argument("--page", type=Path, help="write the table between the marks of this page")
    wanted.add_argument("--folder", type=Path, help="where databases lie while it runs")
    options = wanted.parse_args()
    only = options.only or list(GROUPS)
    if "due" in only and "growth" not in only:
        wanted.error("due needs the databases of growth")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what it started ends, too
    began = datetime.now(UTC)
    rows = measured(options.scale, only, options.folder, options.page)
    where = f"--scale {options.scale}; {machine(began)}"
    if options.json:
        print(json.dumps({"run": where, "rows": [row.as_json() for row in rows]}, indent=1))
        return
    print(aligned([HEAD, *(row.cells() for row in rows)]))
    print(f"\n{where}\n\n{said(rows)}")


if __name__ == "__main__":
    main()
