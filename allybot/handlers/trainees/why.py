"""`/allybot why`: his own reason, and two minutes of reflection."""

from typing import Any

from slack_bolt import Ack, App

from allybot.domain.people import Actor
from allybot.domain.why import Stage
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.handlers.plans.form import not_started
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.help import not_enrolled, stale_button
from allybot.prompts.trainees import why as prompts
from allybot.services.trainees import why
from allybot.slack_app import fields
from allybot.slack_app.replies import (
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


def register(bolt: App, desk: Desk) -> None:
    """The two modals."""

    @bolt.action(ids.WHY_SHOW)
    def show(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        who, say = actor(body), say_for(desk, body)
        answer(desk, body, open_why(desk, who, permit(body), say))

    @bolt.view(ids.WHY_FORM)
    def keep(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        say = say_for(desk, body)
        text = fields.text(view["state"]["values"], prompts.WHY)
        try:
            kept = why.write(desk.context, actor(body), text)
        except FieldError:
            longest = desk.context.content.rules.plans.max_why_characters
            ack(
                response_action="errors",
                errors={prompts.WHY: prompts.too_long(say, len(text), longest)},
            )
            return
        except (NotFoundError, WrongStateError):
            fields.keep_open(ack, view, say)
            return
        ack(response_action="update", view=prompts.why_kept(say, kept).body)

    @bolt.action(ids.WHY_REFLECT)
    def reflect(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        try:
            facts = why.read(desk.context, actor(body))
        except (NotFoundError, WrongStateError):
            answer(desk, body, stale_button(say_for(desk, body)))
            return
        change_modal(desk, body, prompts.reflection_form(say_for(desk, body), facts.support_contact))

    @bolt.view(ids.WHY_REFLECTION_FORM)
    def reflected(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        picked = fields.selected(view["state"]["values"], prompts.STAGE)
        if picked not in set(Stage):
            ack(response_action="clear")
            return
        ack(response_action="update", view=prompts.reflection_answer(say_for(desk, body), Stage(picked)).body)


def open_why(desk: Desk, who: Actor, pressed: Permit, say: Say) -> Message | None:
    """Open the why's modal; a message instead when he has not said yes."""
    try:
        facts = why.read(desk.context, who)
    except NotFoundError:
        return not_enrolled(say)
    except WrongStateError:
        return not_started(say)
    open_modal(desk, who, pressed, prompts.why_form(say, facts.why, facts.support_contact), say)
    return None


def _why(desk: Desk, asked: Asked) -> Message | None:
    return open_why(desk, asked.actor, asked.permit, asked.say)


COMMANDS: dict[str, CommandHandler] = {"why": _why}
