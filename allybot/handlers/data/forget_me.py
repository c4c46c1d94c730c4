"""Being forgotten: the question, Slack's own dialog before the deed, and the answer at once."""

from typing import Any

from slack_bolt import Ack, App

from allybot.handlers.home import show_home
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.data import forget_me as prompts
from allybot.services.data import erasure, forget_me
from allybot.slack_app.modals import is_in_modal, show_view
from allybot.slack_app.replies import Asked, CommandHandler, Desk, actor, reply, say_for


def register(bolt: App, desk: Desk) -> None:
    """The question opens as a modal from a button; the deed is the danger button with Slack's dialog."""

    @bolt.action(ids.FORGET_ME_SHOW)
    def show(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        say = say_for(desk, body)
        show_view(desk, body, prompts.page(say, forget_me.what_is_there(desk.context, actor(body))))

    @bolt.action(ids.FORGET_ME)
    def forget(ack: Ack, body: dict[str, Any]) -> None:
        """Who is forgotten says the payload's signed user, never the button."""
        who, say = actor(body), say_for(desk, body)
        found = forget_me.forget(desk.context, who)
        ack()
        if is_in_modal(body):
            show_view(desk, body, prompts.done_page(say, found))
        else:
            reply(desk, body, prompts.done(say, found), replace=True)
        show_home(desk, who)
        erasure.wipe(desk.context)


def _forget_me(desk: Desk, asked: Asked) -> Message:
    return prompts.question(asked.say, forget_me.what_is_there(desk.context, asked.actor))


COMMANDS: dict[str, CommandHandler] = {"forget-me": _forget_me}
