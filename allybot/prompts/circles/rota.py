"""Who facilitates the next weeks of a circle."""

from collections.abc import Sequence
from datetime import date

from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks
from allybot.prompts.circles.facilitator_question import mentions


def who_is_next(say: Say, circle: str, weeks: Sequence[tuple[date, Sequence[str]]]) -> Message:
    """The reply to who asks, seen by them only: each Monday with the Slack users planned for its week."""
    lines = [say("*Who is next in {circle}*, as planned now:", circle=blocks.escape(circle))]
    for monday, users in weeks:
        who = mentions(users) or say("nobody yet: it runs by itself, or whoever likes takes it")
        lines.append(say("• week of {day}: {people}", day=say.day(monday), people=who))
    if not weeks:
        lines = [say("This is the last scenario of {circle}.", circle=blocks.escape(circle))]
    ending = say("Each is asked first, and any of you can say yes to a week that nobody has.")
    page = [blocks.section("\n".join(lines)), *([blocks.small(ending)] if weeks else [])]
    return blocks.message(say, page)
