"""`/allybot transfers` and its button: published figures for leads, the same refusal for everyone else."""

from slack_bolt import Ack

from allybot.errors import NotALeadError
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.help import not_a_lead
from allybot.prompts.outcomes import summary as prompts
from allybot.services.outcomes import summaries
from allybot.slack_app.payloads import Press, Request
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(ids.TRANSFERS_SHOW)
def pressed(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button under a release notice and on the Home tab."""
    ack()
    bot.reply(press, show(bot, press))


@routes.command("transfers")
def show(bot: HandlerContext, request: Request) -> Message:
    """What a lead may see, or the refusal."""
    say = bot.say(request)
    try:
        return prompts.summary(say, summaries.summary(bot.context, request.actor, bot.now()))
    except NotALeadError:
        return not_a_lead(say)
