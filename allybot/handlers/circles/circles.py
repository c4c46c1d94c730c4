"""Circles in Slack: votes, a scenario that becomes a plan, and the facilitator's week."""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from allybot.errors import NotFoundError, WrongStateError
from allybot.handlers.plans.plans import open_plan_form
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.circles import messages as prompts
from allybot.prompts.circles import votes
from allybot.prompts.help import stale_button
from allybot.services.circles import membership
from allybot.slack_app.replies import CommandHandler, Desk, actor, permit, reply, say_for

COMMANDS: dict[str, CommandHandler] = {}


def register(bolt: App, desk: Desk) -> None:
    """Everything a person can do in a circle."""

    @bolt.action(re.compile(ids.VOTE_PATTERN))
    def vote(ack: Ack, body: dict[str, Any]) -> None:
        answer = _vote(desk, body)
        ack()
        reply(desk, body, answer)

    @bolt.action(ids.MAKE_IT_MY_PLAN)
    def make_it_my_plan(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        reply(desk, body, _make_it_my_plan(desk, body))

    @bolt.action(ids.FACILITATE_SWAP)
    def swap(ack: Ack, body: dict[str, Any]) -> None:
        answer = _pass_on(desk, body, turn_used=False)
        ack()
        reply(desk, body, answer)

    @bolt.action(ids.FACILITATE_SKIP)
    def skip(ack: Ack, body: dict[str, Any]) -> None:
        answer = _pass_on(desk, body, turn_used=True)
        ack()
        reply(desk, body, answer)

    @bolt.action(ids.FACILITATE_VOLUNTEER)
    def volunteer(ack: Ack, body: dict[str, Any]) -> None:
        answer = _volunteer(desk, body)
        ack()
        reply(desk, body, answer)


def _vote(desk: Desk, body: Mapping[str, Any]) -> Message:
    say, value = say_for(desk, body), _week(body)
    if value is None:
        return stale_button(say)
    try:
        envelope = membership.vote(desk.context, actor(body), value.week, value.option, desk.now())
    except NotFoundError:
        return votes.not_in_circle(say)
    except WrongStateError:
        return stale_button(say)
    if not envelope.sealed:
        return votes.vote_too_late(say)
    return votes.vote_sealed(say, envelope.opens_at, envelope.zone)


def _make_it_my_plan(desk: Desk, body: Mapping[str, Any]) -> Message | None:
    say = say_for(desk, body)
    value = ids.ScenarioValue.unpack(body["actions"][0].get("value"))
    try:
        story = desk.context.content.scenario(value.scenario if value else "")
    except NotFoundError:
        return stale_button(say)
    plan = story.make_it_my_plan
    return open_plan_form(
        desk,
        actor(body),
        permit(body),
        say,
        kind=story.kind,
        cue=say(plan.cue),
        response=say(plan.response),
    )


def _pass_on(desk: Desk, body: Mapping[str, Any], *, turn_used: bool) -> Message:
    say, value = say_for(desk, body), _week(body)
    if value is None:
        return stale_button(say)
    try:
        found = membership.pass_on(desk.context, actor(body), value.week, desk.now(), turn_used=turn_used)
    except WrongStateError:
        return stale_button(say)
    desk.nudge()
    return prompts.handed_over(say, found=found)


def _volunteer(desk: Desk, body: Mapping[str, Any]) -> Message:
    say, value = say_for(desk, body), _week(body)
    if value is None:
        return stale_button(say)
    try:
        membership.volunteer(desk.context, actor(body), value.week, desk.now())
    except WrongStateError:
        return stale_button(say)
    desk.nudge()
    return prompts.volunteered(say)


def _week(body: Mapping[str, Any]) -> ids.CircleWeekValue | None:
    return ids.CircleWeekValue.unpack(body["actions"][0].get("value"))
