"""Check-ins: one step of the ladder, asked of one trainee about one plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from allybot.domain.plans import BARRIERS, Outcome

Item = TypeVar("Item")

MAX_PUT_OFF = 3
"""How often "not today" asks again at one step; after that the buttons just stay. Our own number."""


class CheckInState(StrEnum):
    """ASKED until it is ANSWERED or the next step makes it SILENT; CANCELLED: it was not delivered."""

    ASKED = "asked"
    ANSWERED = "answered"
    SILENT = "silent"
    CANCELLED = "cancelled"


class Snooze(StrEnum):
    """When to be asked again instead of answering now."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"


class Tap(StrEnum):
    """The three answers on a check-in's buttons: opportunity and action in one tap."""

    ACTED = "acted"
    NOT_ACTED = "not_acted"
    NO_MOMENT = "no_moment"

    @property
    def outcome(self) -> Outcome:
        """The outcome of the tap alone, before a barrier is picked."""
        return Outcome(self.value)


class FromHere(StrEnum):
    """What happens next; the same choices after every answer.

    KEEP continues with the plan that was chosen or edited, AS_BEFORE with the plan as it is, NEXT finishes
    the plan, SLOWER asks at every other step, STOP ends the check-ins.
    """

    KEEP = "keep"
    AS_BEFORE = "as_before"
    NEXT = "next"
    SLOWER = "slower"
    STOP = "stop"


class Pick(StrEnum):
    """The answers to the help's first question, besides the barriers."""

    SAME = "same"
    BOLDER = "bolder"
    WIDEN = "widen"
    WAIT = "wait"


@dataclass(frozen=True)
class CheckIn:
    """One check-in; at most one per trainee and step.

    Attributes:
        window_id: where the answer counts, None for the re-plan.
        due_at: aware UTC; when it is asked; "not today" moves it.
        follow_up_at: aware UTC; when the one follow-up is due, None once queued or not wanted.
    """

    id: str
    trainee_id: str
    step: int
    window_id: str | None
    due_at: datetime
    state: CheckInState = CheckInState.ASKED
    follow_up_at: datetime | None = None
    times_put_off: int = 0


def picks_for(tap: Tap, turn: int) -> tuple[str, ...]:
    """The options of the help's first question; the list of barriers is rotated by `turn`."""
    if tap is Tap.ACTED:
        return (Pick.SAME, Pick.BOLDER)
    if tap is Tap.NO_MOMENT:
        return (Pick.WIDEN, Pick.WAIT)
    return rotated([barrier.value for barrier in BARRIERS], turn)


def rotated(items: Sequence[Item], turn: int) -> tuple[Item, ...]:
    """The items rotated by `turn`; at least one is needed."""
    start = turn % len(items)
    return (*items[start:], *items[:start])


def outcome_of(tap: Tap, pick: str) -> Outcome:
    """The outcome of a tap and the pick after it; only a barrier changes the tap's outcome."""
    if tap is Tap.NOT_ACTED and pick in BARRIERS:
        return Outcome(pick)
    return tap.outcome


def answer_of(outcome: str) -> tuple[Tap, str] | None:
    """The tap, and the pick after it, that amount to an outcome; None for what is no outcome."""
    if outcome in BARRIERS:
        return Tap.NOT_ACTED, outcome
    return (Tap(outcome), "") if outcome in set(Tap) else None
