"""The Home tab."""

from typing import NamedTuple

from slack_bolt import Ack

from allybot.domain.home import HomeFacts
from allybot.domain.people import Actor
from allybot.handlers.programs.programs import pages_of
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts import ids
from allybot.prompts.data import suppression as suppression_prompts
from allybot.prompts.home import as_message, home, more
from allybot.prompts.programs.messages import ProgramPage
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
    say, page = bot.say(press), _page(bot, press.actor)
    if page is None:
        bot.answer(press, suppression_prompts.left_alone(say))
    else:
        bot.answer(press, as_message(say, page.facts, page.led, may_create=page.may_create))


def show_home(bot: HandlerContext, who: Actor) -> None:
    """Publish the Home tab of a person as things stand now."""

    def view() -> View:
        page = _page(bot, who)
        if page is None:
            return suppression_prompts.home(Say())
        say = Say(page.facts.trainee.locale) if page.facts else Say()
        return home(say, page.facts, page.led, may_create=page.may_create)

    bot.publish_home(who, view)


class _Page(NamedTuple):
    """What stands on a Home tab, as in `prompts.home.home`."""

    facts: HomeFacts | None
    led: tuple[ProgramPage, ...]
    may_create: bool


def _page(bot: HandlerContext, who: Actor) -> _Page | None:
    """As things stand now; None for who asked to be left alone."""
    found = facts(bot.context, who, bot.now())
    led = pages_of(facts_of_lead(bot.context, who))
    if found is None and not led and is_suppressed(bot.context, who):
        return None
    # Slack is asked only about who takes no part: of the others an admin has the command.
    may_create = (
        creators.was_named(bot.context, who)
        if found
        else creators.may_create_for_sure(bot.context, bot.slack, who)
    )
    return _Page(found, led, may_create)
