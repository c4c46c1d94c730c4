"""`/allybot scenarios`, for leads: what circles get next, and what is put first or left out."""

from collections.abc import Callable

from slack_bolt import Ack

from allybot.domain.people import Actor
from allybot.errors import NotALeadError, NotFoundError
from allybot.message import Message, View
from allybot.prompts import ids
from allybot.prompts.circles import scenario_ids
from allybot.prompts.circles import scenarios as prompts
from allybot.prompts.help import not_a_lead, stale_button
from allybot.services.circles import scenarios
from allybot.services.circles.scenarios import ProgramScenarios
from allybot.services.context import Context
from allybot.slack_app.payloads import Press, Request, SlashCommand
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()
Change = Callable[[Context, Actor, str, str], ProgramScenarios]
_CHANGES: dict[str, Change] = {
    scenario_ids.PROGRAM: lambda context, actor, program, _: scenarios.of_program(context, actor, program),
    scenario_ids.PICK: lambda context, actor, program, _: scenarios.of_program(context, actor, program),
    scenario_ids.FIRST: scenarios.put_first,
    scenario_ids.LEAVE_OUT: scenarios.leave_out,
    scenario_ids.TAKE_BACK: scenarios.take_back,
}


@routes.command("scenarios")
def show(bot: HandlerContext, command: SlashCommand) -> Message | None:
    """Open the modal."""
    return bot.open_form(command, _form(bot, command))


@routes.action(ids.SCENARIOS_SHOW)
def show_by_button(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button."""
    ack()
    bot.show_form(press, _form(bot, press))


@routes.action(*_CHANGES)
def choose(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show another program or another scenario, put it first, leave it out, or let it come at its turn."""
    say = bot.say(press)
    try:
        value = press.value(scenario_ids.ProgramScenarioValue)
        seen = _CHANGES[press.action_id](bot.context, press.actor, value.program, value.scenario)
        ack()
        picked = bot.context.content.scenario(value.scenario) if value.scenario else None
    except NotALeadError:
        ack()
        bot.answer(press, not_a_lead(say))
        return
    except NotFoundError:
        ack()
        bot.answer(press, stale_button(say))
        return
    bot.change_modal(press, prompts.scenarios_form(say, bot.context.content, _page(seen), picked))


def _form(bot: HandlerContext, request: Request) -> View | Message:
    say = bot.say(request)
    try:
        seen = scenarios.of_program(bot.context, request.actor)
        return prompts.scenarios_form(say, bot.context.content, _page(seen))
    except NotALeadError:
        return not_a_lead(say)


def _page(seen: ProgramScenarios) -> prompts.ScenarioPage:
    return prompts.ScenarioPage(seen.program, seen.in_order, seen.choices, seen.led)
