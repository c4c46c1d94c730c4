"""`/allybot scenarios`, for leads: what circles get next, and what is put first or left out."""

from slack_bolt import Ack

from allybot.domain.scenario_order import ScenarioChoice
from allybot.errors import NotALeadError, NotFoundError
from allybot.message import Message, View
from allybot.prompts import ids
from allybot.prompts.circles import scenario_ids
from allybot.prompts.circles import scenarios as prompts
from allybot.prompts.help import not_a_lead, stale_button
from allybot.services.circles import scenarios
from allybot.services.circles.scenarios import ProgramScenarios
from allybot.slack_app.payloads import Press, Request
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()
_CHOICES = {
    scenario_ids.FIRST: ScenarioChoice.FIRST,
    scenario_ids.LEAVE_OUT: ScenarioChoice.LEFT_OUT,
    scenario_ids.TAKE_BACK: ScenarioChoice.AT_ITS_TURN,
}


@routes.modal(ids.SCENARIOS_SHOW, "scenarios")
def show(bot: HandlerContext, request: Request) -> View | Message:
    """What the circles of the first program get next; a message instead for who leads none."""
    try:
        return page_of(bot, request, scenarios.of_program(bot.context, request.actor))
    except NotALeadError:
        return not_a_lead(bot.say(request))


@routes.action(scenario_ids.PROGRAM, scenario_ids.PICK, *_CHOICES)
def choose(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show another program or another scenario, put it first, leave it out, or let it come at its turn."""
    say, choice = bot.say(press), _CHOICES.get(press.action_id)
    try:
        value = press.value(scenario_ids.ProgramScenarioValue)
        seen = (
            scenarios.choose(bot.context, press.actor, value.program, value.scenario, choice, bot.now())
            if choice
            else scenarios.of_program(bot.context, press.actor, value.program)
        )
        view = page_of(bot, press, seen, value.scenario)
    except (NotALeadError, NotFoundError) as problem:
        ack()
        bot.answer(press, not_a_lead(say) if isinstance(problem, NotALeadError) else stale_button(say))
        return
    ack()
    bot.change_modal(press, view)


def page_of(
    bot: HandlerContext, request: Request, seen: ProgramScenarios, picked: str = "", remark: str = ""
) -> View:
    """The modal.

    Args:
        picked: id of the scenario to show, empty for none.
        remark: what came of the last press, if it needs words.

    Raises:
        NotFoundError: there is no such scenario.
    """
    story = next((each for each in seen.all if each.id == picked), None)
    if picked and story is None:
        raise NotFoundError
    page = prompts.ScenarioPage(**vars(seen))
    return prompts.scenarios_form(bot.say(request), page, story, remark=remark)
