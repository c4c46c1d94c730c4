"""Circles in Slack: votes, a scenario that becomes a plan, and the facilitator's week."""

from collections.abc import Callable

from slack_bolt import Ack

from allybot.errors import NotFoundError, WrongStateError
from allybot.handlers.plans.plans import open_plan_form
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.circles import facilitating_ids, facilitator_kit, facilitator_question, rota, votes
from allybot.prompts.help import as_modal, stale_button
from allybot.services.circles import membership, own_scenarios, scenarios
from allybot.services.circles.facilitators import Seat
from allybot.services.circles.rota import who_is_next
from allybot.services.circles.stories import renamed
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
        value = press.value(ids.ScenarioValue)
        found = own_scenarios.read(bot.context, press.actor, value.scenario)
        scenario = renamed(bot.context.content, found, value.names, say)
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
        value = press.value(ids.ScenarioValue)
        found = own_scenarios.read(bot.context, press.actor, value.scenario)
        story = renamed(bot.context.content, found, value.names, say)
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


def _yes(bot: HandlerContext, press: Press) -> Message:
    say, week = bot.say(press), press.value(ids.CircleWeekValue).week
    try:
        unasked = press.action_id == facilitating_ids.VOLUNTEER
        seat = membership.say_yes(bot.context, press.actor, week, bot.now(), unasked=unasked)
    except WrongStateError:
        return _too_late(bot, press)
    bot.wake_worker()
    if seat is Seat.TAKEN:
        return facilitator_question.taken(say)
    return facilitator_question.yes_said(say, together=seat is Seat.SECOND)


def _hand_on(bot: HandlerContext, press: Press) -> Message:
    week, turn_used = press.value(ids.CircleWeekValue).week, press.action_id == facilitating_ids.SKIP
    try:
        done = membership.hand_on(bot.context, press.actor, week, bot.now(), turn_used=turn_used)
    except WrongStateError:
        return _too_late(bot, press)
    bot.wake_worker()
    return facilitator_question.handed_on(bot.say(press), begun=done.begun, somebody=done.somebody)


def _together(bot: HandlerContext, press: Press) -> Message:
    week = press.value(ids.CircleWeekValue).week
    try:
        invited = membership.do_it_together(bot.context, press.actor, week, bot.now())
    except WrongStateError:
        return _too_late(bot, press)
    bot.wake_worker()
    return facilitator_question.together(bot.say(press), invited=invited)


def _take_story(bot: HandlerContext, press: Press) -> Message:
    value = press.value(facilitating_ids.StoryValue)
    try:
        scenarios.take(bot.context, press.actor, value.week, value.scenario, bot.now())
        taken = own_scenarios.read(bot.context, press.actor, value.scenario)
    except (NotFoundError, WrongStateError):
        return _too_late(bot, press)
    bot.wake_worker()
    say = bot.say(press)
    return facilitator_question.story_taken(say, say(taken.title))


def _too_late(bot: HandlerContext, press: Press) -> Message:
    coming = membership.asked_for(bot.context, press.actor)
    return facilitator_question.too_late(
        bot.say(press),
        coming.week if coming else None,
        is_theirs=coming is not None and coming.is_theirs,
    )


def _who_is_next(bot: HandlerContext, press: Press) -> Message:
    shown = who_is_next(bot.context, press.actor, press.value(ids.CircleWeekValue).week)
    return rota.who_is_next(bot.say(press), shown.circle, shown.weeks)


_ANSWERS: dict[str, Callable[[HandlerContext, Press], Message]] = {
    **dict.fromkeys(ids.VOTES, _vote),
    facilitating_ids.YES: _yes,
    facilitating_ids.VOLUNTEER: _yes,
    facilitating_ids.SWAP: _hand_on,
    facilitating_ids.SKIP: _hand_on,
    facilitating_ids.CANNOT: _hand_on,
    facilitating_ids.TOGETHER: _together,
    facilitating_ids.WHO_IS_NEXT: _who_is_next,
    facilitating_ids.TAKE_STORY: _take_story,
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
