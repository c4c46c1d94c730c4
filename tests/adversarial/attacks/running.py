"""Which attacks there are, in what order they are run, and how long each takes."""

import time
from collections.abc import Callable, Mapping

from tests.adversarial.attacks import (
    askers,
    disk,
    enrolled_again,
    forged,
    forgetting,
    guessing,
    leads,
    moments,
    non_interference,
    pooled,
    postgres_files,
    publishing_killed,
    refusals,
    repeated_reads,
    suggesters,
    voters,
)
from tests.adversarial.attacks.databases import BACKENDS, DatabaseFactory, Effort, progress
from tests.adversarial.attacks.findings import Finding

Attack = Callable[[DatabaseFactory, Effort], list[Finding]]
ATTACKS: dict[str, Attack] = {
    "guessing": guessing.attack,
    "moments": moments.attack,
    "watching": repeated_reads.attack,
    "leads": leads.attack,
    "disk": disk.attack,
    "askers": askers.attack,
    "suggesters": suggesters.attack,
    "voters": voters.attack,
    "non-interference": non_interference.attack,
    "publishing": publishing_killed.attack,
    "forgetting": forgetting.attack,
    "pooled": pooled.attack,
    "enrolled again": enrolled_again.attack,
    "refusals": refusals.attack,
    "forged": forged.attack,
    "postgres files": postgres_files.attack,
}
LONGEST_FIRST = (
    "disk",
    "guessing",
    "moments",
    "pooled",
    "forged",
    "watching",
    "non-interference",
    "publishing",
    "leads",
    "refusals",
)
"""Order in which parts begin, so that no process is left alone with a long one; then all others."""


def run(backend: str, effort: Effort, only: tuple[str, ...] = ()) -> list[Finding]:
    """Every attack on one backend, in turn; progress goes to stderr.

    Args:
        only: names of `ATTACKS`; all when empty.
    """
    databases = DatabaseFactory(backend)
    found = []
    try:
        for name, attack in ATTACKS.items():
            if not only or name in only:
                began, used = time.monotonic(), time.process_time()
                fresh = attack(databases, effort)
                lasted, own = time.monotonic() - began, time.process_time() - used
                progress(
                    backend,
                    f"{name}: done in {lasted:.0f} s, {own:.0f} s of them at work (without the server)",
                )
                for finding in fresh:
                    progress(backend, finding.as_line())
                found += fresh
    finally:
        databases.close()
    return found


def steal(backend: str, effort: Effort, number: int) -> disk.Seen:
    """One share of the disk attack, see `disk.steal`; progress goes to stderr."""
    databases, began, used = DatabaseFactory(backend), time.monotonic(), time.process_time()
    try:
        seen = disk.steal(databases, effort, number, disk.SHARES)
    finally:
        databases.close()
    lasted, own = time.monotonic() - began, time.process_time() - used
    progress(backend, f"disk, share {number}: stolen in {lasted:.0f} s, {own:.0f} s of them at work")
    return seen


def parts(only: tuple[str, ...]) -> list[tuple[str, str]]:
    """Backend and name of each part to be run, in the order in which they begin."""
    names = dict.fromkeys((*LONGEST_FIRST, *ATTACKS))
    return [(backend, name) for name in names if not only or name in only for backend in reversed(BACKENDS)]


def in_order(found: Mapping[tuple[str, str], list[Finding]]) -> list[Finding]:
    """The findings of all parts, by backend and then as `ATTACKS` stands."""
    return [finding for backend in BACKENDS for name in ATTACKS for finding in found.get((backend, name), ())]
