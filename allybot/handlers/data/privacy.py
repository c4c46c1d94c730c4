"""Who sees what: as a command and as a button."""

from typing import Any

from slack_bolt import Ack, App

from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.data import privacy as prompts
from allybot.services.programs.terms import terms_for
from allybot.slack_app.replies import Asked, CommandHandler, Desk, actor, open_modal, permit, say_for


def register(bolt: App, desk: Desk) -> None:
    """The button opens a modal, which works from a message and from the Home tab alike."""

    @bolt.action(ids.PRIVACY_SHOW)
    def show(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        who, say = actor(body), say_for(desk, body)
        page = prompts.page(say, terms_for(desk.context, who), _usual_minimum(desk))
        open_modal(desk, who, permit(body), page, say)


def _privacy(desk: Desk, asked: Asked) -> Message:
    return prompts.shown(asked.say, terms_for(desk.context, asked.actor), _usual_minimum(desk))


def _usual_minimum(desk: Desk) -> int:
    return desk.context.content.rules.publishing.default_respondents


COMMANDS: dict[str, CommandHandler] = {"privacy": _privacy}
