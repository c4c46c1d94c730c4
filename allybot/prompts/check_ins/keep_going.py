"""Going on after the re-plan: the offer, its confirmation, and the messages of the days after."""

from dataclasses import dataclass
from datetime import date

from allybot.domain.check_ins import CheckIn
from allybot.domain.plans import Plan
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line
from allybot.prompts.plans.sentence import quoted


@dataclass(frozen=True)
class Further:
    """What is offered at the re-plan; dates are in the program's zone.

    Attributes:
        days, last: the days after the training on which a message comes, and the last of them.
        kept_until: the day of deletion of who keeps going.
        otherwise_until: the day of deletion without it.
    """

    days: tuple[int, ...]
    last: int
    kept_until: date
    otherwise_until: date


def offer(say: Say, asked: CheckIn, further: Further) -> list[Block]:
    """The offer to keep going: what would come, and how much longer what is kept; the tap is the consent."""
    text = say(
        "*If you like, keep going until day {last}.* A short message with your plan comes at about days "
        "{days}: it asks nothing, and nothing is recorded. All that allybot keeps about you is then kept "
        "until {later} instead of {sooner}; by tapping you agree to that. Without a tap it ends as planned.",
        last=further.last,
        days=say.all_of([str(day) for day in further.days]),
        later=say.day_and_year(further.kept_until),
        sooner=say.day_and_year(further.otherwise_until),
    )
    label = say("Keep going until day {day}", day=further.last)
    value = ids.CheckInValue(check_in=asked.id).pack()
    button = blocks.button(label, ids.KEEP_GOING, value)
    return [blocks.section(text), blocks.actions([button], block_id="check_in.keep_going")]


def chosen(say: Say, asked: CheckIn, further: Further, next_on: date | None) -> Message:
    """The re-plan's update once somebody keeps going."""
    lines = [say("You keep going until day {day}.", day=further.last)]
    if next_on:
        lines.append(say("The next message comes on {day}.", day=say.day(next_on)))
    kept = say("What allybot keeps about you is deleted on {day}.", day=say.day_and_year(further.kept_until))
    return blocks.message(
        say,
        (
            blocks.section(" ".join([*lines, kept]), block_id=f"answered.step-{asked.step}"),
            blocks.actions(
                [
                    blocks.button(say("All my plans"), ids.PLANS_SHOW),
                    blocks.button(say("Stop these messages"), ids.FREQUENCY_STOP),
                ],
                block_id="check_in.answered",
            ),
        ),
    )


def keep_going(say: Say, day: int, plan: Plan | None, support_contact: str, *, is_last: bool) -> Message:
    """The message of a day after the re-plan: the plan, and what can be done with it; it asks nothing.

    Args:
        day: days since the training.
    """
    opening = say(
        "{days} days have passed since your training. There is no question today, and nothing is recorded: "
        "only your plan, in case its moment is near.",
        days=day,
    )
    page: list[Block] = [blocks.section(opening)]
    buttons = [blocks.button(say("Write another plan"), ids.PLAN_NEW)]
    if plan is None:
        page.append(blocks.section(say("You have no plan at the moment. Two half-sentences make a new one.")))
    else:
        page.append(blocks.section(quoted(say, plan.intention)))
        about = ids.PlanValue(plan=plan.id).pack()
        buttons.append(blocks.button(say("Change this one"), ids.PLAN_EDIT, about))
    buttons.append(blocks.button(say("A line to say"), ids.LINES_SHOW))
    if is_last:
        page.append(blocks.small(say("This is the last of these messages.")))
    else:
        buttons.append(blocks.button(say("Stop these messages"), ids.FREQUENCY_STOP))
    page += [blocks.actions(buttons, block_id="keep_going.choices"), support_line(say, support_contact)]
    return blocks.message(say, page)
