"""Plans in Slack: the list and its buttons, mending one, and how it read before."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App

from allybot.domain.people import Actor
from allybot.domain.plans import MAX_HALF_LENGTH
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.handlers.home import show_home
from allybot.handlers.plans import form as plan_form
from allybot.handlers.plans.form import new_plan_form, not_started
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.help import not_enrolled, stale_button
from allybot.prompts.plans import kept as kept_prompts
from allybot.prompts.plans import list as prompts
from allybot.prompts.plans.remarks import remarks_on
from allybot.prompts.plans.sentence import COPING, CUE, MOMENT, RESPONSE, field_problem
from allybot.services.plans import history, plans
from allybot.slack_app import fields
from allybot.slack_app.modals import show_view
from allybot.slack_app.replies import Asked, CommandHandler, Desk, Permit, actor, answer, open_modal, say_for


def register(bolt: App, desk: Desk) -> None:
    """Everything a person can do about his plans."""
    plan_form.register(bolt, desk)

    @bolt.action(ids.PLAN_NEW)
    def new(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        form = new_plan_form(desk, actor(body), say_for(desk, body))
        if isinstance(form, Message):
            answer(desk, body, form)
        else:
            show_view(desk, body, form)

    @bolt.view(ids.PLAN_EDIT_FORM)
    def keep_edited(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        _keep_edited(desk, ack, body, view)

    @bolt.action(ids.PLAN_EDIT)
    def edit(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(desk, body, _open_edit(desk, body))

    @bolt.action(ids.PLAN_WORDINGS)
    def earlier(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(desk, body, _open_wordings(desk, body))

    for action, deed in (
        (ids.PLAN_FINISH, _finish),
        (ids.PLAN_PUT_ASIDE, _put_aside),
        (ids.PLAN_TAKE_UP, _take_up),
        (ids.PLAN_FOCUS, _focus),
    ):
        bolt.action(action)(_about_one(desk, deed))

    @bolt.action(ids.PLANS_SHOW)
    def show(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(desk, body, plan_list(desk, actor(body), say_for(desk, body)))


def open_plan_form(
    desk: Desk, who: Actor, pressed: Permit, say: Say, *, kind: str = "", cue: str = "", response: str = ""
) -> Message | None:
    """Open the plan modal, possibly prefilled; a message instead when he cannot write plans yet."""
    form = new_plan_form(desk, who, say, kind=kind, cue=cue, response=response)
    if isinstance(form, Message):
        return form
    open_modal(desk, who, pressed, form, say)
    return None


def plan_list(desk: Desk, who: Actor, say: Say, news: Message | None = None) -> Message:
    """The plans of whoever asks, or why there are none; `news` stands above them."""
    try:
        book = plans.book(desk.context, who)
    except NotFoundError:
        return not_enrolled(say)
    except WrongStateError:
        return not_started(say)
    return prompts.plan_list(
        say,
        book.plans,
        book.focus,
        desk.context.content.rules.plans.max_active,
        tuple(book.reworded),
        list(news.blocks) if news else None,
    )


def _keep_edited(desk: Desk, ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
    say, who, values = say_for(desk, body), actor(body), view["state"]["values"]
    value = ids.PlanValue.unpack(view["private_metadata"])
    if value is None:
        fields.keep_open(ack, view, say)
        return
    try:
        plan = plans.edit(
            desk.context,
            who,
            value.plan,
            fields.text(values, CUE),
            fields.text(values, RESPONSE),
            fields.day(values, MOMENT),
            desk.now(),
            coping=fields.text(values, COPING),
        )
        book = plans.book(desk.context, who)
    except FieldError as problem:
        typed = fields.text(values, problem.field)
        error = field_problem(say, problem.field, problem.reason, len(typed), MAX_HALF_LENGTH)
        ack(response_action="errors", errors={fields.shown_block_of(view, problem.field): error})
        return
    except (NotFoundError, WrongStateError):
        fields.keep_open(ack, view, say)
        return
    content = desk.context.content
    remarks = remarks_on(say, content.plan_library_of(book.program.name), plan.intention)
    shown = kept_prompts.kept(say, plan, len(book.active), content.rules.plans.max_active, remarks=remarks)
    ack(response_action="update", view=shown.body)
    show_home(desk, who)


def _open_edit(desk: Desk, body: dict[str, Any]) -> Message | None:
    say, value = say_for(desk, body), _named(body)
    try:
        book = plans.book(desk.context, actor(body))
    except (NotFoundError, WrongStateError):
        return stale_button(say)
    plan = next((each for each in book.active if value and each.id == value.plan), None)
    if plan is None:
        return stale_button(say)
    show_view(desk, body, kept_prompts.edit_form(say, plan, book.program.support_contact))
    return None


def _open_wordings(desk: Desk, body: dict[str, Any]) -> Message | None:
    say, value = say_for(desk, body), _named(body)
    try:
        found = history.earlier(desk.context, actor(body), value.plan if value else "")
    except NotFoundError:
        return stale_button(say)
    show_view(desk, body, kept_prompts.earlier_wordings(say, found.plan, found.wordings))
    return None


Deed = Callable[[Desk, Actor, Say, str], Message | None]
"""Does something about a plan; what there is to say about it besides the list."""


def _about_one(desk: Desk, deed: Deed) -> Callable[[Ack, dict[str, Any]], None]:
    def pressed(ack: Ack, body: dict[str, Any]) -> None:
        say, who, value = say_for(desk, body), actor(body), _named(body)
        news, done = None, False
        if value:
            try:
                news, done = deed(desk, who, say, value.plan), True
            except (NotFoundError, WrongStateError):
                done = False
        ack()
        _show_change(desk, body, news, done=done)

    return pressed


def _show_change(desk: Desk, body: dict[str, Any], news: Message | None, *, done: bool) -> None:
    """The list with the news above it; on the Home tab the page itself shows what has changed."""
    say, who = say_for(desk, body), actor(body)
    if (body.get("view") or {}).get("type") == "home":
        show_home(desk, who)
        if done:
            answer(desk, body, news)
            return
    answer(desk, body, plan_list(desk, who, say, news) if done else stale_button(say), replace=True)


def _finish(desk: Desk, who: Actor, say: Say, plan_id: str) -> Message:
    plan, book = plans.finish(desk.context, who, plan_id), plans.book(desk.context, who)
    room = len(book.active) < desk.context.content.rules.plans.max_active
    return prompts.done(say, plan, book.focus, may_write=room)


def _put_aside(desk: Desk, who: Actor, say: Say, plan_id: str) -> Message:
    plans.put_aside(desk.context, who, plan_id)
    return prompts.put_aside(say)


def _take_up(desk: Desk, who: Actor, say: Say, plan_id: str) -> Message:
    try:
        plans.take_up(desk.context, who, plan_id)
    except FieldError as problem:
        return prompts.not_taken_up(say, problem.reason)
    return prompts.taken_up(say)


def _focus(desk: Desk, who: Actor, _say: Say, plan_id: str) -> None:
    plans.focus(desk.context, who, plan_id)


def _named(body: dict[str, Any]) -> ids.PlanValue | None:
    return ids.PlanValue.unpack(body["actions"][0].get("value"))


def _plan_command(desk: Desk, asked: Asked) -> Message | None:
    return open_plan_form(desk, asked.actor, asked.permit, asked.say)


def _plans_command(desk: Desk, asked: Asked) -> Message | None:
    return plan_list(desk, asked.actor, asked.say)


COMMANDS: dict[str, CommandHandler] = {"plan": _plan_command, "plans": _plans_command}
