"""Typed messages, understood modestly: enough to offer the right buttons, never to act on a guess."""

import re
import unicodedata
from enum import StrEnum

LONGEST_COMMAND = 60
"""Characters. A longer message tells a story; a keyword inside it is not a request."""


class Meaning(StrEnum):
    """What a typed message seems to ask for.

    ANSWER: it sounds like the answer to a check-in, which only the buttons seal.
    """

    ANSWER = "answer"
    PLAN = "plan"
    PAUSE = "pause"
    STOP = "stop"
    HELP = "help"
    THANKS = "thanks"
    UNKNOWN = "unknown"


_SIGNS = (
    (Meaning.STOP, r"\b(stop|unsubscribe|leave me alone|no more (check-?ins|messages))\b"),
    (Meaning.PAUSE, r"\b(pause|busy|holiday|vacation|on leave|away|next week|snooze)\b"),
    (Meaning.HELP, r"\b(help|how does this work|what is this|what can (you|i) do)\b|^\?+$"),
    (Meaning.PLAN, r"\bplans?\b"),
    (
        Meaning.ANSWER,
        r"\b(yes|yep|yeah|no|nope|not yet|i did|i have|did it|done|tried|forgot|no (chance|moment|time))\b",
    ),
    (Meaning.THANKS, r"\b(thanks|thank you|thx|cheers|great|ok|okay)\b|^\W*[\U0001F44D\U0001F64F]"),
)


def meaning(text: str) -> Meaning:
    """What a typed message seems to ask for; the first sign that fits decides."""
    words = unicodedata.normalize("NFKC", text).casefold().strip()
    if len(words) > LONGEST_COMMAND:
        return Meaning.UNKNOWN
    return next((found for found, sign in _SIGNS if re.search(sign, words)), Meaning.UNKNOWN)
