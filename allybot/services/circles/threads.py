"""The talk about a week's scenario has a place: its thread, which the bot opens with one question.

Who has not voted is reminded there too, the working day before the votes are opened.
"""

from datetime import datetime

from allybot.domain.circle_weeks import moments, reminder_at
from allybot.domain.circles import WeekState
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.circles import threads as prompts
from allybot.services.circles.facilitators import rhythm_of
from allybot.services.circles.messages import found_week
from allybot.services.circles.stories import story_of
from allybot.services.context import Context, Rendering, new_id
from allybot.services.working_hours import working_hours
from allybot.slack.answers import Posted
from allybot.store.circles import weeks
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage, OutboxRow
from allybot.store.engine.database import Transaction

_MOST_MISSING = 2
"""Only where so few votes are missing is it said: more would read as a reproach. Our own number."""


def open_thread(context: Context, tx: Transaction, row: OutboxRow, posted: Posted, now: datetime) -> None:
    """Queue what follows a scenario in its thread: one question, and later how many votes are missing.

    Once for each week, and for no other message. The reminder is queued whatever the votes are; whether it is
    sent is decided when it is due.

    Args:
        row: a message that now stands in Slack.
        now: the program's clock, aware UTC.
    """
    found = found_week(tx, row.about_id) if row.kind is MessageKind.SCENARIO else None
    if found is None or posted.ts is None:
        return
    program, circle, week = found
    rhythm, calendar = rhythm_of(context), working_hours(context, program, program.zone)
    planned = moments(week.monday, rhythm, calendar)
    dues = {
        MessageKind.THREAD_OPENER: now,
        MessageKind.VOTE_REMINDER: reminder_at(planned, rhythm, calendar) if planned else None,
    }
    for kind, due_at in dues.items():
        if due_at is not None and now <= due_at:
            message = OutboxMessage(
                key=f"{kind}:{week.id}",
                workspace_id=circle.workspace_id,
                kind=kind,
                about_id=week.id,
                due_at=due_at,
                to_channel=posted.channel,
                stale_at=week.opens_at,
                thread_ts=posted.ts,
            )
            outbox.put(tx, new_id(), message)


def render_thread_opener(rendering: Rendering) -> Message | None:
    """The question that a line answers; None once the votes are opened or the circle is closed."""
    found = found_week(rendering.tx, rendering.row.about_id)
    if found is None or found[2].state is not WeekState.OPEN:
        return None
    say = Say()
    return prompts.opener(say, story_of(rendering.context, rendering.tx, found[0].id, found[2], say))


def render_vote_reminder(rendering: Rendering) -> Message | None:
    """How many votes are missing; None where none or many are, and once the votes are opened."""
    found = found_week(rendering.tx, rendering.row.about_id)
    if found is None:
        return None
    program, _circle, week = found
    missing = rendering.context.content.min_votes_of(program.name) - len(weeks.voters(rendering.tx, week.id))
    is_open = week.state is WeekState.OPEN and rendering.now < week.opens_at
    if not is_open or not 0 < missing <= _MOST_MISSING:
        return None
    return prompts.votes_missing(Say(), missing, week.opens_at, program.zone)
