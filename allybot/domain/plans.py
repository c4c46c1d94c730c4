"""Implementation intentions: the if-then plans a trainee keeps, and what can become of them."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from allybot.errors import FieldError

MAX_ACTIVE_PLANS = 3
"""One per kind at most; benefits of plans fade when there are many (Dalton & Spiller 2012)."""
MAX_HALF_LENGTH = 300
"""Characters in a cue or a response; keeps the whole sentence readable in one Slack section."""


class PlanKind(StrEnum):
    """The four transfer tasks of the training."""

    FEAR = "fear"
    BYSTANDER = "bystander"
    LISTENING = "listening"
    PRACTICE = "practice"


class PlanState(StrEnum):
    """What a plan is to its owner now."""

    ACTIVE = "active"
    FINISHED = "finished"
    RETIRED = "retired"


class Outcome(StrEnum):
    """What a trainee answers to a check-in. `NOT_ACTED` stands until a barrier is named."""

    ACTED = "acted"
    NOT_ACTED = "not_acted"
    NO_MOMENT = "no_moment"
    NO_TIME = "no_time"
    FORGOT = "forgot"
    NOT_MY_PLACE = "not_my_place"
    UNSURE_HOW = "unsure_how"
    FEARED_REACTION = "feared_reaction"
    LESS_MOTIVATED = "less_motivated"


BARRIERS = (
    Outcome.FORGOT,
    Outcome.NO_TIME,
    Outcome.NOT_MY_PLACE,
    Outcome.UNSURE_HOW,
    Outcome.FEARED_REACTION,
    Outcome.LESS_MOTIVATED,
)
"""Why a man who had a moment did not act (five from the training study's interviews, and unsure how)."""


@dataclass(frozen=True)
class Intention:
    """An implementation intention: if `cue`, then I will `response`. Both in the trainee's own words."""

    cue: str
    response: str


@dataclass(frozen=True)
class Plan:
    """A trainee's plan.

    Attributes:
        times_asked: how many check-ins asked about it.
        last_asked_at: aware datetime in UTC, None when never asked about.
        next_moment_on: the day he expects the moment, in his own zone, if he named one.
        coping: what he will do if it goes badly, if he named it.
        remind: whether he wants a reminder that morning.
        reminders_sent: how many came so far.
    """

    id: str
    trainee_id: str
    kind: PlanKind
    intention: Intention
    state: PlanState
    created_at: datetime
    times_asked: int = 0
    last_asked_at: datetime | None = None
    next_moment_on: date | None = None
    coping: str | None = None
    remind: bool = False
    reminders_sent: int = 0


@dataclass(frozen=True)
class Wording:
    """How a plan read before; `replaced_on` is the day, in its owner's zone, on which he changed it."""

    intention: Intention
    replaced_on: date


def one_line(text: str | None) -> str:
    """What somebody typed with single spaces and without control characters."""
    visible = "".join(c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in text or "")
    return " ".join(visible.split())


def _half(field: str, text: str | None, lead_in: tuple[str, ...]) -> str:
    """One half of a plan, tidied: single spaces, no control characters, no doubled "if" or "then I will"."""
    words = one_line(text).rstrip(" .")
    for opening in lead_in:
        if words.casefold().startswith(opening + " ") or words.casefold() == opening:
            words = words[len(opening) :].lstrip(" ,")
            break
    if not any(c.isalnum() or unicodedata.category(c) == "So" for c in words):
        raise FieldError(field, "empty")
    if len(words) > MAX_HALF_LENGTH:
        raise FieldError(field, "too_long")
    return words


_LEAD_IN_OF_A_DEED = ("then i will", "then i'll", "i will", "i'll", "then")


def intention(cue: str | None, response: str | None) -> Intention:
    """The implementation intention a trainee wrote, both halves required.

    Raises:
        FieldError: field `cue` or `response`, reason `empty` or `too_long` (over 300 characters).
    """
    return Intention(
        _half("cue", cue, ("if", "when")),
        _half("response", response, _LEAD_IN_OF_A_DEED),
    )


def coping_line(text: str | None) -> str | None:
    """What a trainee will do if it goes badly; None when he names nothing.

    Raises:
        FieldError: field `coping`, reason `too_long` (over 300 characters).
    """
    try:
        return _half("coping", text, _LEAD_IN_OF_A_DEED)
    except FieldError as problem:
        if problem.reason == "empty":
            return None
        raise


def in_the_way(plans: list[Plan], kind: PlanKind, max_active: int) -> tuple[Plan, ...]:
    """The plans of which one has to be put aside before one of this kind is kept; none where there is room.

    One of the same kind goes before all others.
    """
    active = [plan for plan in plans if plan.state is PlanState.ACTIVE]
    alike = tuple(plan for plan in active if plan.kind is kind)
    return alike or (tuple(active) if len(active) >= max_active else ())


def focus_plan(plans: list[Plan], chosen: str | None) -> Plan | None:
    """The plan a check-in asks about: his choice, else the active plan asked about least recently.

    One focus plan works better than many (Dalton & Spiller 2012). None when no plan is active.
    """
    active = [plan for plan in plans if plan.state is PlanState.ACTIVE]
    for plan in active:
        if plan.id == chosen:
            return plan
    return min(
        active,
        key=lambda plan: (plan.last_asked_at is not None, plan.last_asked_at or plan.created_at, plan.id),
        default=None,
    )
