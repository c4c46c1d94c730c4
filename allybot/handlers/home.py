"""The Home tab."""

from slack_bolt import Ack

from allybot.domain.people import Actor
from allybot.handlers.programs.programs import pages_of
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts import ids
from allybot.prompts.data import suppression as suppression_prompts
from allybot.prompts.home import as_message, home, more
from allybot.services.data.suppression import is_suppressed
from allybot.services.home import facts
from allybot.services.programs import creators
from allybot.services.programs.leading import facts_of_lead
from allybot.slack_app.events import HomeOpened
from allybot.slack_app.payloads import Press
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.event("app_home_opened")
def opened(bot: HandlerContext, event: HomeOpened, workspace_id: str) -> None:
    """Show the Home tab when it is opened."""
    if event.tab == "home":
        show_home(bot, Actor(workspace_id, event.user))


@routes.action(ids.HOME_MORE)
def show_more(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button: what is needed now and then."""
    ack()
    bot.show(press, more(bot.say(press), facts(bot.context, press.actor, bot.now())))


@routes.action(ids.HOME_AS_MESSAGE)
def show_as_message(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button: what stands on the Home tab, which Slack does not show to everybody."""
    ack()
    say = bot.say(press)
    bot.answer(press, as_message(say, _page(bot, press.actor, say)))


def show_home(bot: HandlerContext, who: Actor) -> None:
    """Publish the Home tab of a person as things stand now."""
    bot.publish_home(who, lambda: _page(bot, who))


def _page(bot: HandlerContext, who: Actor, say: Say | None = None) -> View:
    """The Home tab of a person as things stand now.

    Args:
        say: its language; by default that of the trainee, where they are one.
    """
    found = facts(bot.context, who, bot.now())
    say = say or (Say(found.trainee.locale) if found else Say())
    led = pages_of(facts_of_lead(bot.context, who))
    if found is None and not led and is_suppressed(bot.context, who):
        return suppression_prompts.home(say)
    # Slack is asked only about who takes no part: of the others an admin has the command.
    may_create = (
        creators.was_named(bot.context, who)
        if found
        else creators.may_create_for_sure(bot.context, bot.slack, who)
    )
    return home(say, found, led, may_create=may_create)
