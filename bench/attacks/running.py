"""Every attack on one backend, in turn."""

import time
from collections.abc import Callable

from bench.attacks import (
    disk,
    forgetting,
    guessing,
    paired_lives,
    publishing_killed,
    refusals,
    watching,
)
from bench.attacks.findings import Finding
from bench.attacks.ground import Effort, Ground, say

Attack = Callable[[Ground, Effort], list[Finding]]
ATTACKS: dict[str, Attack] = {
    "guessing": guessing.attack,
    "watching": watching.attack,
    "disk": disk.attack,
    "non-interference": paired_lives.attack,
    "publishing": publishing_killed.attack,
    "forgetting": forgetting.attack,
    "refusals": refusals.attack,
}


def run(backend: str, effort: Effort, only: tuple[str, ...] = ()) -> list[Finding]:
    """Every attack on one backend; progress goes to stderr.

    Args:
        only: names of `ATTACKS`; all when empty.
    """
    ground = Ground(backend)
    found = []
    try:
        for name, attack in ATTACKS.items():
            if not only or name in only:
                began = time.monotonic()
                fresh = attack(ground, effort)
                say(backend, f"{name}: done in {time.monotonic() - began:.0f} s")
                for finding in fresh:
                    say(backend, finding.as_line())
                found += fresh
    finally:
        ground.close()
    return found
