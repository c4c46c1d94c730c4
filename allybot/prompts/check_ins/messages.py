"""Check-in, follow-up and re-plan messages, and their updates once answered."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import RadioButtonsElement

from allybot.domain.check_ins import CheckIn, Tap
from allybot.domain.plans import Intention, Plan
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins import keep_going
from allybot.prompts.check_ins.keep_going import Further
from allybot.prompts.help import plain, support_line
from allybot.prompts.plans.notes import notes_button
from allybot.prompts.plans.sentence import cue_object_line, quoted

ANSWER = "answer"
"""Block id of the form that changes an answer."""


def tap_label(say: Say, tap: Tap) -> str:
    """An answer as a button or an option."""
    labels = {
        Tap.ACTED: say("I did it"),
        Tap.NOT_ACTED: say("A moment came, I did not"),
        Tap.NO_MOMENT: say("No moment yet"),
    }
    return labels[tap]


def check_in(say: Say, asked: CheckIn, plan: Plan, since: date, minimum: int) -> Message:
    """The question of one step.

    Args:
        since: the first day it asks about, in the trainee's zone.
        minimum: the fewest respondents of a published figure.
    """
    question = say("Since {day}: did the moment of your plan come up, and did you do it?", day=say.day(since))
    return _asking(say, question, f"check_in.step-{asked.step}", asked, plan, minimum)


def follow_up(say: Say, asked: CheckIn, plan: Plan, since: date, minimum: int, *, put_off: bool) -> Message:
    """The second message about a step: after days without an answer, or after a snooze."""
    opening = (
        say("Here it is again, as you asked.")
        if put_off
        else say("In case this got lost in a full week. It comes only this once more.")
    )
    question = say("Since {day}: did the moment of your plan come up, and did you do it?", day=say.day(since))
    return _asking(say, f"{opening} {question}", f"follow_up.step-{asked.step}", asked, plan, minimum)


def replan(
    say: Say, asked: CheckIn, plan: Plan | None, support_contact: str, further: Further | None
) -> Message:
    """The last step of the ladder: no outcome is asked for, the plan is rewritten.

    Args:
        further: what keeping going would bring, None where it is not offered.
    """
    text = say(
        "{days} days have passed since your training. Some plans found their moment in that time, some did "
        "not, and work has changed meanwhile. This is a good day to look at yours again.",
        days=asked.step,
    )
    page: list[Block] = [
        blocks.section(text, block_id=f"check_in.step-{asked.step}"),
        blocks.section(
            say("Begin with your notes, if you wrote any to yourself."), accessory=notes_button(say)
        ),
    ]
    value = ids.CheckInValue(check_in=asked.id).pack()
    buttons = [
        blocks.button(say("Write a new plan"), ids.PLAN_NEW),
        blocks.button(say("Keep things as they are"), ids.REPLAN_KEEP, value),
    ]
    if plan is not None:
        about = ids.PlanValue(plan=plan.id).pack()
        page.append(blocks.section(quoted(say, plan.intention)))
        buttons = [
            blocks.button(say("Mend this plan"), ids.PLAN_EDIT, about),
            *buttons,
            blocks.button(say("Call it done"), ids.PLAN_FINISH, about),
        ]
    page += [
        blocks.actions(buttons, block_id="check_in.replan"),
        *(keep_going.offer(say, asked, further) if further else []),
        blocks.small(
            say(
                "No check-in comes after this, and no answer is recorded here. Your plans: `{command} plans`",
                command=ids.COMMAND,
            )
        ),
        support_line(say, support_contact),
    ]
    return blocks.message(say, page)


def answered(say: Say, asked: CheckIn, plan: Intention | None) -> Message:
    """The question's update once it is answered; the same for every answer.

    Args:
        plan: the plan in the words of the question, whatever has become of it since.
    """
    text = say(
        "Thank you for answering. Your answer is sealed: allybot does not open it before the count, not "
        "even for you. You can give another one in its place."
    )
    return blocks.message(
        say,
        (
            blocks.section(text, block_id=f"answered.step-{asked.step}"),
            *_as_asked(say, plan),
            blocks.actions(
                [
                    blocks.button(
                        say("Change my answer"),
                        ids.CHECK_IN_CHANGE,
                        ids.CheckInValue(check_in=asked.id).pack(),
                    ),
                    blocks.button(say("All my plans"), ids.PLANS_SHOW),
                ],
                block_id="check_in.answered",
            ),
        ),
    )


def replan_kept(say: Say, asked: CheckIn, plan: Intention | None, further: Further | None) -> Message:
    """The re-plan's update once the plans are kept unchanged; arguments as in `answered` and `replan`."""
    text = say("Kept as they are. Your plans are one tap away whenever you want to look at them again.")
    return blocks.message(
        say,
        (
            blocks.section(text, block_id=f"answered.step-{asked.step}"),
            *_as_asked(say, plan),
            blocks.actions(
                [blocks.button(say("All my plans"), ids.PLANS_SHOW)], block_id="check_in.answered"
            ),
            *(keep_going.offer(say, asked, further) if further else []),
        ),
    )


def put_off(say: Say, again: datetime | None, zone: ZoneInfo, next_on: date | None) -> Message:
    """The reply to a snooze.

    Args:
        again: aware UTC; None where the question does not come again.
        next_on: the day of the next check-in, if one is planned.
    """
    if again is None:
        told = say("Fine. The buttons above stay, should you want them.")
        if next_on:
            told += " " + say("The next check-in comes on {day}.", day=say.day(next_on))
        return plain(told)
    return plain(
        say(
            "Fine. You will be asked again on {day} at about {hour}.",
            day=say.day(again.astimezone(zone).date()),
            hour=say.hour(again, zone),
        )
    )


def passed(say: Say) -> Message:
    """The answer to the button of a question that has passed, while the re-plan is the newest message."""
    return plain(say("That question has passed. Please look at the newest message here."))


def newest_form(say: Say, asked: CheckIn, plan: Plan, support_contact: str) -> View:
    """The newest question as a modal, for whoever pressed a button of an earlier one."""
    intro = [
        blocks.section(say("That question has passed. This is the newest one:")),
        blocks.section(quoted(say, plan.intention)),
    ]
    return _answer_form(say, say("Your check-in"), intro, asked.id, support_contact)


def change_form(say: Say, check_in_id: str, support_contact: str) -> View:
    """The three answers again; nothing is preselected, because the earlier answer is sealed."""
    intro = blocks.section(
        say("The answer you give now takes the place of the earlier one, which stays sealed unread.")
    )
    return _answer_form(say, say("Change my answer"), [intro], check_in_id, support_contact)


def _answer_form(say: Say, title: str, intro: list[Block], check_in_id: str, support_contact: str) -> View:
    options = [blocks.option(tap_label(say, tap), tap.value) for tap in Tap]
    return blocks.modal(
        title,
        [
            *intro,
            blocks.question(
                say("What happened?"),
                RadioButtonsElement(action_id=ANSWER, options=options),
                ANSWER,
            ),
            support_line(say, support_contact),
        ],
        ids.CHECK_IN_CHANGE_FORM,
        submit=say("Seal this answer"),
        close=say("Cancel"),
        metadata=ids.CheckInValue(check_in=check_in_id).pack(),
    )


def answer_buttons(say: Say, check_in_id: str) -> Block:
    """The buttons of a check-in, all in the same style, so that no answer looks like the right one."""
    value = ids.CheckInValue(check_in=check_in_id).pack()
    actions = {
        Tap.ACTED: ids.CHECK_IN_ACTED,
        Tap.NOT_ACTED: ids.CHECK_IN_MISSED,
        Tap.NO_MOMENT: ids.CHECK_IN_NO_MOMENT,
    }
    return blocks.actions(
        [blocks.button(tap_label(say, tap), action, value) for tap, action in actions.items()],
        block_id="check_in.answers",
    )


def snooze_buttons(say: Say, check_in_id: str) -> Block:
    """The buttons that put a check-in off."""
    value = ids.CheckInValue(check_in=check_in_id).pack()
    return blocks.actions(
        [
            blocks.button(say("Later today"), ids.CHECK_IN_LATER_TODAY, value),
            blocks.button(say("Tomorrow"), ids.CHECK_IN_NOT_TODAY, value),
            blocks.button(say("Next week"), ids.CHECK_IN_NEXT_WEEK, value),
        ],
        block_id="check_in.snooze",
    )


def confidential(say: Say, minimum: int) -> str:
    """Who can see the answer."""
    return say(
        "Confidential: your answer is sealed as you tap and only counted, together with others. Leads of the "
        "program see figures about at least {minimum} people, never yours. `{command} privacy` says more.",
        minimum=minimum,
        command=ids.COMMAND,
    )


def _as_asked(say: Say, plan: Intention | None) -> list[Block]:
    """The plan that was asked about."""
    return [blocks.section(quoted(say, plan))] if plan else []


def _asking(say: Say, question: str, block_id: str, asked: CheckIn, plan: Plan, minimum: int) -> Message:
    page = (
        blocks.section(question, block_id=block_id),
        blocks.section(quoted(say, plan.intention)),
        *([blocks.small(cue_object_line(say, plan))] if plan.cue_object else []),
        answer_buttons(say, asked.id),
        snooze_buttons(say, asked.id),
        blocks.small(confidential(say, minimum)),
    )
    opening = say(
        "Your check-in: one tap, ten seconds. Only you see this; your answer is sealed. The rest comes after "
        "this line: open it to answer."
    )
    return blocks.message(say, page, opening)
