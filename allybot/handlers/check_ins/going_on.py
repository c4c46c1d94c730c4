"""Going on: after the re-plan, and after silence."""

from slack_bolt import Ack

from allybot.errors import NotFoundError, WrongStateError
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.check_ins import silence as prompts
from allybot.prompts.help import stale_button
from allybot.services.check_ins import answering, keep_going, silence
from allybot.slack_app.payloads import Press
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(ids.REPLAN_KEEP)
def keep_plans(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Keep the plans as they are."""
    answer: Message | None = None
    try:
        check_in_id = press.value(ids.CheckInValue).check_in
        answering.keep_plans(bot.context, press.actor, check_in_id, bot.now(), press.message_place)
    except NotFoundError:
        answer = stale_button(bot.say(press))
    ack()
    bot.wake_worker()
    bot.reply(press, answer)


@routes.action(ids.KEEP_GOING)
def go_on(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Keep going after the re-plan; the message changes when the worker updates it."""
    answer: Message | None = None
    try:
        check_in_id = press.value(ids.CheckInValue).check_in
        keep_going.keep_going(bot.context, press.actor, check_in_id, bot.now(), press.message_place)
    except (NotFoundError, WrongStateError):
        answer = stale_button(bot.say(press))
    ack()
    bot.wake_worker()
    bot.reply(press, answer)


@routes.action(ids.FRESH_START_KEEP)
def keep_plan(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Keep the plan at the fresh start."""
    say = bot.say(press)
    try:
        answer = prompts.plan_kept(say, silence.keep_plan(bot.context, press.actor, bot.now()))
    except (NotFoundError, WrongStateError):
        answer = stale_button(say)
    ack()
    bot.answer(press, answer, replace=True)
