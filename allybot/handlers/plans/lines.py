"""`/allybot lines`: ready words to say."""

from slack_bolt import Ack

from allybot.domain.plans import PlanKind
from allybot.message import View
from allybot.prompts import ids
from allybot.prompts.plans import lines as prompts
from allybot.services.trainees.roles import role_of
from allybot.slack_app.payloads import Press, Request
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.modal(ids.LINES_SHOW, "lines")
def show(bot: HandlerContext, request: Request, *, kind: str = "", entry: str = "") -> View:
    """The modal, which anybody may open, enrolled or not."""
    contact = role_of(bot.context, request.actor).support_contact
    return prompts.lines_form(bot.say(request), bot.context.content, contact, kind=kind, entry=entry)


@routes.action(ids.LINES_KIND)
def pick_kind(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show the menu of a kind's moments."""
    ack()
    bot.change_modal(press, show(bot, press, kind=press.selected))


@routes.action(ids.LINES_ENTRY)
def pick_entry(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show the lines for a moment."""
    ack()
    say, content, entry = bot.say(press), bot.context.content, press.selected
    kind = next((each for each in PlanKind if entry in prompts.titles_of(say, content, each)), "")
    bot.change_modal(press, show(bot, press, kind=kind, entry=entry))
