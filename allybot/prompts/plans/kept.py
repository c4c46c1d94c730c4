"""The modals of an existing plan: editing it, its confirmation and its earlier wordings."""

from collections.abc import Sequence

from allybot.domain.plan_checks import Remark
from allybot.domain.plans import Intention, Plan, Wording
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line
from allybot.prompts.plans.fields import coping_question, moment_question, words_questions
from allybot.prompts.plans.remarks import remark_lines
from allybot.prompts.plans.sentence import if_badly, kind_name, quoted

MAX_EARLIER = 8
"""Earlier wordings in one modal, the newest; the export of one's data has all."""


def edit_form(say: Say, plan: Plan, support_contact: str) -> View:
    """The form to edit a plan."""
    return blocks.modal(
        say("Mend a plan"),
        [
            blocks.section(f"*{kind_name(say, plan.kind)}*"),
            *words_questions(say, plan.intention),
            coping_question(say, plan.coping or ""),
            moment_question(say, plan.next_moment_on),
            support_line(say, support_contact),
        ],
        ids.PLAN_EDIT_FORM,
        submit=say("Keep this plan"),
        close=say("Cancel"),
        metadata=ids.PlanValue(plan=plan.id).pack(),
    )


def kept(
    say: Say,
    plan: Plan,
    active: int,
    most: int,
    *,
    remarks: Sequence[Remark] = (),
    aside: Plan | None = None,
) -> View:
    """The modal after a plan was stored: the sentence, and an invitation to rehearse it.

    Args:
        active: number of active plans, of at most `most`.
        remarks: about words that were changed.
        aside: the plan that was put aside for it.
    """
    lines: list[Block] = [
        blocks.section(say("Your plan is kept:")),
        blocks.section(quoted(say, plan.intention)),
    ]
    if plan.coping:
        lines.append(blocks.section(if_badly(say, plan.coping)))
    if plan.next_moment_on:
        lines.append(blocks.section(say("You expect the moment on {day}.", day=say.day(plan.next_moment_on))))
    lines.append(blocks.section(say("Picture the moment once, and yourself in it. Then it is yours.")))
    lines += remark_lines(say, remarks)
    if aside:
        old = quoted(say, aside.intention, briefly=True)
        lines.append(blocks.section(say("This one is put aside; you can take it up again:") + "\n" + old))
    buttons = []
    if active < most:
        buttons.append(blocks.button(say("Write another plan"), ids.PLAN_NEW))
    if remarks or aside:
        again = ids.PlanValue(plan=plan.id).pack()
        buttons.append(blocks.button(say("Change the words"), ids.PLAN_EDIT, again))
    if buttons:
        lines.append(blocks.actions(buttons))
    if active < most:
        lines.append(blocks.small(say("You can keep up to {most} plans, one of each kind.", most=most)))
    return blocks.modal(say("Your plan"), lines, ids.PLAN_FORM, close=say("Done"))


def earlier_wordings(say: Say, plan: Plan, wordings: Sequence[Wording]) -> View:
    """The earlier wordings of a plan, newest first."""
    page: list[Block] = [
        blocks.section(say("*Now*") + "\n" + quoted(say, plan.intention, briefly=True)),
        blocks.rule(),
    ]
    page += [_one(say, each.intention, each) for each in reversed(wordings[-MAX_EARLIER:])]
    if not wordings:
        page.append(blocks.section(say("It has always read like this.")))
    if len(wordings) > MAX_EARLIER:
        page.append(
            blocks.small(say("Older ones stand in the file of `{command} my-data`.", command=ids.COMMAND))
        )
    page.append(blocks.small(say("Only you see these. They are kept encrypted, and go when the plan goes.")))
    return blocks.modal(say("Earlier wordings"), page, ids.PLAN_WORDINGS, close=say("Close"))


def _one(say: Say, words: Intention, wording: Wording) -> Block:
    day = say.day_and_year(wording.replaced_on)
    return blocks.section(say("Until {day}", day=day) + "\n" + quoted(say, words, briefly=True))
