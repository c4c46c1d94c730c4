"""The step of the plan modal that asks which plan to put aside for the new one."""

from collections.abc import Sequence

from slack_sdk.models.blocks import RadioButtonsElement

from allybot.domain.plans import Intention, Plan
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line
from allybot.prompts.ids import PlanFormValue
from allybot.prompts.plans.sentence import kind_name, quoted

ASIDE = "aside"


def swap_form(say: Say, value: PlanFormValue, held: Sequence[Plan], support_contact: str) -> View:
    """Asks which plan to put aside; closing the modal changes nothing.

    Args:
        value: everything entered so far. With both halves, submitting stores the new plan.
        held: the plans of which one has to be put aside, at least one.
    """
    written = bool(value.cue and value.response)
    page = _one(say, held[0]) if len(held) == 1 else _several(say, held)
    if written:
        new = quoted(say, Intention(value.cue, value.response))
        page.append(blocks.section(say("The new one:") + "\n" + new))
    if len(held) > 1:
        page.append(_choice(say, held, value.aside))
    page.append(blocks.section(_what_happens(say, written=written)))
    back = say("Change the new one first") if written else say("Back")
    page.append(blocks.actions([blocks.button(back, ids.PLAN_BACK)], block_id="back"))
    return blocks.modal(
        say("Make room"),
        [*page, support_line(say, support_contact)],
        ids.PLAN_FORM,
        submit=say("Swap them") if written else say("Write the new one"),
        close=say("Keep mine"),
        metadata=value.pack(),
    )


def _one(say: Say, plan: Plan) -> list[Block]:
    return [blocks.section(say("You have this one:") + "\n" + quoted(say, plan.intention))]


def _several(say: Say, held: Sequence[Plan]) -> list[Block]:
    opening = say("You have {number} plans, as many as one can keep in mind:", number=len(held))
    listed = [f"*{kind_name(say, plan.kind)}*\n{quoted(say, plan.intention, briefly=True)}" for plan in held]
    return [blocks.section(text) for text in (opening, *listed)]


def _choice(say: Say, held: Sequence[Plan], chosen: str) -> Block:
    options = [blocks.option(kind_name(say, plan.kind), plan.id) for plan in held]
    element = RadioButtonsElement(
        action_id=ids.PLAN_ASIDE,
        options=options,
        initial_option=next((option for option in options if option.value == chosen), None),
    )
    return blocks.question(say("Which one goes aside?"), element, ASIDE)


def _what_happens(say: Say, *, written: bool) -> str:
    if written:
        return say(
            "The old one goes aside. Nothing is lost: it stays in the list of your plans, and you can take "
            "it up again."
        )
    return say(
        "The old one goes aside once the new one is kept. Nothing is lost: it stays in the list of your "
        "plans, and you can take it up again."
    )
