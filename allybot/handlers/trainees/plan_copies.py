"""The button that sends a trainee a copy of their plans."""

from slack_bolt import Ack

from allybot.errors import NotFoundError, WrongStateError
from allybot.handlers.not_enrolled import not_taking_part
from allybot.prompts import ids
from allybot.prompts.plans import copies as prompts
from allybot.services.trainees import plan_copies
from allybot.slack_app.payloads import Press
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(ids.PLANS_SEND)
def send(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Queue the copy and say so."""
    say = bot.say(press)
    try:
        plan_copies.send(bot.context, press.actor, bot.now())
    except (NotFoundError, WrongStateError) as problem:
        answer = not_taking_part(bot, press, problem)
    else:
        answer = prompts.on_its_way(say)
    ack()
    bot.wake_worker()
    bot.answer(press, answer)
