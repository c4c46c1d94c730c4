"""`/allybot transfers` and its button: published figures for leads, the same refusal for everyone else."""

from typing import Any

from slack_bolt import Ack, App

from allybot.domain.people import Actor
from allybot.errors import NotALeadError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import help as help_prompts
from allybot.prompts import ids
from allybot.prompts.outcomes import summary as prompts
from allybot.services.outcomes import summaries
from allybot.slack_app.replies import Asked, CommandHandler, Desk, actor, reply, say_for


def show(desk: Desk, asked: Asked) -> Message:
    """What a lead may see, or the refusal."""
    return _answer(desk, asked.actor, asked.say)


COMMANDS: dict[str, CommandHandler] = {"transfers": show}


def register(bolt: App, desk: Desk) -> None:
    """Listen to the button under a release notice and on the Home tab."""

    @bolt.action(ids.TRANSFERS_SHOW)
    def _show(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        reply(desk, body, _answer(desk, actor(body), say_for(desk, body)))


def _answer(desk: Desk, who: Actor, say: Say) -> Message:
    try:
        return prompts.summary(say, summaries.summary(desk.context, who, desk.now()))
    except NotALeadError:
        return help_prompts.not_a_lead(say)
