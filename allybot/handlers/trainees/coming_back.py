"""The button of somebody who was forgotten or declined and wants to be invited again."""

from functools import partial

from slack_bolt import Ack

from allybot.errors import SlackError, UserError
from allybot.handlers.home import show_home
from allybot.i18n import DEFAULT_LOCALE
from allybot.prompts import ids
from allybot.prompts.data.suppression import invited_again
from allybot.prompts.help import stale_button
from allybot.services.trainees.coming_back import come_back
from allybot.services.trainees.slack_events import person_changed
from allybot.slack_app.payloads import Press
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(ids.CONSENT_AGAIN)
def again(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The payload's signed user is invited again; their zone and language, not kept, are looked up then."""
    say = bot.say(press)
    try:
        done = come_back(bot.context, press.actor, "", DEFAULT_LOCALE, bot.now())
    except UserError:  # the key of the list cannot be opened now
        done = None
    ack()
    bot.answer(press, invited_again(say, done.program) if done else stale_button(say), replace=True)
    if done and done.program:
        bot.background(f"back {press.trigger_id}", partial(_look_up, bot, press))
    show_home(bot, press.actor)


def _look_up(bot: HandlerContext, press: Press) -> None:
    """Their zone and language from Slack, and then the welcome."""
    try:
        person = bot.slack.person(press.actor.workspace_id, press.actor.slack_user)
        person_changed(
            bot.context,
            press.actor,
            bot.now(),
            deleted=person.deleted,
            zone=person.zone,
            locale=person.locale,
            away=person.away_until,
        )
    except SlackError:
        pass  # the program's zone will do until Slack tells of a change
    bot.wake_worker()
