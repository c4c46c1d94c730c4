"""Renders a circle's queued messages when they are sent, from the state at that time."""

from allybot.domain.circles import Circle, CircleState, CircleWeek, WeekState
from allybot.domain.people import Program
from allybot.domain.trainee import is_in_slack
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.circles import messages as prompts
from allybot.prompts.circles import votes
from allybot.services.circles.facilitators import holders
from allybot.services.circles.rota import rota_after, slack_users
from allybot.services.circles.stories import story_of
from allybot.services.context import Context, Rendering
from allybot.store.circles import circles, weeks
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


def render_scenario(rendering: Rendering) -> Message | None:
    """A week's scenario, or its update; None once the votes are opened or the circle is closed."""
    found = found_week(rendering.tx, rendering.row.about_id)
    if found is None or found[2].state is not WeekState.OPEN or rendering.now >= found[2].opens_at:
        return None
    program, circle, week = found
    say = Say()
    return prompts.scenario(
        say,
        story_of(rendering.context, rendering.tx, program.id, week, say),
        week,
        _circle_facts(rendering.context, rendering.tx, program, circle, week),
    )


def render_vote_result(rendering: Rendering) -> Message | None:
    """The result of a week's votes, or that there were too few; None when the circle was closed."""
    found = found_week(rendering.tx, rendering.row.about_id)
    if found is None or found[2].state is WeekState.OPEN:
        return None
    program, circle, week = found
    say = Say()
    story = story_of(rendering.context, rendering.tx, program.id, week, say)
    has_own_rehearsal = rendering.context.content.rehearsals.has(story.id)
    return votes.vote_result(
        say,
        story,
        week,
        _circle_facts(rendering.context, rendering.tx, program, circle, week),
        rehearsal=story.id if has_own_rehearsal else story.kind.value,
    )


def found_week(tx: Transaction, week_id: str) -> tuple[Program, Circle, CircleWeek] | None:
    """A week with its circle and program; None when it or its circle is no more."""
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
    first, second = (*slack_users(members, holders(members, week)), None, None)[:2]
    coming = rota_after(context, tx, circle, week)[:1]
    following = slack_users(members, coming[0][1]) if coming else ()
    return prompts.CircleFacts(
        facilitator=first,
        next_facilitator=next((each for each in following if each not in {first, second}), None),
        zone=program.zone,
        support_contact=program.support_contact,
        min_votes=least,
        votes=sum(is_in_slack(member.state) for member in members) >= least,
        second=second,
        wants_second=week.wants_second,
    )
