"""A trainee's personal why: the reason of his own that he wants to be reminded of."""

import unicodedata

from allybot.errors import FieldError


def why(text: str | None, longest: int) -> str | None:
    """His words, tidied; None when he leaves the field empty, which takes an earlier why back.

    Args:
        longest: characters that are kept at most.

    Raises:
        FieldError: field `why`, reason `too_long`.
    """
    field = "why"
    lines = (" ".join(_visible(line).split()) for line in (text or "").splitlines())
    words = "\n".join(line for line in lines if line)
    if len(words) > longest:
        raise FieldError(field, "too_long")
    return words or None


def _visible(line: str) -> str:
    return "".join(c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in line)
