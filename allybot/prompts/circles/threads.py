"""What the bot writes in the thread of a week's scenario."""

from datetime import datetime
from zoneinfo import ZoneInfo

from allybot.content import Scenario
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks
from allybot.prompts.help import plain


def opener(say: Say, story: Scenario) -> Message:
    """The first words of the thread: the scenario's question, which a line answers."""
    question = blocks.escape(say(story.questions[0]))
    return blocks.message(
        say,
        (
            blocks.section(say("*{question}*", question=question)),
            blocks.small(say("One line is enough, here in the thread. Leave out names.")),
        ),
        blocks.to_the_channel(say),
    )


def votes_missing(say: Say, missing: int, opens_at: datetime, zone: ZoneInfo) -> Message:
    """How many votes are missing until this week's can be opened.

    Args:
        opens_at: aware.
        zone: the program's.
    """
    return plain(
        say.count(
            "{number} more vote, and they can be opened on {day} at {hour}.",
            "{number} more votes, and they can be opened on {day} at {hour}.",
            missing,
            day=say.day(opens_at.astimezone(zone).date()),
            hour=say.hour(opens_at, zone),
        )
    )
