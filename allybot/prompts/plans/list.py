"""The list of a trainee's plans, and the messages when one is done, put aside or taken up again."""

from typing import Any

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.plans import Plan, PlanState
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.help import plain
from allybot.prompts.plans.sentence import if_badly, kind_name, quoted

MAX_RESTING = 5
"""Finished plans in the list, and plans put aside; the newest of each."""
_NEXT = "plan.next"
"""Block id of the button "Write the next plan"."""


def plan_list(
    say: Say,
    plans: tuple[Plan, ...],
    focus: Plan | None,
    most: int,
    news: list[dict[str, Any]] | None = None,
) -> Message:
    """A trainee's plans, with the buttons of each.

    Args:
        plans: all of them, oldest first.
        most: the most active plans.
        news: blocks about a change just made, shown above the list.
    """
    page: list[Block] = [*news, blocks.rule()] if news else []
    if not plans:
        text = say(
            "You have no plan yet. Two half-sentences are enough: if this happens, then I will do that."
        )
        return Message(text, (blocks.section(text), blocks.actions([_new_button(say)])))
    active = [plan for plan in plans if plan.state is PlanState.ACTIVE]
    count = say.count("You have {number} plan on the go.", "You have {number} plans on the go.", len(active))
    page += [blocks.heading(say("Your plans")), blocks.small(count)]
    for plan in active:
        is_focus = focus is not None and plan.id == focus.id
        page += _one_plan(say, plan, is_focus=is_focus)
    offered = any(block.get("block_id") == _NEXT for block in news or ())
    if len(active) < most and not offered:
        page.append(blocks.actions([_new_button(say)]))
    _add_resting(say, page, plans)
    page.append(blocks.small(say("Only you see your plans here. They are kept encrypted.")))
    return Message(blocks.in_words(page), tuple(page))


def done(say: Say, plan: Plan, upcoming: Plan | None, *, may_write: bool) -> Message:
    """The message when a plan is done.

    Args:
        upcoming: the plan the next check-in asks about, if any.
        may_write: whether there is room for another plan.
    """
    page = [
        blocks.section(
            say("Done. You planned it, you came back to it, and what you did in those moments counts:")
            + "\n"
            + quoted(say, plan.intention, briefly=True)
        )
    ]
    if upcoming:
        page.append(
            blocks.section(
                say("Next, the check-ins ask about this one:")
                + "\n"
                + quoted(say, upcoming.intention, briefly=True)
            )
        )
    elif may_write:
        page.append(blocks.section(say("What could be the next one? A small plan is enough.")))
    if may_write:
        page.append(blocks.actions([_new_button(say, say("Write the next plan"))], block_id=_NEXT))
    return Message(blocks.in_words(page), tuple(page))


def put_aside(say: Say) -> Message:
    """The message when a plan is put aside."""
    return plain(say("Put aside. You are not asked about it; take it up again whenever there is room."))


def taken_up(say: Say) -> Message:
    """The message when a plan is taken up again."""
    return plain(say("Taken up again. The check-ins ask about it when its turn comes."))


def not_taken_up(say: Say, reason: str) -> Message:
    """Why a plan cannot be taken up again; `reason` as in `services.plans.plans.take_up`."""
    if reason == "taken":
        return plain(
            say(
                "You have another plan of this kind on the go. Call it done or put it aside, then take this "
                "one up."
            )
        )
    if reason == "full":
        return plain(
            say(
                "You have as many plans as one can keep in mind. Call one done or put one aside, then take "
                "this one up."
            )
        )
    return plain(say("Your program has no plans of this kind now, so this one has to rest."))


def _one_plan(say: Say, plan: Plan, *, is_focus: bool) -> list[Block]:
    title = f"*{kind_name(say, plan.kind)}*"
    if is_focus:
        title = say("{title} · the next check-in asks about this one", title=title)
    value = ids.PlanValue(plan=plan.id).pack()
    buttons = [
        blocks.button(say("Mend it"), ids.PLAN_EDIT, value),
        blocks.button(say("Call it done"), ids.PLAN_FINISH, value),
        blocks.button(say("Put it aside"), ids.PLAN_PUT_ASIDE, value),
    ]
    if not is_focus:
        buttons.append(blocks.button(say("Ask about this one next"), ids.PLAN_FOCUS, value))
    if plan.earlier:
        buttons.append(blocks.button(say("Earlier wordings"), ids.PLAN_WORDINGS, value))
    page = [blocks.section(f"{title}\n{quoted(say, plan.intention, briefly=True)}")]
    if plan.coping:
        page.append(blocks.small(if_badly(say, plan.coping, briefly=True)))
    return [*page, blocks.actions(buttons, block_id=f"plan.{plan.id}")]


def _add_resting(say: Say, page: list[Block], plans: tuple[Plan, ...]) -> None:
    """Add the plans put aside and the finished ones, as many as fit in one message."""
    headings = {PlanState.RETIRED: say("*Put aside*"), PlanState.FINISHED: say("*Done*")}
    for state, heading in headings.items():
        above = [blocks.rule(), blocks.section(heading)]
        shown: list[Block] = []
        for plan in [plan for plan in plans if plan.state is state][-MAX_RESTING:]:
            button = _take_up_button(say, plan) if state is PlanState.RETIRED else None
            line = blocks.section(quoted(say, plan.intention, briefly=True), accessory=button)
            if blocks.has_room([*page, *above, *shown, line]):
                shown.append(line)
        if shown:
            page += [*above, *shown]


def _take_up_button(say: Say, plan: Plan) -> ButtonElement:
    return blocks.button(say("Take it up again"), ids.PLAN_TAKE_UP, ids.PlanValue(plan=plan.id).pack())


def _new_button(say: Say, label: str = "") -> ButtonElement:
    return blocks.button(label or say("Write a plan"), ids.PLAN_NEW, style="primary")
