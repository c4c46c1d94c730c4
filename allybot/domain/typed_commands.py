"""A command that was written as a message.

Slack gives people of another organisation no slash commands. It refuses `/allybot why` there and proposes to
send it as a message, with a blank in front (its words: nearform/lastlight#119), which it takes off
(wee-slack/wee-slack#464). Then allybot reads it.
"""

import re

from allybot.domain.meanings import Meaning

_COMMAND = re.compile(r"\W*allybot\W+([a-z]+(?:-[a-z]+)?)\b", re.IGNORECASE)
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


def command_in(text: str) -> Meaning | None:
    """What a message asks for that begins with a command, with or without its slash; None for any other."""
    found = _COMMAND.match(text)
    return MEANINGS.get(found.group(1).casefold()) if found else None
