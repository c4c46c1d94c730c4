"""Renders what is sent to members about facilitating a week, from the state when it is sent."""

from dataclasses import replace
from datetime import datetime

from allybot.domain.circles import Circle, CircleWeek, Member, WeekState
from allybot.domain.people import Program
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.circles import facilitator_kit as kit
from allybot.prompts.circles import facilitator_question as question
from allybot.services.circles.asking import REMINDS
from allybot.services.circles.facilitators import holders, moments_of, question_is_open
from allybot.services.circles.messages import found_week
from allybot.services.circles.own_scenarios import scenario_of
from allybot.services.circles.rota import WEEKS_AHEAD, rota_after, slack_users
from allybot.services.circles.scenarios import offered
from allybot.services.circles.stories import renamed, story_of
from allybot.services.context import Rendering
from allybot.store import trainees
from allybot.store.circles import circles


def render_facilitator_asked(rendering: Rendering) -> Message | None:
    """The question, its reminder, or how things stand by now; None when it is no longer to be asked."""
    found = _about(rendering)
    if found is None:
        return None
    say, _program, circle, week, member, members = found
    held, begun = holders(members, week), week.number <= circle.weeks_posted
    facts = question.QuestionFacts(circle.name, week.monday)
    if member.trainee_id in held:
        facts = replace(facts, stories=() if begun else _stories(rendering, say, circle, week))
        with_whom = slack_users(members, [each for each in held if each != member.trainee_id])
        return question.yours(say, week, facts, with_whom, begun=begun)
    is_open = not begun and member.can_facilitate and question_is_open(week, member)
    if is_open and len(held) == 1:
        return question.with_somebody(say, week, facts, slack_users(members, held)[0])
    if is_open and not held:
        return question.question(say, week, facts, again=rendering.row.key.endswith(REMINDS))
    return question.nothing_left(say, facts) if rendering.row.replaces_ts else None


def render_facilitator_kit(rendering: Rendering) -> Message | None:
    """The kit, or its update once the week was given back; None when it is no longer wanted."""
    found = _about(rendering)
    if found is None:
        return None
    say, program, circle, week, member, members = found
    context, tx = rendering.context, rendering.tx
    held = holders(members, week)
    if member.trainee_id not in held:
        facts = question.QuestionFacts(circle.name, week.monday)
        return question.nothing_left(say, facts) if rendering.row.replaces_ts else None
    coming = [slack_users(members, who) for _, who in rota_after(context, tx, circle, week)]
    planned = moments_of(context, tx, circle, week)
    post_at: datetime = planned.post_at if planned else rendering.row.due_at
    return kit.facilitator_kit(
        say,
        story_of(context, tx, program.id, week, say),
        week,
        kit.KitFacts(
            circle=circle.name,
            post_at=post_at,
            begun=week.number <= circle.weeks_posted,
            zone=program.zone,
            support_contact=program.support_contact,
            together_with=slack_users(members, [each for each in held if each != member.trainee_id]),
            coming=tuple(user for who in coming for user in who)[:WEEKS_AHEAD],
        ),
    )


def _about(
    rendering: Rendering,
) -> tuple[Say, Program, Circle, CircleWeek, Member, list[Member]] | None:
    """What a message is about; None when the week is over or its reader has left the circle."""
    found = found_week(rendering.tx, rendering.row.about_id)
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.trainee_id or "")
    if found is None or trainee is None or found[2].state is not WeekState.OPEN:
        return None
    program, circle, week = found
    members = circles.members(rendering.tx, circle.id)
    member = next((each for each in members if each.trainee_id == trainee.id), None)
    return (Say(trainee.locale), program, circle, week, member, members) if member else None


def _stories(rendering: Rendering, say: Say, circle: Circle, week: CircleWeek) -> tuple[tuple[str, str], ...]:
    """The week's story and the others that are offered: ids and titles."""
    context, tx = rendering.context, rendering.tx
    others = (each for each in offered(context, tx, circle) if each != week.scenario_id)
    found = [story_of(context, tx, circle.program_id, week, say)]
    found += [
        renamed(context.content, scenario_of(context, tx, circle.program_id, each), 0, say) for each in others
    ]
    return tuple((each.id, say(each.title)) for each in found)
