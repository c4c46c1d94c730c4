"""A question to a circle: its normalised text, and reasons why it cannot be asked. Pure."""

import unicodedata
from enum import StrEnum

from allybot.errors import FieldError


class Refusal(StrEnum):
    """Why a trainee cannot ask now."""

    NOT_STARTED = "not_started"
    NO_CIRCLE = "no_circle"
    CIRCLE_CLOSED = "circle_closed"
    ASKED_ALREADY = "asked_already"
    CIRCLE_ASKED_ENOUGH = "circle_asked_enough"


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
