"""The reminder of a plan's moment, and the controls to turn it on and off."""

from datetime import date

from slack_sdk.models.blocks import ButtonElement, CheckboxesElement

from allybot.domain.plans import Plan, PlanState
from allybot.domain.reminders import MAX_REMINDERS
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.help import covered, plain
from allybot.prompts.plans.rehearsals import rehearse_button
from allybot.prompts.plans.sentence import quoted

REMIND = "remind"
"""Block id of the box, and the value of its one option."""


def reminder(say: Say, plan: Plan, moment: date, *, rehearsal: str, is_today: bool, last: bool) -> Message:
    """The plan, on the morning of its expected moment.

    Args:
        rehearsal: the id of the one that comes closest to the plan.
        is_today: whether the moment is expected today; else before the next working day.
        last: whether no more come for this plan.
    """
    opening = (
        say("Today you expect the moment of your plan:")
        if is_today
        else say("On {day} you expect the moment of your plan:", day=say.day(moment))
    )
    page = [blocks.section(f"{opening}\n{quoted(say, plan.intention)}", block_id="reminder.moment")]
    buttons = [rehearse_button(say, rehearsal)]
    if last:
        page.append(
            blocks.small(
                say.count(
                    "This was the one reminder for this plan. From now on your own “if” carries it.",
                    "This was the last of {number} reminders for this plan. "
                    "From now on your own “if” carries it.",
                    MAX_REMINDERS,
                )
            )
        )
    else:
        value = ids.PlanValue(plan=plan.id).pack()
        buttons.append(blocks.button(say("No more reminders"), ids.REMINDER_OFF, value))
    page.append(blocks.actions(buttons, block_id="reminder.choice"))
    first = say(
        "Today may be the day. Open this to read what you wanted to be reminded of: your words come after "
        "this line, and a locked screen shows none."
    )
    return blocks.message(say, page, first)


def remind_question(say: Say, plan: Plan) -> list[Block]:
    """The checkbox next to the day of the moment; empty for a plan that has had all its reminders."""
    if plan.reminders_sent >= MAX_REMINDERS:
        return []
    box = blocks.option(say("Remind me that morning"), REMIND)
    element = CheckboxesElement(
        action_id=REMIND, options=[box], initial_options=[box] if plan.remind else None
    )
    return [blocks.question(say("A short reminder?"), element, REMIND, optional=True)]


def reminder_buttons(say: Say, plan: Plan, today: date) -> list[ButtonElement]:
    """The button that turns the reminder on or off; empty where there is nothing to remind of."""
    ahead = plan.next_moment_on is not None and plan.next_moment_on >= today
    if not ahead or plan.state is not PlanState.ACTIVE or plan.reminders_sent >= MAX_REMINDERS:
        return []
    value = ids.PlanValue(plan=plan.id).pack()
    if plan.remind:
        return [blocks.button(say("No reminder"), ids.REMINDER_OFF, value)]
    return [blocks.button(say("Remind me that morning"), ids.REMINDER_ON, value)]


def comes(say: Say, day: date) -> str:
    """When the reminder comes."""
    return say("A short reminder comes on the morning of {day}.", day=say.day(day))


def wished(say: Say, comes_on: date | None) -> Message:
    """The reply to turning the reminder on; `comes_on` None when none can be sent."""
    if comes_on is None:
        return plain(
            say("There is no morning left for a reminder of that day. The check-in afterwards comes.")
        )
    return plain(comes(say, comes_on))


def had_enough(say: Say) -> Message:
    """The reply to turning the reminder off."""
    return covered(say, say("Fine: no more reminders for this plan. Nothing else changes."))
