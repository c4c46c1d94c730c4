"""Agreeing that one's answers wait for later groups."""

from slack_bolt import Ack

from allybot.errors import NotFoundError
from allybot.prompts.help import stale_button
from allybot.prompts.trainees import pool_consent as prompts
from allybot.prompts.trainees.pool_ids import AGREE
from allybot.services.trainees import pool_consent
from allybot.slack_app.payloads import Press
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(AGREE)
def agree(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Their answers may wait."""
    say = bot.say(press)
    try:
        pool_consent.agree(bot.context, press.actor)
        answer = prompts.agreed(say)
    except NotFoundError:
        answer = stale_button(say)
    ack()
    bot.answer(press, answer)
