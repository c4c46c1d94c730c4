"""The buttons under answers to typed messages, by what they do."""

from slack_sdk.models.blocks import ButtonElement

from allybot.i18n import Say
from allybot.message import Block
from allybot.prompts import blocks, ids
from allybot.prompts.circles import circle_ids
from allybot.prompts.plans import rehearsal_ids
from allybot.prompts.programs import messages as programs
from allybot.prompts.programs import suggestion_ids


def row(
    say: Say, *actions: str, before: tuple[ButtonElement, ...] = (), block_id: str = "typed.choices"
) -> list[Block]:
    """A row of buttons; none without any.

    Args:
        actions: ids of what they do, in order.
        before: buttons with a value, which come first.
    """
    labels = _labels(say)
    buttons = [*before, *(blocks.button(labels[action], action) for action in actions)]
    return [blocks.actions(buttons, block_id=block_id)] if buttons else []


def button(say: Say, action: str) -> ButtonElement:
    """The button that does it."""
    return blocks.button(_labels(say)[action], action)


def _labels(say: Say) -> dict[str, str]:
    return {
        ids.PLAN_NEW: say("Write a plan"),
        ids.PLANS_SHOW: say("All my plans"),
        ids.FREQUENCY_PAUSE: say("Pause for two weeks"),
        ids.FREQUENCY_PAUSE_OPEN: say("Pause until I come back"),
        ids.FREQUENCY_STOP: say("Stop the check-ins"),
        ids.FREQUENCY_RESUME: say("Resume check-ins"),
        ids.FREQUENCY_SLOWER: say("Ask me less often"),
        ids.QUIET_DAYS_SHOW: say("Quiet days and hour"),
        ids.LINES_SHOW: say("Lines to say"),
        rehearsal_ids.SHOW: say("Practise it once"),
        ids.MY_DATA_SHOW: say("What is held about me"),
        ids.FORGET_ME_SHOW: say("Forget me"),
        ids.PRIVACY_SHOW: say("Who sees what"),
        ids.HELP_SHOW: say("Help"),
        suggestion_ids.SHOW: say("Tell the leads"),
        ids.NOTES_SHOW: say("My notes"),
        ids.WHY_SHOW: say("My own why"),
        ids.ASK_SHOW: say("Ask the circle"),
        circle_ids.SHOW: say("Your circle"),
        ids.TRANSFERS_SHOW: say("Transfer outcomes"),
        programs.SHOW: say("How it runs"),
        ids.SCENARIOS_SHOW: say("Scenarios"),
    }
