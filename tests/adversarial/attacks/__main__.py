"""`make attack`: run every attack, print a table or JSON, and fail when a bar is missed."""

import argparse
import gc
import json
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.adversarial.attacks import disk, noise_audit, report
from tests.adversarial.attacks.databases import Effort, progress
from tests.adversarial.attacks.running import ATTACKS, in_order, parts, run, steal

PROCESSES = 3
"""For two cores, since Bolt looks for each acknowledgement every 10 ms and sleeps in between. Each takes the
next part when it has finished one."""
DISK = "disk"
_OBJECTS = 100_000
"""New objects between two looks for cycles: attackers keep hundreds of thousands of rows without any."""


def main(arguments: list[str]) -> int:
    """0 when every bar is met, 1 when one is missed or a part broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.adversarial.attacks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON list on stdout")
    parser.add_argument("--seed", type=int, default=1, help="what people answer; never the noise")
    parser.add_argument(
        "--short", action="store_true", help="fewer trials, with bars that leave room for chance"
    )
    parser.add_argument("--only", nargs="*", default=[], choices=sorted(ATTACKS), help="some attacks only")
    parser.add_argument("--page", type=Path, help="also write the rows into this page: docs/privacy.md")
    asked = parser.parse_args(arguments)
    effort, only = Effort(asked.seed, asked.short), tuple(asked.only)
    began = time.monotonic()
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, spawned, gc.set_threshold, (_OBJECTS, 50, 100)) as processes:
        names = parts(only)
        shares = {
            backend: [processes.submit(steal, backend, effort, number) for number in range(disk.SHARES)]
            for backend, name in names
            if name == DISK
        }
        running = {
            (backend, name): processes.submit(run, backend, effort, (name,))
            for backend, name in names
            if name != DISK
        }
        audit = None if only else processes.submit(noise_audit.attack, effort)
        broken = []
        for backend, stolen in shares.items():
            if faults := [fault for each in stolen if (fault := each.exception())]:
                broken.append(f"{backend} {DISK}: {faults[0]!r}")
                continue
            seen = [each.result() for each in stolen]
            running[backend, DISK] = processes.submit(disk.judge, backend, effort, seen)
        # A part that breaks must not take the findings of the others with it.
        faulty = {part: fault for part, each in running.items() if (fault := each.exception())}
        broken += [f"{' '.join(part)}: {fault!r}" for part, fault in faulty.items()]
        found = in_order({part: each.result() for part, each in running.items() if part not in faulty})
        found += audit.result() if audit else []
    progress("all", f"done in {time.monotonic() - began:.0f} s")
    for each in broken:
        progress("all", f"BROKEN  {each}")
    if asked.page:
        report.fill(asked.page, found, whole=not only and not broken)
    if asked.json:
        print(json.dumps([finding.as_json() for finding in found], indent=1))
    else:
        print("\n".join(finding.as_line() for finding in found))
    return 0 if not broken and all(finding.holds for finding in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
