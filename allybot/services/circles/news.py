"""Renders what a circle and its leads hear of its pause, end and merge, from the state when it is sent."""

from datetime import date

from allybot.domain.circles import Circle
from allybot.domain.people import Program
from allybot.domain.trainee import is_in_slack
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.circles import circle_ids
from allybot.prompts.circles import news as prompts
from allybot.services.circles.endings import partner_of
from allybot.services.circles.pauses import Proposal, after_pause
from allybot.services.context import Rendering
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


def render_pause_proposed(rendering: Rendering) -> Message | None:
    """A member's proposal; None once they left, or the circle has gone on or is paused."""
    tx, proposal = rendering.tx, Proposal.of_message(rendering.row)
    circle, program = _found(tx, proposal.circle_id)
    who = trainees.trainee_by_id(tx, proposal.by)
    if circle is None or program is None or who is None or not circles.is_member(tx, circle.id, who.id):
        return None
    if circle.is_paused(rendering.now) or _next_day(circle, program) != proposal.post_on:
        return None
    until = after_pause(rendering.context, circle, program, proposal.weeks)
    value = circle_ids.PauseCircleValue(
        circle=circle.id, weeks=proposal.weeks, by=proposal.by, post_on=proposal.post_on
    )
    day = until.astimezone(program.zone).date()
    return prompts.pause_proposed(Say(), who.slack_user, proposal.weeks, day, value)


def render_circle_pauses(rendering: Rendering) -> Message | None:
    """The circle pauses; None once it goes on."""
    circle, program = _found(rendering.tx, rendering.row.about_id)
    day = _next_day(circle, program) if circle and program else None
    if circle is None or day is None or not circle.is_paused(rendering.now):
        return None
    return prompts.pauses(Say(), circle, day)


def render_circle_resumes(rendering: Rendering) -> Message | None:
    """The pause is over; None once it is paused again or over."""
    circle, program = _found(rendering.tx, rendering.row.about_id)
    day = _next_day(circle, program) if circle and program else None
    if circle is None or day is None or circle.is_paused(rendering.now):
        return None
    return prompts.resumes(Say(), day)


def render_circle_thanks(rendering: Rendering) -> Message | None:
    """The closing message; None where the circle goes on, say with a later cohort."""
    circle = circles.circle_by_id(rendering.tx, rendering.row.about_id)
    return prompts.thanks(Say(), circle.weeks_posted) if circle and circle.is_over else None


def render_circle_merges(rendering: Rendering) -> Message | None:
    """The closing message of a circle whose members join the one this is about."""
    tx, row = rendering.tx, rendering.row
    into = circles.circle_by_id(tx, row.about_id)
    ending = circles.circle_in_channel(tx, row.workspace_id, row.to_channel or "")
    if into is None or ending is None or not ending.is_over:
        return None
    return prompts.merges(Say(), into, ending.weeks_posted)


def render_circle_grows(rendering: Rendering) -> Message | None:
    """To a circle: who is invited from the one this is about. None where they are in, or it goes on."""
    tx, row = rendering.tx, rendering.row
    ending = circles.circle_by_id(tx, row.about_id)
    if ending is None or not ending.is_over:
        return None
    users = [each.slack_user for each in circles.members(tx, ending.id) if is_in_slack(each.state)]
    return prompts.grows(Say(), ending, users) if users else None


def render_merge_proposed(rendering: Rendering) -> Message | None:
    """To a lead: two circles could merge. None where they no longer have a reason to."""
    context, tx = rendering.context, rendering.tx
    circle, _ = _found(tx, rendering.row.about_id)
    other = partner_of(context, tx, circle) if circle else None
    if circle is None or other is None or not circle.goes_on:
        return None
    return prompts.merge_proposed(Say(), circle, other)


def _found(tx: Transaction, circle_id: str) -> tuple[Circle | None, Program | None]:
    circle = circles.circle_by_id(tx, circle_id)
    return circle, programs.program_by_id(tx, circle.program_id) if circle else None


def _next_day(circle: Circle, program: Program) -> date | None:
    """The local day of a circle's next scenario."""
    at = circle.next_post_at if circle.goes_on else None
    return at.astimezone(program.zone).date() if at else None
