"""Implementation intentions: a trainee's if-then plans, their states and the outcomes of a check-in."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from allybot.errors import FieldError

MAX_ACTIVE_PLANS = 3
"""And at most one per kind; plans work less well when there are many (Dalton & Spiller 2012)."""
MAX_HALF_LENGTH = 300
"""Characters in a cue or a response; both fit in one Slack section and in a modal's private_metadata."""


class PlanKind(StrEnum):
    """The four transfer tasks of the training."""

    FEAR = "fear"
    BYSTANDER = "bystander"
    LISTENING = "listening"
    PRACTICE = "practice"


class PlanState(StrEnum):
    """ACTIVE plans are asked about; FINISHED ones are done; RETIRED ones were put aside."""

    ACTIVE = "active"
    FINISHED = "finished"
    RETIRED = "retired"


class Outcome(StrEnum):
    """The answer to a check-in. `NOT_ACTED` is replaced when the trainee names a barrier."""

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
"""Reasons for not acting when the moment came.

FORGOT, NO_TIME and LESS_MOTIVATED come from the training study's interviews, NOT_MY_PLACE from what they said
about practices of the organisation; UNSURE_HOW and FEARED_REACTION are ours, after the fears named there.
"""


@dataclass(frozen=True)
class Intention:
    """If `cue`, then I will `response`; both in the trainee's own words."""

    cue: str
    response: str


@dataclass(frozen=True)
class Wording:
    """An earlier wording of a plan; `replaced_on` is the day of the change in the owner's zone."""

    intention: Intention
    replaced_on: date


@dataclass(frozen=True)
class Plan:
    """A trainee's plan.

    Attributes:
        times_asked: number of check-ins about it.
        last_asked_at: aware UTC; None when no check-in has asked about it.
        next_moment_on: the day the trainee expects the moment, in their zone; None when not named.
        coping: what the trainee will do if it goes badly; None when not named.
        remind: whether to send a reminder on the morning of `next_moment_on`.
        reminders_sent: number of reminders sent of earlier days.
        cue_object: a thing that reminds of the plan where the deed is due; None when not named.
        form_id: the modal that wrote it, so that a double submit is one plan.
        earlier: earlier wordings, oldest first.
    """

    id: str
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
    cue_object: str | None = None
    form_id: str = ""
    earlier: tuple[Wording, ...] = ()

    @property
    def wordings(self) -> tuple[Intention, ...]:
        """Every wording, oldest first, the present one last."""
        return (*(each.intention for each in self.earlier), self.intention)


def one_line(text: str | None) -> str:
    """Typed text on one line: single spaces, no control characters; empty for None."""
    visible = "".join(c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in text or "")
    return " ".join(visible.split())


def _half(field: str, text: str | None, lead_in: str) -> str:
    """One half of a plan on one line, without the "if" or "then I will" that the sentence adds.

    The German lead-ins go as well, whatever the trainee's language.
    """
    words = one_line(text).rstrip(" .,")
    lead = re.match(rf"(?:{lead_in})(?=[\s,:…]|$)[\s,:…]*", words, re.IGNORECASE)
    if lead:
        words = words[lead.end() :]
    if not any(c.isalnum() or unicodedata.category(c) == "So" for c in words):
        raise FieldError(field, "empty")
    if len(words) > MAX_HALF_LENGTH:
        raise FieldError(field, "too_long")
    return words


_CUE_LEAD_IN = "(?:and )?if|when(?:ever)?|wenn|falls|sobald"
_RESPONSE_LEAD_IN = (
    "(?:then,? )?i(?: will|['\u2019]ll| am going to)|then"
    "|(?:dann|so),? (?:werde ich|will ich|ich werde)|ich werde|werde ich|dann"
)


def intention(cue: str | None, response: str | None) -> Intention:
    """A validated implementation intention; both halves are required.

    Raises:
        FieldError: field `cue` or `response`, reason `empty` or `too_long` (over 300 characters).
    """
    return Intention(
        _half("cue", cue, _CUE_LEAD_IN),
        _half("response", response, _RESPONSE_LEAD_IN),
    )


def coping_line(text: str | None) -> str | None:
    """A validated coping line; None when it is empty.

    Raises:
        FieldError: field `coping`, reason `too_long` (over 300 characters).
    """
    try:
        return _half("coping", text, _RESPONSE_LEAD_IN)
    except FieldError as problem:
        if problem.reason == "empty":
            return None
        raise


def in_the_way(plans: Sequence[Plan], kind: PlanKind, max_active: int) -> tuple[Plan, ...]:
    """The active plans of which one must be put aside before a plan of this kind can be added.

    Empty when there is room. With a plan of the same kind, only that one.
    """
    active = [plan for plan in plans if plan.state is PlanState.ACTIVE]
    alike = tuple(plan for plan in active if plan.kind is kind)
    return alike or (tuple(active) if len(active) >= max_active else ())


def focus_plan(plans: Sequence[Plan], chosen: str | None) -> Plan | None:
    """The plan a check-in asks about: the chosen one, else the active plan asked about least recently.

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
