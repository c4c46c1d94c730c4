"""`make attack`: run every attack, print a table or JSON, and fail when a bar is missed."""

import argparse
import json
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.adversarial.attacks import noise_audit, report
from tests.adversarial.attacks.databases import BACKENDS, Effort, progress
from tests.adversarial.attacks.running import ATTACKS, run


def main(arguments: list[str]) -> int:
    """0 when every bar is met, 1 when one is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.adversarial.attacks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON list on stdout")
    parser.add_argument("--seed", type=int, default=1, help="what people answer; never the noise")
    parser.add_argument(
        "--short", action="store_true", help="fewer trials, with bars that leave room for chance"
    )
    parser.add_argument("--only", nargs="*", default=[], choices=sorted(ATTACKS), help="some attacks only")
    parser.add_argument("--page", type=Path, help="also write the table into this page: docs/privacy.md")
    asked = parser.parse_args(arguments)
    effort, only = Effort(asked.seed, asked.short), tuple(asked.only)
    began = time.monotonic()
    with ProcessPoolExecutor(len(BACKENDS), multiprocessing.get_context("spawn")) as processes:
        running = [processes.submit(run, backend, effort, only) for backend in BACKENDS]
        if not only:
            running.append(processes.submit(noise_audit.attack, effort))
        found = [finding for each in running for finding in each.result()]
    progress("all", f"done in {time.monotonic() - began:.0f} s")
    if asked.page:
        report.fill(asked.page, found)
    if asked.json:
        print(json.dumps([finding.as_json() for finding in found], indent=1))
    else:
        print("\n".join(finding.as_line() for finding in found))
    return 0 if all(finding.holds for finding in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
