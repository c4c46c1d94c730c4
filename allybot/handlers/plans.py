"""Plans in Slack: the modal, its library, the list and its buttons."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from allybot.domain.people import Actor
from allybot.domain.plans import LONGEST_HALF, Intention, PlanKind, PlanState
from allybot.errors import FieldProblem, NotFound, WrongState
from allybot.handlers import fields
from allybot.handlers.desk import (
    Asked,
    CommandHandler,
    Desk,
    Permit,
    actor,
    answer,
    change_modal,
    open_modal,
    permit,
    say_for,
)
from allybot.handlers.home import show_home
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import ids
from allybot.prompts import plans as prompts
from allybot.prompts.help import not_enrolled, plain, stale_button
from allybot.services import plans
from allybot.services.house import new_id


def register(bolt: App, desk: Desk) -> None:
    """Everything a person can do about his plans."""

    @bolt.action(ids.PLAN_NEW)
    def new(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        refusal = open_plan_form(desk, actor(body), permit(body), say_for(desk, body))
        answer(desk, body, refusal)

    @bolt.action(ids.PLAN_KIND)
    @bolt.action(ids.PLAN_PICK_CUE)
    @bolt.action(ids.PLAN_PICK_RESPONSE)
    def choose(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        view = _after_choice(desk, say_for(desk, body), actor(body), body)
        if view:
            change_modal(desk, body, view)

    @bolt.view(ids.PLAN_FORM)
    def keep(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        _keep(desk, ack, body, view)

    @bolt.view(ids.PLAN_EDIT_FORM)
    def keep_edited(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        _keep(desk, ack, body, view)

    @bolt.action(ids.PLAN_EDIT)
    def edit(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(desk, body, _open_edit(desk, body))

    @bolt.action(ids.PLAN_FINISH)
    def finish(ack: Ack, body: dict[str, Any]) -> None:
        changed = _about_one(desk, body, finished=True)
        ack()
        _show_change(desk, body, changed)

    @bolt.action(ids.PLAN_FOCUS)
    def focus(ack: Ack, body: dict[str, Any]) -> None:
        changed = _about_one(desk, body, finished=False)
        ack()
        _show_change(desk, body, changed)

    @bolt.action(ids.PLANS_SHOW)
    def show(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(desk, body, plan_list(desk, actor(body), say_for(desk, body)))


def open_plan_form(
    desk: Desk, who: Actor, pressed: Permit, say: Say, *, kind: str = "", cue: str = "", response: str = ""
) -> Message | None:
    """Open the plan modal, possibly prefilled; a message instead when he cannot write plans yet."""
    try:
        book = plans.book(desk.house, who)
    except NotFound:
        return not_enrolled(say)
    except WrongState:
        return not_started(say)
    value = ids.PlanFormValue(form=new_id(), kind=kind)
    view = prompts.plan_form(
        say, desk.house.content.library, value, Intention(cue, response), None, book.program.support_contact
    )
    open_modal(desk, who, pressed, view, say)
    return None


def not_started(say: Say) -> Message:
    """The answer to somebody who has not said yes to allybot."""
    return plain(
        say("allybot keeps plans once you have said yes in its first message. You can still do that.")
    )


def plan_list(desk: Desk, who: Actor, say: Say) -> Message:
    """The plans of whoever asks, or why there are none."""
    try:
        book = plans.book(desk.house, who)
    except NotFound:
        return not_enrolled(say)
    except WrongState:
        return not_started(say)
    return prompts.plan_list(say, book.plans, book.focus, desk.house.content.rules.plans.most_active)


def _after_choice(desk: Desk, say: Say, who: Actor, body: Mapping[str, Any]) -> View | None:
    """The modal after a choice of kind or a pick from the library; what he typed stays."""
    view = body["view"]
    value = ids.PlanFormValue.unpack(view["private_metadata"])
    action = body["actions"][0]
    picked = (action.get("selected_option") or {}).get("value", "")
    if value is None:
        return None
    words, moment = _typed(view["state"]["values"]), fields.day(view["state"]["values"], prompts.MOMENT)
    library = desk.house.content.library
    if action["action_id"] == ids.PLAN_KIND and picked in set(PlanKind):
        value = value.model_copy(update={"kind": picked})
    elif value.kind in set(PlanKind):
        kind = library.kind(PlanKind(value.kind))
        cues = {cue.id: cue.text for cue in kind.cues}
        responses = {response.id: response.text for response in kind.responses}
        words = Intention(
            say(cues[picked]) if picked in cues else words.cue,
            say(responses[picked]) if picked in responses else words.response,
        )
    try:
        contact = plans.book(desk.house, who).program.support_contact
    except (NotFound, WrongState):
        return None
    # A choice of kind fills nothing in: with the same block ids, Slack keeps what he typed since.
    by_pick = action["action_id"] != ids.PLAN_KIND
    filled = f".{new_id()[:8]}" if by_pick else _suffix(view["state"]["values"])
    return prompts.plan_form(say, library, value, words, moment, contact, filled=filled)


def _suffix(values: Mapping[str, Any]) -> str:
    """What the text blocks' ids end with at the moment."""
    return fields.block_of(values, prompts.CUE).removeprefix(prompts.CUE)


def _keep(desk: Desk, ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
    say = say_for(desk, body)
    who = actor(body)
    value = ids.PlanFormValue.unpack(view["private_metadata"])
    values = view["state"]["values"]
    words = _typed(values)
    if value is None:
        fields.keep_open(ack, view, say)
        return
    try:
        if value.plan:
            plan = plans.edit(
                desk.house,
                who,
                value.plan,
                words.cue,
                words.response,
                fields.day(values, prompts.MOMENT),
                desk.now(),
            )
        else:
            kind = fields.selected(values, prompts.KIND)
            plan = plans.write(
                desk.house,
                who,
                value.form,
                kind,
                words.cue,
                words.response,
                fields.day(values, prompts.MOMENT),
                desk.now(),
            )
    except FieldProblem as problem:
        typed = {prompts.CUE: words.cue, prompts.RESPONSE: words.response}.get(problem.field, "")
        error = prompts.field_problem(say, problem.field, problem.reason, len(typed), LONGEST_HALF)
        ack(response_action="errors", errors={fields.block_of(values, problem.field): error})
        return
    except (NotFound, WrongState):
        fields.keep_open(ack, view, say)
        return
    book = plans.book(desk.house, who)
    shown = prompts.kept(say, plan, len(book.active), desk.house.content.rules.plans.most_active)
    ack(response_action="update", view=shown.body)
    show_home(desk, who)


def _open_edit(desk: Desk, body: Mapping[str, Any]) -> Message | None:
    say, who = say_for(desk, body), actor(body)
    value = ids.PlanValue.unpack(body["actions"][0].get("value"))
    try:
        book = plans.book(desk.house, who)
    except (NotFound, WrongState):
        return stale_button(say)
    plan = next((each for each in book.plans if value and each.id == value.plan), None)
    if plan is None or plan.state is not PlanState.ACTIVE:
        return stale_button(say)
    form = ids.PlanFormValue(form=new_id(), plan=plan.id, kind=plan.kind)
    view = prompts.edit_form(say, plan, form, book.program.support_contact)
    open_modal(desk, who, permit(body), view, say)
    return None


def _about_one(desk: Desk, body: Mapping[str, Any], *, finished: bool) -> Message:
    say, who = say_for(desk, body), actor(body)
    value = ids.PlanValue.unpack(body["actions"][0].get("value"))
    if value is None:
        return stale_button(say)
    try:
        if finished:
            plans.finish(desk.house, who, value.plan)
        else:
            plans.focus(desk.house, who, value.plan)
    except (NotFound, WrongState):
        return stale_button(say)
    return plan_list(desk, who, say)


def _show_change(desk: Desk, body: Mapping[str, Any], changed: Message) -> None:
    """On the Home tab the page itself shows what has changed."""
    if (body.get("view") or {}).get("type") == "home":
        show_home(desk, actor(body))
    else:
        answer(desk, body, changed, replace=True)


def _typed(values: Mapping[str, Any]) -> Intention:
    return Intention(fields.text(values, prompts.CUE), fields.text(values, prompts.RESPONSE))


def _plan_command(desk: Desk, asked: Asked) -> Message | None:
    return open_plan_form(desk, asked.actor, asked.permit, asked.say)


def _plans_command(desk: Desk, asked: Asked) -> Message | None:
    return plan_list(desk, asked.actor, asked.say)


COMMANDS: dict[str, CommandHandler] = {"plan": _plan_command, "plans": _plans_command}
