"""The overview that `/allybot` shows, alone or with `help`."""

from slack_bolt import Ack

from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.trainees import commands as prompts
from allybot.services.trainees.roles import role_of
from allybot.slack_app.payloads import Press, Request
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import HELP, Routes

routes = Routes()


@routes.action(ids.HELP_SHOW)
def show_help(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button."""
    ack()
    bot.answer(press, overview(bot, press))


@routes.command(HELP)
def overview(bot: HandlerContext, request: Request) -> Message:
    """What whoever asks can do."""
    role = role_of(bot.context, request.actor)
    return prompts.overview(bot.say(request), role.support_contact, is_lead=role.is_lead)
