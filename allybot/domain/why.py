"""The personal why: a trainee's own reason to act; and the stages of the reflection that may lead to it."""

from enum import StrEnum

from allybot.domain.plans import one_line
from allybot.errors import FieldError


class Stage(StrEnum):
    """The stages of the Gender Equity Mindset Model (Hult and Ashridge, two global firms, 500 men and more).

    Men move between them with context and support; none is a verdict. The trainee's choice is never stored.
    """

    APATHY = "apathy"
    AMBIVALENCE = "ambivalence"
    REFLECTIVE = "reflective"
    ENERGISED = "energised"


def why(text: str | None, max_length: int) -> str | None:
    """The trainee's words, tidied line by line; None for an empty field, which deletes an earlier why.

    Raises:
        FieldError: field `why`, reason `too_long` (over `max_length` characters).
    """
    field = "why"
    words = "\n".join(line for line in map(one_line, (text or "").splitlines()) if line)
    if len(words) > max_length:
        raise FieldError(field, "too_long")
    return words or None
