"""What leads see, shown to a trainee by a button."""

from slack_bolt import Ack

from allybot.prompts import ids
from allybot.prompts.outcomes import what_leads_see as prompts
from allybot.services.outcomes.what_leads_see import what_leads_see
from allybot.slack_app.payloads import Press
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(ids.PRIVACY_LEADS)
def show(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button stands under "who sees what" and on the Home tab."""
    ack()
    bot.show(press, prompts.page(bot.say(press), what_leads_see(bot.context, press.actor)))
