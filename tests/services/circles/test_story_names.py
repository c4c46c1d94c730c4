"""Which names a week's story gets in a circle, and what happens where Slack does not say who is in it."""

from collections.abc import Sequence

import pytest

from allybot.domain.people import Actor
from allybot.errors import SlackUnavailableError, WrongStateError
from allybot.services.circles import membership, scenarios, story_names
from allybot.services.circles.facilitator_messages import render_facilitator_asked
from allybot.services.circles.facilitators import Seat
from allybot.services.context import Context
from allybot.store.circles import weeks
from allybot.store.delivery.message_kinds import MessageKind
from tests.services.circles.test_circles import (
    MONDAY,
    THURSDAY,
    WEEK,
    actor,
    posted_week,
    queued,
    render,
    set_up,
    settle,
    the_weeks,
)


def jarek(people: Sequence[Actor]) -> list[str]:
    """One of them is called as in the first story."""
    return [f"{'Jarek' if each == actor(1) else 'Jonas'} Weber" for each in people]


def silent(_people: Sequence[Actor]) -> list[str]:
    raise SlackUnavailableError("users.info", "ratelimited", 30)


def post(context: Context) -> str:
    message = render(context, membership.render_scenario, queued(context, MessageKind.SCENARIO)[-1])
    assert message is not None
    return str(message.blocks)


def test_the_names_are_chosen_before_the_post_and_hold_on_thursday(context: Context) -> None:
    set_up(context)
    posted_week(context)
    (row,) = queued(context, MessageKind.SCENARIO)
    story_names.choose(context, row, jarek)
    week = the_weeks(context)[0]
    assert week.names == 1
    story_names.choose(context, row, lambda people: [each.slack_user for each in people])
    assert the_weeks(context)[0] == week
    assert "Jarek" not in post(context)
    assert "Pavel" in post(context)
    for number in range(3):
        membership.vote(context, actor(number), week.id, 0, MONDAY)
    membership.queue_due(context, THURSDAY)
    (opened,) = queued(context, MessageKind.VOTE_RESULT)
    result = render(context, membership.render_vote_result, opened, THURSDAY)
    assert result is not None
    assert "Zeynep" in str(result.blocks)
    assert "Defne" not in str(result.blocks)


@pytest.mark.parametrize("names_of", [silent, lambda people: [each.slack_user for each in people]])
def test_where_slack_does_not_say_or_nobody_has_the_name_it_is_told_as_it_ships(
    context: Context, names_of: story_names.NamesOf
) -> None:
    set_up(context)
    posted_week(context)
    story_names.choose(context, queued(context, MessageKind.SCENARIO)[0], names_of)
    assert the_weeks(context)[0].names == 0
    assert "Jarek" in post(context)


def prepared(context: Context) -> str:
    """The second week, to which somebody has said yes; their trainee id."""
    set_up(context)
    posted_week(context)
    settle(context)
    membership.queue_due(context, MONDAY)
    week = the_weeks(context)[-1]
    assert week.number == 2
    assert week.asked_id
    assert membership.say_yes(context, actor(int(week.asked_id[1:])), week.id, MONDAY) is Seat.FIRST
    return week.asked_id


def test_whoever_prepares_a_week_may_take_another_of_the_next_three_stories(context: Context) -> None:
    who = actor(int(prepared(context)[1:]))
    (question,) = [row for row in queued(context, MessageKind.FACILITATOR_ASKED) if not row.replaces_ts]
    week = the_weeks(context)[-1]
    shown = render(context, render_facilitator_asked, question)
    assert shown is not None
    shipped = [each.id for each in context.content.scenarios]
    first, second, third = shipped[1:4]
    assert week.scenario_id == first
    assert f"The story is *{context.content.scenario(first).title}*" in shown.text.replace("&quot;", '"')
    with context.database.transaction() as tx:
        weeks.name_people(tx, week, 3)
    scenarios.take(context, who, week.id, third, MONDAY)
    taken = the_weeks(context)[-1]
    assert (taken.scenario_id, taken.names) == (third, None)
    scenarios.take(context, who, week.id, first, MONDAY)
    scenarios.take(context, who, week.id, second, MONDAY)
    membership.queue_due(context, MONDAY + WEEK)
    assert the_weeks(context)[1].scenario_id == second
    membership.queue_due(context, MONDAY + 2 * WEEK)
    assert the_weeks(context)[2].scenario_id == first, "what was passed over comes next"


@pytest.mark.parametrize("case", ["another member", "not offered", "begun"])
def test_nobody_else_takes_a_story_and_none_once_the_week_has_begun(context: Context, case: str) -> None:
    who = int(prepared(context)[1:])
    week = the_weeks(context)[-1]
    shipped = [each.id for each in context.content.scenarios]
    wanted = shipped[9] if case == "not offered" else shipped[2]
    if case == "begun":
        membership.queue_due(context, MONDAY + WEEK)
    with pytest.raises(WrongStateError):
        scenarios.take(
            context, actor((who + 1) % 5 if case == "another member" else who), week.id, wanted, MONDAY
        )
    assert the_weeks(context)[1].scenario_id == shipped[1]
