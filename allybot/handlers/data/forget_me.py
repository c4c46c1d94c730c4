"""Being forgotten: the question, Slack's own dialog before the deletion, and the answer at once."""

from slack_bolt import Ack

from allybot.handlers.home import show_home
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.data import forget_me as prompts
from allybot.services.data import erasure, forget_me
from allybot.slack_app.payloads import Press, SlashCommand
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.command("forget-me")
def ask(bot: HandlerContext, command: SlashCommand) -> Message:
    """The question in a message."""
    return prompts.question(bot.say(command), forget_me.what_is_there(bot.context, command.actor))


@routes.action(ids.FORGET_ME_SHOW)
def show(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The question in a modal."""
    ack()
    bot.show(press, prompts.page(bot.say(press), forget_me.what_is_there(bot.context, press.actor)))


@routes.action(ids.FORGET_ME)
def forget(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The danger button, after Slack's dialog; it forgets the payload's signed user, whatever it carries."""
    say = bot.say(press)
    found = forget_me.forget(bot.context, press.actor)
    ack()
    if press.in_modal:
        bot.show(press, prompts.done_page(say, found))
    else:
        bot.reply(press, prompts.done(say, found), replace=True)
    show_home(bot, press.actor)
    erasure.wipe(bot.context)
