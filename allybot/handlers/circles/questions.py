"""`/allybot ask`: a question to the circle without its author, or a plan he runs past it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from allybot.domain.people import Actor
from allybot.errors import DecryptionError, FieldError, NotFoundError
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import ids
from allybot.prompts.circles import questions as prompts
from allybot.prompts.help import as_modal, not_enrolled, stale_button
from allybot.services.circles import questions
from allybot.services.circles.questions import Asking, CannotAskError
from allybot.services.context import new_id
from allybot.slack_app import fields
from allybot.slack_app.modals import is_in_modal
from allybot.slack_app.replies import (
    Asked,
    CommandHandler,
    Desk,
    Permit,
    actor,
    answer,
    open_modal,
    permit,
    say_for,
)


def register(bolt: App, desk: Desk) -> None:
    """The two buttons and the modal."""

    @bolt.action(ids.ASK_SHOW)
    def show(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        _pressed(desk, body, "")

    @bolt.action(ids.ASK_ABOUT_PLAN)
    def about_plan(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        value = ids.PlanValue.unpack(body["actions"][0].get("value"))
        if value is None:
            answer(desk, body, stale_button(say_for(desk, body)))
            return
        _pressed(desk, body, value.plan)

    @bolt.view(ids.ASK_FORM)
    def send(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        _send(desk, ack, body, view)


def _pressed(desk: Desk, body: Mapping[str, Any], plan_id: str) -> None:
    """Open the modal, on top of the one he pressed in: what he has typed there stays."""
    who, say, on_top = actor(body), say_for(desk, body), is_in_modal(dict(body))
    refusal = _open(desk, who, permit(body), say, plan_id, on_top=on_top)
    if refusal is not None and on_top:
        open_modal(desk, who, permit(body), as_modal(say, refusal), say, on_top=True)
    else:
        answer(desk, body, refusal)


def _open(
    desk: Desk, who: Actor, pressed: Permit, say: Say, plan_id: str, *, on_top: bool = False
) -> Message | None:
    """Open the modal soon; a message instead when he cannot ask."""
    try:
        asking = questions.read(desk.context, who, plan_id, desk.now())
    except NotFoundError:
        return stale_button(say) if plan_id else not_enrolled(say)
    except DecryptionError:
        return stale_button(say)
    except CannotAskError as problem:
        return prompts.refused(say, problem.refusal)
    text = prompts.about_plan(say, asking.plan) if asking.plan else ""
    value = ids.AskFormValue(form=new_id(), plan=plan_id)
    open_modal(desk, who, pressed, _form(say, asking, value, text), say, on_top=on_top)
    return None


def _form(
    say: Say, asking: Asking, value: ids.AskFormValue, text: str, *, named: bool = False, shown: bool = False
) -> View:
    return prompts.ask_form(
        say,
        value,
        asking.circle.name,
        text,
        asking.longest,
        asking.program.support_contact,
        named=named,
        shown=shown,
    )


def _send(desk: Desk, ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Show his words as the circle will read them; sent again unchanged, they are posted."""
    say, values, who = say_for(desk, body), view["state"]["values"], actor(body)
    value = ids.AskFormValue.unpack(view["private_metadata"])
    if value is None:
        fields.keep_open(ack, view, say)
        return
    typed = fields.text(values, prompts.QUESTION)
    named = bool(value.plan) and fields.selected(values, prompts.NAME) == prompts.WITH
    under = fields.block_of(values, prompts.QUESTION)
    try:
        asking, text = questions.check(desk.context, who, value.form, value.plan, typed, desk.now())
        seen = hashlib.sha256(f"{value.form}/{named}/{text}".encode()).hexdigest()
        if value.seen != seen:
            shown = _form(say, asking, value.model_copy(update={"seen": seen}), text, named=named, shown=True)
            ack(response_action="update", view=shown.body)
            return
        now = desk.now()
        asked = questions.ask(desk.context, who, value.form, value.plan, text, now, named=named)
    except FieldError as problem:
        longest = desk.context.content.rules.plans.max_question_characters
        ack(
            response_action="errors",
            errors={under: prompts.problem(say, problem.reason, len(typed), longest)},
        )
        return
    except CannotAskError as problem:
        ack(response_action="errors", errors={under: prompts.why_not(say, problem.refusal)})
        return
    except (NotFoundError, DecryptionError):
        fields.keep_open(ack, view, say)
        return
    done = prompts.on_its_way(
        say, asking.circle.name, asked.post_at, asking.trainee.zone, waits=asked.post_at > now
    )
    ack(response_action="update", view=done.body)
    desk.nudge()


def _ask_command(desk: Desk, asked: Asked) -> Message | None:
    return _open(desk, asked.actor, asked.permit, asked.say, "")


COMMANDS: dict[str, CommandHandler] = {"ask": _ask_command}
