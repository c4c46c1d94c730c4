"""Reminders on the morning of a plan's expected moment, on request; at most `MAX_REMINDERS` per plan.

Check-ins ask after that day. When another unsolicited message is due on the day, the reminder comes one
working day earlier, or not at all.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allybot.domain.people import Actor
from allybot.domain.plans import Plan, PlanState
from allybot.domain.reminders import MAX_REMINDERS, remind_at, remind_on, stale_at
from allybot.domain.trainee import Trainee, gets_check_ins
from allybot.errors import NotFoundError, WrongStateError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.check_ins import reminders as prompts
from allybot.services.check_ins.quiet_hours import UNSOLICITED, sent_on
from allybot.services.check_ins.schedule import Position, position_of
from allybot.services.context import Context, Rendering, acting, put_to_trainee
from allybot.services.isolation import ScheduledJob
from allybot.store import trainees
from allybot.store.check_ins import check_ins, reminders
from allybot.store.delivery.outbox import MessageKind
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.plans import plans
from allybot.store.programs import programs

_JITTER_MINUTES = 15
"""Minutes after the start of working hours, so that not all reminders come in the same minute."""


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
        key = context.personal_key(trainee.id)
        plan = plans.plan_by_id(tx, key, trainee.id, plan_id)
        if plan is None:
            raise NotFoundError
        if wanted and (plan.state is not PlanState.ACTIVE or plan.reminders_sent >= MAX_REMINDERS):
            raise WrongStateError
        wish_in(tx, plan_id, wanted=wanted)
        plan = plans.plan_by_id(tx, key, trainee.id, plan_id) or plan
        return Wished(plan, comes_on(context, tx, trainee, plan, now))


def wish_in(tx: Transaction, plan_id: str, *, wanted: bool) -> None:
    """The same within another use case's transaction, for a plan known to be the trainee's."""
    reminders.wish(tx, plan_id, wanted=wanted)


def comes_on(context: Context, tx: Transaction, trainee: Trainee, plan: Plan, now: datetime) -> date | None:
    """The local day of the reminder of a plan's moment as planned now; None when none is sent."""
    if not plan.remind or plan.reminders_sent >= MAX_REMINDERS or plan.state is not PlanState.ACTIVE:
        return None
    due = _due(
        context, tx, position_of(context, tx, trainee, now), trainee, plan.id, plan.next_moment_on, now
    )
    if due is None or due[1] <= now:
        return None
    back = now if gets_check_ins(trainee.state) else trainee.paused_until
    return due[0] if back is not None and back <= due[1] else None


def render_reminder(rendering: Rendering) -> Message | None:
    """The reminder; None once its plan, its day or the trainee's request has changed."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.trainee_id or "")
    program = programs.program_by_id(rendering.tx, trainee.program_id) if trainee else None
    if trainee is None or program is None or not gets_check_ins(trainee.state):
        return None
    plan = plans.plan_by_id(
        rendering.tx, rendering.context.personal_key(trainee.id), trainee.id, rendering.row.about_id
    )
    if plan is None or plan.next_moment_on is None or plan.state is not PlanState.ACTIVE or not plan.remind:
        return None
    if rendering.row.key != _key(plan.id, plan.next_moment_on):
        return None
    today = rendering.now.astimezone(trainee.zone).date()
    return prompts.reminder(
        Say(trainee.locale),
        plan,
        plan.next_moment_on,
        is_today=plan.next_moment_on == today,
        last=plan.reminders_sent >= MAX_REMINDERS,
    )


def _remind_if_due(context: Context, plan_id: str, now: datetime) -> bool:
    with context.database.transaction() as tx:
        wanted = reminders.wanted(tx, plan_id, now)
        trainee = trainees.trainee_by_id(tx, wanted.trainee_id) if wanted else None
        if wanted is None or trainee is None:
            return False
        position = position_of(context, tx, trainee, now)
        due = _due(context, tx, position, trainee, wanted.plan_id, wanted.moment, now)
        if due is None or not wanted.active or wanted.sent >= MAX_REMINDERS:
            reminders.take(tx, wanted, None)
            return False
        day, at = due
        # Checked on the working day before as well: a check-in may have been scheduled for its day meanwhile.
        before = remind_at(position.calendar, position.calendar.working_day_until(day - timedelta(days=1)), 0)
        if now < at:
            reminders.take(tx, wanted, before if now < before else at)
            return False
        # Requested on the day itself, or due during a pause: it would come too late in the morning.
        too_late = wanted.remind_at == reminders.FIND_ANEW or not gets_check_ins(trainee.state)
        if not reminders.take(tx, wanted, None) or too_late or wanted.moment is None:
            return False
        key = _key(wanted.plan_id, wanted.moment)
        expires = stale_at(position.calendar, day)
        if not put_to_trainee(tx, trainee, MessageKind.REMINDER, wanted.plan_id, key, now, expires):
            return False
        reminders.count_sent(tx, wanted)
        return True


queue_due = ScheduledJob("reminders", RowKind.PLAN, reminders.reminders_due, _remind_if_due)
"""Queue the reminders that are due and schedule new requests; returns how many were queued."""


def _due(
    context: Context,
    tx: Transaction,
    position: Position,
    trainee: Trainee,
    plan_id: str,
    moment: date | None,
    now: datetime,
) -> tuple[date, datetime] | None:
    """The local day of a reminder and its time, aware UTC; None when there is none or its day is over."""
    today = position.calendar.local_day(now)
    if moment is None or moment < today:
        return None

    def taken(day: date) -> bool:
        return _is_taken(tx, position, trainee, day)

    day = remind_on(position.calendar, moment, taken)
    if day is None or stale_at(position.calendar, day) <= now:
        return None
    jitter = context.rng(trainee.id, plan_id, moment).randrange(_JITTER_MINUTES + 1)
    return day, remind_at(position.calendar, day, jitter)


def _is_taken(tx: Transaction, position: Position, trainee: Trainee, day: date) -> bool:
    """Whether another unsolicited message, such as a check-in, is due on this local day."""
    ahead = (trainee.next_check_in_at, trainee.goodbye_at, check_ins.next_follow_up(tx, trainee.id))
    return any(moment and position.calendar.local_day(moment) == day for moment in ahead) or sent_on(
        tx, position.calendar, trainee.id, UNSOLICITED, day
    )


def _key(plan_id: str, moment: date) -> str:
    return f"reminder:{plan_id}:{moment.isoformat()}"
