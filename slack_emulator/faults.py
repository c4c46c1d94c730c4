"""Failures on order: what goes wrong with which method, how often, and whether the call took effect."""

import random
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Mode = Literal["rate_limited", "server_error", "drop_before", "drop_after_accept", "slow", "fatal_error"]


class Fault(BaseModel):
    """One order.

    `method` is a Web API method or `*`; `times` how often it strikes (None: until removed);
    `probability` and `seed` make it strike by chance; `team` limits it to one workspace.
    `retry_after` (seconds) goes with `rate_limited`, `seconds` with `slow`. `accepted` is the chance that a
    `server_error` or `fatal_error` took effect all the same (Slack says of both that it may have).
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


class Strike(BaseModel):
    """A fault as it hits one call; `takes_effect` says whether the method is carried out."""

    mode: Mode
    retry_after: int
    seconds: float
    takes_effect: bool


class Faults:
    """The orders given, first given first tried."""

    def __init__(self) -> None:
        self._orders: list[tuple[Fault, random.Random]] = []

    def add(self, fault: Fault) -> None:
        """Take an order."""
        # Failures on purpose need repeatable chance, not secrecy.
        self._orders.append((fault, random.Random(fault.seed)))  # noqa: S311

    def clear(self) -> None:
        """Cancel all orders."""
        self._orders.clear()

    def standing(self) -> list[dict[str, Any]]:
        """The orders that may still strike, with how often they did."""
        return [fault.model_dump() for fault, _ in self._orders]

    def strike(self, method: str, team: str | None) -> Strike | None:
        """The fault this call meets, if any; a spent order is removed."""
        for order in self._orders:
            fault, chance = order
            if fault.method not in ("*", method) or (fault.team is not None and fault.team != team):
                continue
            if fault.probability < 1 and chance.random() >= fault.probability:
                continue
            fault.struck += 1
            if fault.times is not None and fault.struck >= fault.times:
                self._orders.remove(order)
            effect = fault.mode in ("drop_after_accept", "slow")
            if fault.mode in ("server_error", "fatal_error"):
                effect = chance.random() < fault.accepted
            return Strike(
                mode=fault.mode, retry_after=fault.retry_after, seconds=fault.seconds, takes_effect=effect
            )
        return None
