"""Delays unsolicited messages until the trainee's working hours, also on a late claim or a retry.

Quiet days have no working hours, nor has the time until the end of a dated away status in Slack; only the
last copy of somebody's plans does not wait for that end, because it would come after they are deleted.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from allybot.domain.calendar import Calendar
from allybot.domain.trainee import Trainee, TraineeState
from allybot.services.context import Context
from allybot.services.working_hours import check_in_hour, hours_of, next_working_time_for
from allybot.store.delivery import due_messages
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxRow
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
        MessageKind.SLOWED,
        MessageKind.FRESH_START,
        MessageKind.KEEP_GOING,
        MessageKind.REMINDER,
        MessageKind.DATES_MOVED,
        MessageKind.GOODBYE,
        MessageKind.LAST_COPY,
        MessageKind.POOL_QUESTION,
        MessageKind.FACILITATOR_ASKED,
        MessageKind.FACILITATOR_KIT,
        MessageKind.DID_IT_APPEAR,
        MessageKind.CIRCLE_RESTS,
        MessageKind.RESULT,
        MessageKind.SUGGESTION_ANSWERS,
        MessageKind.CIRCLE_GOES_ON,
    }
)
_NEWS_OF_ALL = frozenset({MessageKind.RESULT, MessageKind.SUGGESTION_ANSWERS})
"""What everybody in a program is told; it waits for the end of a pause, too."""
_GO_BEFORE_A_RESULT = UNSOLICITED | {MessageKind.PLANS_COPY}
_WAITS_FOR = {
    MessageKind.RESULT: _GO_BEFORE_A_RESULT - {MessageKind.SUGGESTION_ANSWERS},
    MessageKind.SUGGESTION_ANSWERS: _GO_BEFORE_A_RESULT,
    MessageKind.FACILITATOR_ASKED: UNSOLICITED - _NEWS_OF_ALL,
    MessageKind.POOL_QUESTION: UNSOLICITED - _NEWS_OF_ALL - {MessageKind.FACILITATOR_ASKED},
}
"""Messages that wait for a day without any of these, because a trainee gets one message a day.

Answers to suggestions wait for a result, which waits for those that were sent already: not for any that
wait themselves, or both could put each other off.
"""
_WAITS_FOR_A_PAUSE = _NEWS_OF_ALL | {MessageKind.POOL_QUESTION}
_PAUSE_RETRY = timedelta(days=7)
"""How often these look whether a pause has ended."""


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
    earliest = max(now, away_until or now)
    if row.kind in _WAITS_FOR_A_PAUSE and trainee.state is TraineeState.PAUSED:
        earliest = max(earliest, min(trainee.paused_until or now + _PAUSE_RETRY, now + _PAUSE_RETRY))
    opens = next_working_time_for(context, program, trainee, earliest)
    if opens > now:
        return opens
    calendar = hours_of(context, program, trainee)
    if row.kind in _WAITS_FOR and _is_taken(tx, calendar, trainee, row, now):
        tomorrow = calendar.plus_working_days(calendar.local_day(now), 1)
        return calendar.at(tomorrow, check_in_hour(context, trainee))
    return None


def _is_taken(tx: Transaction, calendar: Calendar, trainee: Trainee, row: OutboxRow, now: datetime) -> bool:
    """Whether a message for which this one waits comes or came today, the trainee's day.

    Follow-ups and reminders keep out of a result's way themselves: a follow-up is sent to who has not
    answered, and of a reminder nobody is to know.
    """
    today = calendar.local_day(now)
    ahead = (trainee.check_in_planned_at, trainee.goodbye_at)
    if any(due and calendar.local_day(max(due, now)) == today for due in ahead):
        return True
    begins, ends = (calendar.at(each, time()) for each in (today, today + timedelta(days=1)))
    if row.kind is MessageKind.RESULT:
        answers = (MessageKind.SUGGESTION_ANSWERS,)
        if due_messages.sent_within(tx, trainee.id, answers, begins, ends):
            return True
    return due_messages.another_waits_or_was_said(tx, row, _WAITS_FOR[row.kind], begins, ends)


def sent_on(
    tx: Transaction, calendar: Calendar, trainee_id: str, kinds: Collection[MessageKind], day: date
) -> bool:
    """Whether a message of these kinds was or will be sent to a trainee on a day in their zone."""
    begins, ends = (calendar.at(each, time()) for each in (day, day + timedelta(days=1)))
    return due_messages.said_within(tx, trainee_id, kinds, begins, ends)


def _answers_somebody(row: OutboxRow) -> bool:
    """Whether a message of an unsolicited kind answers a press of a button, so that it need not wait."""
    if row.kind is MessageKind.FIRST_PLAN:
        return row.stale_at is None  # sent on consent; the ladder's own invitation goes stale
    return row.kind is MessageKind.FACILITATOR_KIT and row.key.endswith(":volunteer")
