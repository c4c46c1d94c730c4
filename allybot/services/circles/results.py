"""Posts the figure of a program in its circles, on a day without a vote."""

from datetime import datetime

from allybot.domain.circle_weeks import free_of_votes
from allybot.domain.circles import CircleState
from allybot.domain.trainee import takes_part
from allybot.domain.windows import WindowState
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.outcomes import results as prompts
from allybot.services.circles.facilitators import rhythm_of
from allybot.services.context import Context, Rendering
from allybot.services.outcomes import summaries
from allybot.services.working_hours import working_hours
from allybot.store.circles import circles
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxRow
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


def put_off_until(context: Context, tx: Transaction, row: OutboxRow, now: datetime) -> datetime | None:
    """When news of a program may be posted in a circle, aware UTC; None for now, and for any other message.

    Circles whose last vote is over wait for such a day too: they are told with the others.
    """
    if row.kind not in {MessageKind.CIRCLE_RESULT, MessageKind.CIRCLE_SUGGESTION_ANSWERS}:
        return None
    circle = circles.circle_in_channel(tx, row.workspace_id, row.to_channel or "")
    program = programs.program_by_id(tx, circle.program_id) if circle else None
    if program is None:
        return None
    free = free_of_votes(now, rhythm_of(context), working_hours(context, program, program.zone))
    return free if free > now else None


def render_circle_result(rendering: Rendering) -> Message | None:
    """The figure; None where the circle rests, or nobody in it takes part."""
    told = summaries.ended(rendering.context, rendering.tx, rendering.row.about_id)
    circle = circles.circle_in_channel(
        rendering.tx, rendering.row.workspace_id, rendering.row.to_channel or ""
    )
    if told is None or circle is None or circle.state is CircleState.CLOSED:
        return None
    if not any(takes_part(member.state) for member in circles.members(rendering.tx, circle.id)):
        return None
    program, release = told
    if release.state is not WindowState.PUBLISHED:
        return None
    return prompts.circle_result(Say(), program.name, release)
