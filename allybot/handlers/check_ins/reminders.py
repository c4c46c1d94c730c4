"""Asking for a reminder of a plan's moment, and turning it off."""

from slack_bolt import Ack

from allybot.errors import DecryptionError, NotFoundError, WrongStateError
from allybot.handlers.home import show_home
from allybot.prompts import ids
from allybot.prompts.check_ins import reminders as prompts
from allybot.prompts.help import stale_button
from allybot.services.check_ins import reminders
from allybot.slack_app.payloads import Press
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(ids.REMINDER_ON, ids.REMINDER_OFF)
def wish(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Store the wish; on the Home tab the page itself shows it."""
    wanted, say = press.action_id == ids.REMINDER_ON, bot.say(press)
    try:
        plan_id = press.value(ids.PlanValue).plan
        done = reminders.wish(bot.context, press.actor, plan_id, wanted=wanted, now=bot.now())
    except (NotFoundError, WrongStateError, DecryptionError):
        ack()
        bot.answer(press, stale_button(say))
        return
    ack()
    if press.on_home:
        show_home(bot, press.actor)
    else:
        bot.answer(press, prompts.wished(say, done.comes_on) if wanted else prompts.had_enough(say))
