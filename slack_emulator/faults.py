"""Fault injection: which method fails, how, how often, and whether the call took effect."""

import random
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Mode = Literal[
    "rate_limited",
    "server_error",
    "drop_before",
    "drop_after_accept",
    "slow",
    "fatal_error",
    "restricted_action",
]


class Fault(BaseModel):
    """One configured fault.

    `method` is a Web API method or `*`; `times` how often it applies (None: until removed);
    `probability` and `seed` make it apply at random; `team` limits it to one workspace.
    `retry_after` (seconds) goes with `rate_limited`, `seconds` with `slow`. `accepted` is the probability
    that a `server_error` or `fatal_error` took effect (Slack documents that both may have).
    """

    model_config = ConfigDict(extra="forbid")

    method: str = "*"
    mode: Mode
    times: int | None = Field(default=1, ge=1)
    retry_after: int = Field(default=1, ge=0)
    seconds: float = Field(default=5.0, ge=0)
    probability: float = Field(default=1.0, ge=0, le=1)
    accepted: float = Field(default=0.0, ge=0, le=1)
    seed: int | None = None
    team: str | None = None
    struck: int = 0


class InjectedFault(BaseModel):
    """A fault applied to one call; `takes_effect` says whether the method is carried out."""

    mode: Mode
    retry_after: int
    seconds: float
    takes_effect: bool


class Faults:
    """The configured faults, tried in the order in which they were added."""

    def __init__(self) -> None:
        self._active: list[tuple[Fault, random.Random]] = []

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        # Repeatable, not secret.
        self._active.append((fault, random.Random(fault.seed)))  # noqa: S311

    def clear(self) -> None:
        """Remove all faults."""
        self._active.clear()

    def active(self) -> list[dict[str, Any]]:
        """The faults that may still apply, with how often they did."""
        return [fault.model_dump() for fault, _ in self._active]

    def next_fault(self, method: str, team: str | None) -> InjectedFault | None:
        """The fault that applies to this call, if any; one that is used up is removed."""
        for entry in self._active:
            fault, rng = entry
            if fault.method not in ("*", method) or (fault.team is not None and fault.team != team):
                continue
            if fault.probability < 1 and rng.random() >= fault.probability:
                continue
            fault.struck += 1
            if fault.times is not None and fault.struck >= fault.times:
                self._active.remove(entry)
            effect = fault.mode in ("drop_after_accept", "slow")
            if fault.mode in ("server_error", "fatal_error"):
                effect = rng.random() < fault.accepted
            return InjectedFault(
                mode=fault.mode, retry_after=fault.retry_after, seconds=fault.seconds, takes_effect=effect
            )
        return None
