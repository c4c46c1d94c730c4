"""Did it appear? The answer of a facilitator or lead to an uncertain circle post."""

from slack_bolt import Ack

from allybot.errors import NotFoundError, WrongStateError
from allybot.prompts import ids
from allybot.prompts.help import stale_button
from allybot.services.delivery import did_it_appear
from allybot.slack_app.payloads import Press
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(ids.IT_APPEARED, ids.IT_DID_NOT_APPEAR)
def answer(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Whoever was not asked and whoever answered before get the same words."""
    appeared = press.action_id == ids.IT_APPEARED
    try:
        row_id = press.value(ids.OutboxValue).outbox
        did_it_appear.answer(bot.context, press.actor, row_id, appeared=appeared, now=bot.now())
    except (NotFoundError, WrongStateError):
        ack()
        bot.reply(press, stale_button(bot.say(press)))
    else:
        ack()
        bot.wake_worker()
