"""Circles in Slack: votes, a scenario that becomes a plan, and the facilitator's week."""

from collections.abc import Callable

from slack_bolt import Ack

from allybot.errors import NotFoundError, WrongStateError
from allybot.handlers.plans.plans import open_plan_form
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.circles import facilitator_kit, votes
from allybot.prompts.circles import messages as prompts
from allybot.prompts.help import as_modal, stale_button
from allybot.services.circles import membership
from allybot.slack_app.payloads import Press
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(ids.MAKE_IT_MY_PLAN)
def make_it_my_plan(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Open the plan modal with the scenario's plan in it."""
    ack()
    say = bot.say(press)
    try:
        scenario = bot.context.content.scenario(press.value(ids.ScenarioValue).scenario)
    except NotFoundError:
        bot.reply(press, stale_button(say))
        return
    plan = scenario.make_it_my_plan
    cue, response = say(plan.cue), say(plan.response)
    bot.reply(press, open_plan_form(bot, press, kind=scenario.kind, cue=cue, response=response))


@routes.action(ids.READ_STORY)
def read_the_story(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Open a scenario's story, for whoever prepares to facilitate."""
    ack()
    say = bot.say(press)
    try:
        story = bot.context.content.scenario(press.value(ids.ScenarioValue).scenario)
    except NotFoundError:
        bot.reply(press, stale_button(say))
        return
    bot.open_modal(press, as_modal(say, facilitator_kit.story_and_care(say, story)))


def _vote(bot: HandlerContext, press: Press) -> Message:
    say, value = bot.say(press), press.value(ids.CircleWeekValue)
    try:
        envelope = membership.vote(bot.context, press.actor, value.week, value.option, bot.now())
    except NotFoundError:
        return votes.not_in_circle(say)
    if not envelope.sealed:
        return votes.vote_too_late(say)
    if envelope.was_last:
        bot.wake_worker()
    return votes.vote_sealed(say, envelope.opens_at, envelope.zone, was_last=envelope.was_last)


def _pass_on(bot: HandlerContext, press: Press) -> Message:
    week, turn_used = press.value(ids.CircleWeekValue).week, press.action_id == ids.FACILITATE_SKIP
    try:
        found = membership.pass_on(bot.context, press.actor, week, bot.now(), turn_used=turn_used)
    except WrongStateError:
        coming = membership.asked_for(bot.context, press.actor, week)
        return facilitator_kit.too_late(bot.say(press), coming)
    bot.wake_worker()
    return prompts.handed_over(bot.say(press), found=found)


def _volunteer(bot: HandlerContext, press: Press) -> Message:
    membership.volunteer(bot.context, press.actor, press.value(ids.CircleWeekValue).week, bot.now())
    bot.wake_worker()
    return prompts.volunteered(bot.say(press))


_ANSWERS: dict[str, Callable[[HandlerContext, Press], Message]] = {
    **dict.fromkeys(ids.VOTES, _vote),
    ids.FACILITATE_SWAP: _pass_on,
    ids.FACILITATE_SKIP: _pass_on,
    ids.FACILITATE_VOLUNTEER: _volunteer,
}


@routes.action(*_ANSWERS)
def about_week(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Votes, and what a facilitator decides about a week."""
    try:
        answer = _ANSWERS[press.action_id](bot, press)
    except (NotFoundError, WrongStateError):
        answer = stale_button(bot.say(press))
    ack()
    bot.reply(press, answer)
