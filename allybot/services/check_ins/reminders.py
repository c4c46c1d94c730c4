"""Reminders on the morning of a plan's expected moment, on request; at most `MAX_REMINDERS` per plan.

Each working morning every active trainee's private record is read, in pages. Whoever wants no reminder is
treated the same: the same column moves to the same time. A reminder's outbox row does not name the trainee.
When another unsolicited message is due on the day, the reminder comes one working day earlier, or not at all.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from allybot.domain.calendar import Calendar
from allybot.domain.people import Actor, Program
from allybot.domain.plans import Plan, PlanState
from allybot.domain.private_record import PrivateRecord, with_moment
from allybot.domain.reminders import MAX_REMINDERS, remind_at, remind_on, stale_at
from allybot.domain.trainee import Trainee, gets_check_ins
from allybot.errors import DecryptionError, NotFoundError, WrongStateError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.check_ins import reminders as prompts
from allybot.services.check_ins.quiet_hours import UNSOLICITED, sent_on
from allybot.services.context import Context, Rendering, acting, program_of
from allybot.services.isolation import RETRY_AFTER, ROWS_A_TICK, ScheduledJob, isolated
from allybot.services.outcomes.telling import told_on
from allybot.services.working_hours import hours_of
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.delivery import outbox, parked_rows
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.delivery.since_backup import id_of
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records
from allybot.store.plans.private_records import DueForReading
from allybot.store.vault.vault import keys_of_people

_JITTER_MINUTES = 15
"""Minutes after the start of working hours, so that not all reminders come in the same minute."""
_JOB = "reminders"


@dataclass(frozen=True)
class Wished:
    """The plan, and the local day of its reminder; None when none is sent."""

    plan: Plan
    comes_on: date | None


def wish(context: Context, actor: Actor, plan_id: str, *, wanted: bool, now: datetime) -> Wished:
    """Turn the reminder of a plan's moment on or off. Idempotent.

    Args:
        now: aware UTC.

    Raises:
        NotFoundError: the plan is not the trainee's.
        WrongStateError: a reminder is wanted of a plan that is not active, or has had all its reminders.
    """
    with context.database.transaction() as tx:
        trainee = acting(tx, actor)
        with private_records.rewriting(tx, context.personal_key(trainee.id), trainee.id) as held:
            plan = held.record.plan(plan_id)
            if plan is None:
                raise NotFoundError
            if wanted and (plan.state is not PlanState.ACTIVE or plan.reminders_sent >= MAX_REMINDERS):
                raise WrongStateError
            today = now.astimezone(trainee.zone).date()
            plan = with_moment(plan, plan.next_moment_on, today, remind=wanted)
            held.record = held.record.with_plan(plan)
        return Wished(plan, comes_on(context, tx, trainee, plan, now))


def comes_on(context: Context, tx: Transaction, trainee: Trainee, plan: Plan, now: datetime) -> date | None:
    """The local day of the reminder of a plan's moment as planned now; None when none is sent."""
    calendar = hours_of(context, program_of(tx, trainee), trainee)
    day = _day(tx, calendar, trainee, plan, now)
    if day is None or remind_at(calendar, day, 0) <= now:  # the record of today has been read already
        return None
    back = now if gets_check_ins(trainee.state) else trainee.paused_until
    return day if back is not None and back <= remind_at(calendar, day, 0) else None


def reminded_on(tx: Transaction, key: bytes, record: PrivateRecord, calendar: Calendar, day: date) -> bool:
    """Whether a reminder was queued for this day (the trainee's zone)."""
    keys = [_key(key, plan) for plan in record.active if plan.remind]
    return any(calendar.local_day(due_at) == day for due_at in outbox.due_times(tx, keys))


def render_reminder(rendering: Rendering) -> Message | None:
    """The reminder; None once its plan, its day or the trainee's request has changed."""
    row, context = rendering.row, rendering.context
    trainee = trainees.trainee_by_id(rendering.tx, row.trainee_id or "")
    if trainee is None or not gets_check_ins(trainee.state):
        return None
    key = context.personal_key(trainee.id)
    record = private_records.read(rendering.tx, key, trainee.id)
    plan = next((each for each in record.active if each.remind and _key(key, each) == row.key), None)
    if plan is None or plan.next_moment_on is None:
        return None
    today = rendering.now.astimezone(trainee.zone).date()
    return prompts.reminder(
        Say(trainee.locale),
        plan,
        plan.next_moment_on,
        rehearsal=context.content.rehearsals.for_plan(context.content.scenarios, plan.kind, plan.intention),
        is_today=plan.next_moment_on == today,
        last=plan.reminders_sent + 1 >= MAX_REMINDERS,
    )


def _due(tx: Transaction, now: datetime, _limit: int) -> Sequence[str]:
    """One trainee whose record is due to be read; `_read_page` reads a page of them."""
    return private_records.first_due(tx, _JOB, now)


def _read_page(context: Context, _trainee_id: str, now: datetime) -> int:
    queued, programs = 0, dict[str, Program]()
    with context.database.transaction() as tx:
        page = private_records.due_for_reading(tx, _JOB, now, ROWS_A_TICK)
        with context.vault.reading() as vault_tx:
            keys = keys_of_people(vault_tx, context.keyring, [each.trainee_id for each in page])
        for each in page:

            def read(each: DueForReading = each) -> int:
                with tx.begin_nested():
                    return _read(context, tx, programs, each, keys.get(each.trainee_id), now)

            def park(reason: str, trainee_id: str = each.trainee_id) -> None:
                parked_rows.park(tx, _JOB, RowKind.TRAINEE, trainee_id, reason, now, now + RETRY_AFTER)

            queued += isolated(read, park, _JOB)
    return queued


queue_due = ScheduledJob(_JOB, RowKind.TRAINEE, _due, _read_page)
"""Read the private records that are due and queue today's reminders; returns how many were queued."""


def _read(
    context: Context,
    tx: Transaction,
    programs: dict[str, Program],
    due: DueForReading,
    key: bytes | None,
    now: datetime,
) -> int:
    """Read one record; `programs` keeps those of the page by id, since most people share one."""
    if key is None:
        raise DecryptionError
    trainee, record = due.trainee, due.record(key)
    if trainee.program_id not in programs:
        programs[trainee.program_id] = program_of(tx, trainee)
    calendar = hours_of(context, programs[trainee.program_id], trainee)
    trainees.change_trainee(tx, trainee.id, record_due_at=_next_reading(calendar, now))
    if not calendar.is_open(now):
        return 0
    today = calendar.local_day(now)
    for plan in record.active:
        if plan.remind and _day(tx, calendar, trainee, plan, now) == today:
            jitter = context.rng(trainee.id, plan.id, plan.next_moment_on).randrange(_JITTER_MINUTES + 1)
            message = OutboxMessage(
                key=_key(key, plan),
                workspace_id=trainee.workspace_id,
                kind=MessageKind.REMINDER,
                about_id=outbox.encrypted_about(context.keyring, trainee.id),
                due_at=max(now, remind_at(calendar, today, jitter)),
                stale_at=stale_at(calendar, today),
            )
            return outbox.put(tx, id_of(tx, message.key), message)  # one a day
    return 0


def _next_reading(calendar: Calendar, now: datetime) -> datetime:
    """The next start of working hours after `now`; the same for all with the same hours."""
    today = calendar.local_day(now)
    opens = remind_at(calendar, calendar.working_day_from(today), 0)
    return opens if opens > now else remind_at(calendar, calendar.plus_working_days(today, 1), 0)


def _day(tx: Transaction, calendar: Calendar, trainee: Trainee, plan: Plan, now: datetime) -> date | None:
    """The local day of a plan's reminder; None when there is none or its day is over."""
    moment = plan.next_moment_on
    wanted = plan.remind and plan.state is PlanState.ACTIVE and plan.reminders_sent < MAX_REMINDERS
    if not wanted or moment is None or moment < calendar.local_day(now):
        return None
    day = remind_on(calendar, moment, lambda each: _is_taken(tx, calendar, trainee, each, now))
    return None if day is None or stale_at(calendar, day) <= now else day


def _is_taken(tx: Transaction, calendar: Calendar, trainee: Trainee, day: date, now: datetime) -> bool:
    """Whether another unsolicited message is due on this local day, or overdue: a check-in, a result ..."""
    ahead = (trainee.next_check_in_at, trainee.goodbye_at, check_ins.next_follow_up(tx, trainee.id))
    return (
        any(due and calendar.local_day(max(due, now)) == day for due in ahead)
        or sent_on(tx, calendar, trainee.id, UNSOLICITED, day)
        or day in told_on(tx, trainee.program_id, calendar)
    )


def _key(key: bytes, plan: Plan) -> str:
    """The reminder's idempotency key: a keyed digest, which names neither plan nor day to anybody else."""
    named = f"{plan.id}/{plan.next_moment_on}".encode()
    return f"reminder:{hashlib.blake2b(named, key=key, digest_size=16).hexdigest()}"
