"""The three answers to the welcome, on its buttons and on the Home tab's."""

from slack_bolt import Ack

from allybot.errors import NotFoundError
from allybot.handlers.home import show_home
from allybot.handlers.not_enrolled import not_enrolled
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.help import stale_button
from allybot.services.trainees import consent
from allybot.slack_app.payloads import Press
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()
_CHOICES = {
    ids.CONSENT_START: consent.start,
    ids.CONSENT_LATER: consent.later,
    ids.CONSENT_DECLINE: consent.decline,
}


@routes.action(*_CHOICES)
def choose(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The payload's signed user chooses, whatever the button carries."""
    answer: Message | None = None
    try:
        if not _CHOICES[press.action_id](bot.context, press.actor, bot.now(), press.message_place):
            answer = stale_button(bot.say(press))
        elif press.is_ephemeral and press.action_id != ids.CONSENT_START:
            # The welcome changes, too, but far above; after a start the next message follows here.
            answer = consent.choice(bot.context, press.actor)
    except NotFoundError:
        answer = not_enrolled(bot, press)
    ack()
    bot.wake_worker()
    if answer is None:
        bot.remove(press)
    if press.response_url:
        bot.reply(press, answer, replace=True)
    else:
        show_home(bot, press.actor)
