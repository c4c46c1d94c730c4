"""A question to a circle: its text, when it is posted, and reasons why it cannot be asked. Pure."""

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


class Refusal(StrEnum):
    """Why a trainee cannot ask now."""

    NOT_STARTED = "not_started"
    NO_CIRCLE = "no_circle"
    CIRCLE_CLOSED = "circle_closed"
    ASKED_ALREADY = "asked_already"
    CIRCLE_ASKED_ENOUGH = "circle_asked_enough"


@dataclass(frozen=True)
class PostingWindow:
    """When a question is posted: at a random moment from `opens_at` to before `closes_at`, aware UTC.

    Times outside working hours, such as a night in between, do not count.
    """

    opens_at: datetime
    closes_at: datetime


def counts_from(now: datetime, zone: tzinfo, days_between: int) -> date:
    """The first day in a trainee's zone from which a question may still bar their next one.

    Args:
        now: aware UTC.
        days_between: days between two questions of one trainee.
    """
    return now.astimezone(zone).date() - timedelta(days=days_between)


def posting_window(calendar: Calendar, now: datetime) -> PostingWindow:
    """The window of a question that is asked at `now` (aware), in the working hours of the circle."""
    last = calendar.plus_working_time(now, APPEARS_WITHIN - _STEP)
    return PostingWindow(calendar.plus_working_time(now, timedelta(0)), last + _STEP)


def post_at(calendar: Calendar, now: datetime, chance: random.Random) -> datetime:
    """A random moment of the window, to the second and equally likely each; aware UTC."""
    return calendar.plus_working_time(now, _STEP * chance.randrange(APPEARS_WITHIN // _STEP))


def question(text: str | None, longest: int) -> str:
    """The normalised text of a question: without control characters and empty lines.

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
