"""Delays unsolicited messages until the trainee's working hours, also on a late claim or a retry.

Quiet days have no working hours, nor has the time until the end of a dated away status in Slack; only the
last copy of somebody's plans does not wait for that end, because it would come after they are deleted.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from allybot.domain.calendar import Calendar
from allybot.services.context import Context
from allybot.services.working_hours import next_working_time_for
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import MessageKind, OutboxRow
from allybot.store.engine.database import Transaction
from allybot.store.programs.programs import program_by_id
from allybot.store.trainees import trainee_by_id

UNSOLICITED = frozenset(
    {
        MessageKind.WELCOME,
        MessageKind.LATER_REMINDER,
        MessageKind.FIRST_PLAN,
        MessageKind.CHECK_IN,
        MessageKind.FOLLOW_UP,
        MessageKind.REPLAN,
        MessageKind.PACE_QUESTION,
        MessageKind.REMINDER,
        MessageKind.GOODBYE,
        MessageKind.LAST_COPY,
        MessageKind.FACILITATOR_KIT,
        MessageKind.DID_IT_APPEAR,
        MessageKind.CIRCLE_RESTS,
    }
)


def put_off_until(context: Context, tx: Transaction, row: OutboxRow, now: datetime) -> datetime | None:
    """When a message may be sent, aware UTC; None when it may be sent now.

    Messages to leads who are no trainees are not delayed: their hours are unknown.

    Args:
        now: the program's clock, UTC.
    """
    if row.kind not in UNSOLICITED or row.replaces_ts is not None or _answers_somebody(row):
        return None
    trainee = trainee_by_id(tx, row.trainee_id) if row.trainee_id else None
    program = program_by_id(tx, trainee.program_id) if trainee else None
    if trainee is None or program is None:
        return None
    away_until = None if row.kind is MessageKind.LAST_COPY else trainee.away_until
    opens = next_working_time_for(context, program, trainee, max(now, away_until or now))
    return opens if opens > now else None


def sent_on(
    tx: Transaction, calendar: Calendar, trainee_id: str, kinds: Collection[MessageKind], day: date
) -> bool:
    """Whether a message of these kinds was or will be sent to a trainee on a day in their zone."""
    begins, ends = (calendar.at(each, time()) for each in (day, day + timedelta(days=1)))
    return outbox.said_within(tx, trainee_id, kinds, begins, ends)


def _answers_somebody(row: OutboxRow) -> bool:
    """Whether a message of an unsolicited kind answers a press of a button, so that it need not wait."""
    if row.kind is MessageKind.FIRST_PLAN:
        return row.stale_at is None  # sent on consent; the ladder's own invitation goes stale
    return row.kind is MessageKind.FACILITATOR_KIT and row.key.endswith(":volunteer")
