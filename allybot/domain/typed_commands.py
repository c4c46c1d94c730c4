"""A command that was written as a message.

Slack gives people of another organisation no slash commands. It refuses `/allybot why` there and proposes to
send it as a message, with a blank in front (its words: nearform/lastlight#119), which it takes off
(wee-slack/wee-slack#464). Then allybot reads it. The slash stays in both, so it tells a command from a
sentence such as "Allybot, ask me tomorrow".
"""

import re
from datetime import date

from allybot.domain.frequency import back_on
from allybot.domain.meanings import Meaning
from allybot.errors import FieldError

_COMMAND = re.compile(
    r"(?P<before>\W*)allybot\W+(?P<word>[a-z]+(?:-[a-z]+)?)\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_SLASH = re.compile(r"/\s*$")
_NOTHING = re.compile(r"[^\w?]*")
"""What may stand after a whole command: no word, and no question mark ("Allybot, why?")."""
MEANINGS = {
    "plan": Meaning.WRITE_PLAN,
    "plans": Meaning.PLANS,
    "lines": Meaning.LINES,
    "rehearse": Meaning.REHEARSE,
    "notes": Meaning.NOTES,
    "pause": Meaning.PAUSE,
    "resume": Meaning.RESUME,
    "stop": Meaning.STOP,
    "why": Meaning.WHY,
    "ask": Meaning.ASK_CIRCLE,
    "circle": Meaning.CIRCLE,
    "privacy": Meaning.WHO_SEES,
    "my-data": Meaning.MY_DATA,
    "forget-me": Meaning.FORGET,
    "help": Meaning.HELP,
    "transfers": Meaning.LEADING,
    "program": Meaning.LEADING,
    "scenarios": Meaning.LEADING,
}
"""What each subcommand asks for."""
_ARGUMENTS = {
    "program": re.compile(r"test|add|circles|correct|new|leads?\s+<@.*", re.IGNORECASE | re.DOTALL),
    "transfers": re.compile(r"page|csv|json", re.IGNORECASE),
    "circle": re.compile(r"new|here", re.IGNORECASE),
}
"""What may follow a subcommand that is written without its slash; after `pause` it is the end of a pause."""


def command_in(text: str, today: date) -> Meaning | None:
    """What a message asks for that begins with a command; None for any other.

    Without its slash it has to be whole: nothing follows but what the command takes.

    Args:
        today: their local date.
    """
    found = _COMMAND.match(text)
    if found is None:
        return None
    word, rest = found["word"].casefold(), found["rest"]
    if _SLASH.search(found["before"]) or _NOTHING.fullmatch(rest) or _is_argument(word, rest, today):
        return MEANINGS.get(word)
    return None


def _is_argument(word: str, rest: str, today: date) -> bool:
    if word == "pause":
        try:
            back_on(rest, today)
        except FieldError as problem:
            return problem.reason != "not_understood"
        return True
    argument = _ARGUMENTS.get(word)
    return argument is not None and argument.fullmatch(rest.strip(" .!`")) is not None
