"""Who sees what: as a command and as a button."""

from slack_bolt import Ack

from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.data import privacy as prompts
from allybot.services.programs.terms import terms_for
from allybot.slack_app.payloads import Press, SlashCommand
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(ids.PRIVACY_SHOW)
def show(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """A modal, which works from a message and from the Home tab alike."""
    ack()
    terms = terms_for(bot.context, press.actor)
    bot.show(press, prompts.page(bot.say(press), terms, _usual_minimum(bot)))


@routes.command("privacy")
def answer(bot: HandlerContext, command: SlashCommand) -> Message:
    """The same in a message."""
    return prompts.shown(bot.say(command), terms_for(bot.context, command.actor), _usual_minimum(bot))


def _usual_minimum(bot: HandlerContext) -> int:
    return bot.context.content.rules.publishing.default_respondents
