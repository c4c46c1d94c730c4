"""Classifies typed messages, so that the reply can offer fitting buttons; nothing is done on a guess.

The patterns here are English with a few German words. The phrases of SERIOUS, FORGET and WHO_SEES come from
the content.
"""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from allybot.domain.phrases import Phrases

MAX_COMMAND_LENGTH = 60
"""Characters. A keyword in a longer message is not taken for a request."""


class Meaning(StrEnum):
    """What a typed message seems to ask for.

    SERIOUS: distress or misconduct, in a message of any length. FORGET: delete my data.
    WHO_SEES: who sees what is written here. ANSWER: sounds like an answer to a check-in; only the buttons
    record one. NOD: a thumb or a tick, an answer while a check-in is open. START: begin or resume.
    """

    SERIOUS = "serious"
    FORGET = "forget"
    WHO_SEES = "who_sees"
    ANSWER = "answer"
    NOD = "nod"
    START = "start"
    PLAN = "plan"
    PAUSE = "pause"
    STOP = "stop"
    HELP = "help"
    THANKS = "thanks"
    UNKNOWN = "unknown"
    # Added at the end: a queued answer keeps the position of its meaning.
    ACTED = "acted"
    NOT_ACTED = "not_acted"
    FORGOT = "forgot"
    NO_TIME = "no_time"
    NOT_MY_PLACE = "not_my_place"
    UNSURE_HOW = "unsure_how"
    FEARED_REACTION = "feared_reaction"
    LESS_MOTIVATED = "less_motivated"
    NO_MOMENT = "no_moment"
    LATER = "later"
    DECLINE = "decline"
    RESUME = "resume"
    SLOWER = "slower"
    QUIET_DAYS = "quiet_days"
    MY_DATA = "my_data"
    CHANGE_ANSWER = "change_answer"
    NEXT = "next"
    PLANS = "plans"
    WRITE_PLAN = "write_plan"
    DONE = "done"
    BOT = "bot"
    PERSON = "person"
    LINES = "lines"
    ANGRY = "angry"
    GREETING = "greeting"


_ASKS = r"^\W*(?:(?:ok|okay|oh|no|please|pls|bitte|just|so|i need|i want to|can you|could you|some)\W+)*"
"""Optional beginning of a request; the same verb further inside a message is rarely a request."""
_SIGNS: tuple[tuple[Meaning, tuple[str, ...]], ...] = (
    (
        Meaning.NOD,
        (
            r"^(?:\W|skin-tone-\d)*:(?:\+1|thumbsup|ok_hand|white_check_mark|heavy_check_mark|muscle):",
            r"^\W*[\U0001F44D\U0001F44C\u2705\u2714]",
        ),
    ),
    (
        Meaning.START,
        (
            _ASKS + r"(start|begin|resume|restart|continue|los geht'?s|weitermachen|anfangen)\b",
            r"^\W*(i'm|i am|im|bin) (back|wieder (da|zurück))\b|^\W*back again\b",
            r"\b(changed my mind|start after all)\b",
        ),
    ),
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
            r"^\W*\U0001F64F|^:(pray|heart|tada|slightly_smiling_face|smile|grinning):",
        ),
    ),
)


Listed = Mapping[Meaning, Phrases]
"""The content's phrases of SERIOUS, FORGET and WHO_SEES."""


def meaning(text: str, listed: Listed) -> Meaning:
    """What a typed message seems to ask for: SERIOUS first, then the first sign that matches."""
    if listed[Meaning.SERIOUS].occur_in(text):
        return Meaning.SERIOUS
    words = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'").split())
    if len(words) > MAX_COMMAND_LENGTH:
        return Meaning.UNKNOWN
    asked = next((each for each in (Meaning.FORGET, Meaning.WHO_SEES) if listed[each].occur_in(words)), None)
    return asked or next(
        (found for found, signs in _SIGNS if any(re.search(sign, words) for sign in signs)), Meaning.UNKNOWN
    )
