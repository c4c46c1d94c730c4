"""A copy of a trainee's plans by direct message."""

from datetime import date

from allybot.domain.plans import Plan
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks
from allybot.prompts.help import covered
from allybot.prompts.plans.sentence import if_badly, kind_name, quoted


def plans_copy(say: Say, kept: tuple[Plan, ...], program: str, deleted_on: date) -> Message:
    """All plans of a trainee in full, for them to keep, as far as Slack takes so much in one message."""
    page: list[Block] = [
        blocks.section(
            say(
                "Your plans from {program}, to keep. allybot deletes its copy on {day}; this message stays "
                "in Slack until you delete it.",
                program=blocks.escape(program),
                day=say.day_and_year(deleted_on),
            )
        )
    ]
    for plan in kept:
        shown = [blocks.section(f"*{kind_name(say, plan.kind)}*\n{quoted(say, plan.intention)}")]
        if plan.coping:
            shown.append(blocks.section(if_badly(say, plan.coping)))
        if not blocks.has_room([*page, *shown]):
            page.append(blocks.small(say("There are more: `/allybot my-data` sends them as a file.")))
            break
        page += shown
    return blocks.message(say, tuple(page))


def on_its_way(say: Say) -> Message:
    """The answer to who asked for a copy."""
    return covered(
        say,
        say(
            "Your plans come to your messages with allybot in a moment. If you have none yet, nothing comes."
        ),
    )
