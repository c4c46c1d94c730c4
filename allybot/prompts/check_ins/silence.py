"""The messages that silence brings: a slower pace, and a fresh start."""

from datetime import date

from allybot.domain.plans import Plan
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line
from allybot.prompts.plans.sentence import quoted


def slowed(say: Say, next_on: date | None, support_contact: str) -> Message:
    """Word that the check-ins come less often from now on; it needs no answer."""
    text = say(
        "The last check-ins may have come at a bad time, and that is all right. From here on they come less "
        "often. There is nothing to do; if you would rather keep the usual rhythm, one tap brings it back."
    )
    page = (blocks.section(_with_next(say, text, next_on)), _rhythm(say), support_line(say, support_contact))
    return blocks.message(say, page)


def fresh_start(say: Say, day: int, plan: Plan | None, next_on: date | None, support_contact: str) -> Message:
    """The fresh start of somebody who has been silent: a plan anew or the same one, how often, or an end.

    Args:
        day: days since the training.
    """
    opening = say(
        "{days} days have passed since your training, and the last messages may have come at a bad time. "
        "That is all right: today can be a fresh start, and nothing needs catching up.",
        days=day,
    )
    page: list[Block] = [blocks.section(opening)]
    if plan is None:
        page.append(
            blocks.section(say("A plan takes two half-sentences: if this happens, then I will do that."))
        )
        choices = [blocks.button(say("Write a plan"), ids.PLAN_NEW)]
    else:
        page.append(blocks.section(quoted(say, plan.intention)))
        choices = [
            blocks.button(say("Keep this plan"), ids.FRESH_START_KEEP),
            blocks.button(say("Write a new plan"), ids.PLAN_NEW),
        ]
    text = say("allybot writes less often from here on; one tap brings the usual rhythm back.")
    page += [
        blocks.actions(choices, block_id="fresh_start.plan"),
        blocks.section(_with_next(say, text, next_on)),
        _rhythm(say),
        support_line(say, support_contact),
    ]
    return blocks.message(say, page)


def plan_kept(say: Say, next_on: date | None) -> Message:
    """The fresh start once the plan was kept."""
    text = say("Kept as it is. Good to have you here.")
    return blocks.message(say, (blocks.section(_with_next(say, text, next_on)), _rhythm(say)))


def _with_next(say: Say, text: str, next_on: date | None) -> str:
    if next_on is None:
        return text
    return f"{text} {say('The next message comes on {day}.', day=say.day(next_on))}"


def _rhythm(say: Say) -> Block:
    return blocks.actions(
        [
            blocks.button(say("Keep the usual rhythm"), ids.FREQUENCY_KEEP),
            blocks.button(say("Stop the check-ins"), ids.FREQUENCY_STOP),
        ],
        block_id="silence.rhythm",
    )
