"""The button of somebody who was forgotten or declined and wants to be invited again."""

from functools import partial

from slack_bolt import Ack

from allybot.errors import SlackError
from allybot.handlers.home import show_home
from allybot.prompts import ids
from allybot.prompts.data.suppression import invited_again
from allybot.prompts.help import stale_button
from allybot.services.trainees.coming_back import come_back
from allybot.slack_app.payloads import Press
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(ids.CONSENT_AGAIN)
def again(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The payload's signed user is invited again; Slack is asked for their zone and language."""
    ack()
    bot.background(f"back {press.trigger_id}", partial(_come_back, bot, press))


def _come_back(bot: HandlerContext, press: Press) -> None:
    zone, locale = "", "en-GB"
    try:
        person = bot.slack.person(press.actor.workspace_id, press.actor.slack_user)
        zone, locale = person.zone, person.locale
    except SlackError:
        pass  # the program's zone will do until Slack tells of a change
    done = come_back(bot.context, press.actor, zone, locale, bot.now())
    say = bot.say(press)
    bot.wake_worker()
    bot.answer(press, invited_again(say, done.program) if done else stale_button(say))
    show_home(bot, press.actor)
