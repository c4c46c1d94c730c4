"""Typed messages, understood modestly: enough to offer the right buttons, never to act on a guess.

English, and the few words of German that a short answer is likely to be made of.
"""

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


_ASKS = r"^\W*(?:(?:ok|okay|oh|no|please|pls|bitte|just|so|i need|i want to|can you|could you|some)\W+)*"
"""How a request begins; what follows it further inside a message is more likely told than asked for."""
_SIGNS: tuple[tuple[Meaning, tuple[str, ...]], ...] = (
    (
        Meaning.STOP,
        (
            _ASKS + r"(stopp?|quit|opt out|unsubscribe|abmelden|cancel)\b",
            r"\b(unsubscribe|leave me alone|no more (check-?ins|messages|questions))\b",
            r"\bstop (asking|writing|sending)\b",
        ),
    ),
    (
        Meaning.PAUSE,
        (
            r"\b(pause|busy|swamped|holidays?|vacation|out of office|next week|snooze)\b",
            r"\b(on|annual|parental|sick) leave\b",
            r"^\W*away\b|\b(am|i'm|be) (away|off sick)\b",
            r"\b(urlaub|ferien|elternzeit|krank|nächste woche)\b",
        ),
    ),
    (
        Meaning.HELP,
        (
            _ASKS + r"(help|hilfe)\b",
            r"\b(how does this work|what is this|what can (you|i) do)\b",
            r"\b(was kann ich tun|wie geht das)\b",
            r"^\?+$",
        ),
    ),
    (
        Meaning.ANSWER,
        (
            r"\b(yes|yep|yeah|yup|no|nope|nah|ja|nein|nee|nö)\b",
            r"\bnot (yet|today|really|so far|this (time|week))\b|\bnever (got|had|came|happened)\b",
            r"\b(did|have|has|had|could|was)(n'?t| not)\b",
            r"\b(i did|did it|(i|i've|have|all|well|nearly) done|i have$|tried|managed)\b|^\W*done\b",
            r"\b(forgot|forgotten|slipped my mind)\b",
            r"\b(noch nicht|leider|vergessen|gemacht|geschafft|keine? (zeit|chance|gelegenheit))\b",
        ),
    ),
    (Meaning.PLAN, (r"\b(plans?|pläne)\b",)),
    (
        Meaning.THANKS,
        (
            r"\b(thanks|thank you|thx|ta|cheers|great|ok|okay|danke|merci)\b",
            r"^\W*[\U0001F44D\U0001F64F]",
        ),
    ),
)


def meaning(text: str) -> Meaning:
    """What a typed message seems to ask for; the first sign that fits decides."""
    words = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'").strip()
    if len(words) > LONGEST_COMMAND:
        return Meaning.UNKNOWN
    return next(
        (found for found, signs in _SIGNS if any(re.search(sign, words) for sign in signs)), Meaning.UNKNOWN
    )
