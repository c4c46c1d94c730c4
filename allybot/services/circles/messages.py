"""Renders a circle's queued messages when they are sent, from the state at that time."""

from allybot.domain.circle_weeks import moments
from allybot.domain.circles import Circle, CircleState, CircleWeek, Member, WeekState, next_facilitator
from allybot.domain.people import Program
from allybot.domain.trainee import is_in_slack
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.circles import facilitator_kit as kit
from allybot.prompts.circles import messages as prompts
from allybot.prompts.circles import votes
from allybot.services.circles.facilitators import rhythm_of
from allybot.services.context import Context, Rendering
from allybot.services.working_hours import working_hours
from allybot.store import trainees
from allybot.store.circles import circles, weeks
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


def render_scenario(rendering: Rendering) -> Message | None:
    """A week's scenario, or its update; None once the votes are opened or the circle is closed."""
    found = _found(rendering.tx, rendering.row.about_id)
    if found is None or found[2].state is not WeekState.OPEN or rendering.now >= found[2].opens_at:
        return None
    program, circle, week = found
    return prompts.scenario(
        Say(),
        rendering.context.content.scenario(week.scenario_id),
        week,
        _circle_facts(rendering.context, rendering.tx, program, circle, week),
    )


def render_vote_result(rendering: Rendering) -> Message | None:
    """The result of a week's votes, or that there were too few; None when the circle was closed."""
    found = _found(rendering.tx, rendering.row.about_id)
    if found is None or found[2].state is WeekState.OPEN:
        return None
    program, circle, week = found
    content = rendering.context.content
    return votes.vote_result(
        Say(),
        content.scenario(week.scenario_id),
        week,
        _circle_facts(rendering.context, rendering.tx, program, circle, week),
        has_rehearsal=content.rehearsals.has(week.scenario_id),
    )


def render_facilitator_kit(rendering: Rendering) -> Message | None:
    """The kit, or its update once the week was handed on; None when it is no longer wanted."""
    found = _found(rendering.tx, rendering.row.about_id)
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.trainee_id or "")
    if found is None or trainee is None or found[2].state is not WeekState.OPEN:
        return None
    program, circle, week = found
    say = Say(trainee.locale)
    if rendering.row.replaces_ts:
        return kit.handed_on(say, circle.name, week.monday)
    member = next(
        (each for each in circles.members(rendering.tx, circle.id) if each.trainee_id == trainee.id), None
    )
    if week.facilitator_id != trainee.id or member is None or not member.can_facilitate:
        return None
    planned = moments(
        week.monday, rhythm_of(rendering.context), working_hours(rendering.context, program, program.zone)
    )
    return kit.facilitator_kit(
        say,
        rendering.context.content.scenario(week.scenario_id),
        week,
        kit.KitFacts(
            circle=circle.name,
            post_at=planned.post_at if planned else rendering.row.due_at,
            begun=week.number <= circle.weeks_posted,
            zone=program.zone,
            support_contact=program.support_contact,
            min_votes=rendering.context.content.min_votes_of(program.name),
        ),
    )


def _found(tx: Transaction, week_id: str) -> tuple[Program, Circle, CircleWeek] | None:
    week = weeks.week_by_id(tx, week_id)
    circle = circles.circle_by_id(tx, week.circle_id) if week else None
    program = programs.program_by_id(tx, circle.program_id) if circle else None
    if week is None or circle is None or program is None or circle.state is CircleState.CLOSED:
        return None
    return program, circle, week


def _circle_facts(
    context: Context, tx: Transaction, program: Program, circle: Circle, week: CircleWeek
) -> prompts.CircleFacts:
    members = circles.members(tx, circle.id)
    least = context.content.min_votes_of(program.name)
    return prompts.CircleFacts(
        facilitator=_user(members, week.facilitator_id),
        next_facilitator=_next_week_user(members, week, last=week.number >= circle.last_week),
        zone=program.zone,
        support_contact=program.support_contact,
        min_votes=least,
        votes=sum(is_in_slack(member.state) for member in members) >= least,
    )


def _user(members: list[Member], trainee_id: str | None) -> str | None:
    return next((member.slack_user for member in members if member.trainee_id == trainee_id), None)


def _next_week_user(members: list[Member], week: CircleWeek, *, last: bool) -> str | None:
    """The Slack user to facilitate the next week as planned now, who can then keep the time free."""
    coming = None if last else next_facilitator(members, previous=week.facilitator_id)
    return coming.slack_user if coming and coming.trainee_id != week.facilitator_id else None
