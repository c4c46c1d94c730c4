"""What members write to their circle through allybot: text, moment of posting, refusals. Pure."""

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from allybot.domain.calendar import Calendar
from allybot.errors import FieldError

APPEARS_WITHIN = timedelta(hours=3)
"""Working time within which a question is posted: our own proposal. Long enough for others of a circle to be
seen at work too, short enough for an answer on the same day."""
_STEP = timedelta(seconds=1)


class TextKind(StrEnum):
    """A question or a plan run past the circle; an answer to one; a recap of a week."""

    QUESTION = "question"
    ANSWER = "answer"
    RECAP = "recap"


class Refusal(StrEnum):
    """Why a trainee cannot ask, answer or write a recap now.

    NOT_HERE: there is no such question or week in a circle of theirs, or it is no longer open. NOT_YET: it is
    not known whether the question was posted.
    """

    NOT_STARTED = "not_started"
    NO_CIRCLE = "no_circle"
    CIRCLE_CLOSED = "circle_closed"
    ASKED_ALREADY = "asked_already"
    CIRCLE_ASKED_ENOUGH = "circle_asked_enough"
    ANSWERED_ENOUGH = "answered_enough"
    NOT_HERE = "not_here"
    NOT_YET = "not_yet"
    NOT_FACILITATOR = "not_facilitator"


@dataclass(frozen=True)
class PostingWindow:
    """When a text without a name is posted: a random moment from `opens_at` to before `closes_at`, aware UTC.

    Times outside working hours, such as a night in between, do not count.
    """

    opens_at: datetime
    closes_at: datetime


def counts_from(now: datetime, zone: tzinfo, days_between: int) -> date:
    """The first day in a trainee's zone from which a text may still bar their next one.

    Args:
        now: aware UTC.
        days_between: days between two questions of one trainee.
    """
    return now.astimezone(zone).date() - timedelta(days=days_between)


def posting_window(calendar: Calendar, now: datetime) -> PostingWindow:
    """The window of a text that is sent at `now` (aware), in the working hours of the circle."""
    last = calendar.plus_working_time(now, APPEARS_WITHIN - _STEP)
    return PostingWindow(calendar.plus_working_time(now, timedelta(0)), last + _STEP)


def post_at(calendar: Calendar, now: datetime, chance: random.Random) -> datetime:
    """A random moment of the window, to the second and equally likely each; aware UTC."""
    return calendar.plus_working_time(now, _STEP * chance.randrange(APPEARS_WITHIN // _STEP))


def question(text: str | None, longest: int) -> str:
    """The normalised text for a circle: without control characters and empty lines.

    Args:
        longest: the most characters it may have.

    Raises:
        FieldError: field `question`, reason `empty` or `too_long`.
    """
    lines = (" ".join(_visible(line).split()) for line in (text or "").splitlines())
    words = "\n".join(line for line in lines if line)
    field = "question"
    if not any(c.isalnum() for c in words):
        raise FieldError(field, "empty")
    if len(words) > longest:
        raise FieldError(field, "too_long")
    return words


def _visible(line: str) -> str:
    return "".join(c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in line)
