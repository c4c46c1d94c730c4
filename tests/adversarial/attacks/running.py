"""Every attack on one backend, in turn."""

import time
from collections.abc import Callable

from tests.adversarial.attacks import (
    askers,
    disk,
    enrolled_again,
    forged,
    forgetting,
    guessing,
    leads,
    non_interference,
    postgres_files,
    publishing_killed,
    refusals,
    repeated_reads,
)
from tests.adversarial.attacks.databases import DatabaseFactory, Effort, progress
from tests.adversarial.attacks.findings import Finding

Attack = Callable[[DatabaseFactory, Effort], list[Finding]]
ATTACKS: dict[str, Attack] = {
    "guessing": guessing.attack,
    "watching": repeated_reads.attack,
    "leads": leads.attack,
    "disk": disk.attack,
    "askers": askers.attack,
    "non-interference": non_interference.attack,
    "publishing": publishing_killed.attack,
    "forgetting": forgetting.attack,
    "enrolled again": enrolled_again.attack,
    "refusals": refusals.attack,
    "forged": forged.attack,
    "postgres files": postgres_files.attack,
}


def run(backend: str, effort: Effort, only: tuple[str, ...] = ()) -> list[Finding]:
    """Every attack on one backend; progress goes to stderr.

    Args:
        only: names of `ATTACKS`; all when empty.
    """
    databases = DatabaseFactory(backend)
    found = []
    try:
        for name, attack in ATTACKS.items():
            if not only or name in only:
                began = time.monotonic()
                fresh = attack(databases, effort)
                progress(backend, f"{name}: done in {time.monotonic() - began:.0f} s")
                for finding in fresh:
                    progress(backend, finding.as_line())
                found += fresh
    finally:
        databases.close()
    return found
