"""What nobody asked for comes in a person's hours, even when it is claimed late or tried again at night.

A quiet day of his has no hours.
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

UNPROMPTED = frozenset(
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
        MessageKind.FACILITATOR_KIT,
        MessageKind.DID_IT_APPEAR,
    }
)


def put_off_until(context: Context, tx: Transaction, row: OutboxRow, now: datetime) -> datetime | None:
    """When a message may go out that must not now, aware UTC; None when it may go out at once.

    Leads who are no trainees have no hours known to us.

    Args:
        now: the program's clock, UTC.
    """
    if row.kind not in UNPROMPTED or row.replaces_ts is not None or _answers_somebody(row):
        return None
    trainee = trainee_by_id(tx, row.trainee_id) if row.trainee_id else None
    program = program_by_id(tx, trainee.program_id) if trainee else None
    if trainee is None or program is None:
        return None
    opens = next_working_time_for(context, program, trainee, now)
    return opens if opens > now else None


def said_on(
    tx: Transaction, calendar: Calendar, trainee_id: str, kinds: Collection[MessageKind], day: date
) -> bool:
    """Whether a message of these kinds went out to a trainee, or is about to, on a local day of his."""
    begins, ends = (calendar.at(each, time()) for each in (day, day + timedelta(days=1)))
    return outbox.said_within(tx, trainee_id, kinds, begins, ends)


def _answers_somebody(row: OutboxRow) -> bool:
    """Kinds that come of themselves and, here, at a press of a button: he is looking at the screen."""
    if row.kind is MessageKind.FIRST_PLAN:
        return row.stale_at is None  # after his yes; the ladder's invitation goes stale
    return row.kind is MessageKind.FACILITATOR_KIT and row.key.endswith(":volunteer")
