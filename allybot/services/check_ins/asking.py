"""Asks at the steps of the ladder, once each: queues a message when a step is due."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from allybot.domain import spacing
from allybot.domain.check_ins import CheckIn, CheckInState
from allybot.domain.plans import Plan
from allybot.domain.step_messages import StepMessage, message_at, pace_after
from allybot.domain.trainee import Pace, Trainee, gets_check_ins
from allybot.services.check_ins import reminders
from allybot.services.check_ins.schedule import Position, position_of, set_next
from allybot.services.context import Context, put_to_trainee
from allybot.services.isolation import ScheduledJob
from allybot.services.outcomes import windows
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.delivery.since_backup import id_of
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records
from allybot.store.plans.private_records import Opened
from allybot.store.programs import programs

GOODBYE_AFTER = timedelta(days=7)
"""From the last message to the goodbye, so that the plan can be rewritten first. Our own number."""
_WITHOUT_A_QUESTION = {
    StepMessage.CHECK_IN: (MessageKind.FIRST_PLAN, "first-plan"),  # of who has no active plan
    StepMessage.SLOWED: (MessageKind.SLOWED, "slowed"),
    StepMessage.FRESH_START: (MessageKind.FRESH_START, "fresh-start"),
    StepMessage.KEEP_GOING: (MessageKind.KEEP_GOING, "keep-going"),
}
"""Messages without a check-in, so that nothing is recorded: their kind, and how their key begins."""


def schedule_first(context: Context, tx: Transaction, trainee: Trainee, now: datetime) -> None:
    """Set a trainee's first step, in the transaction of their consent at `now` (aware UTC)."""
    position = position_of(context, tx, trainee, now)
    earliest = spacing.first_day(position.ladder, position.calendar, now)
    set_next(tx, trainee, position.next_after(position.progress.after, earliest))


def _ask_if_due(context: Context, trainee_id: str, now: datetime) -> bool:
    """Ask at the step that is due. A plan that cannot be decrypted leaves the step due."""
    key = context.personal_key(trainee_id)
    with context.database.transaction() as tx:
        trainee = trainees.trainee_by_id(tx, trainee_id)
        if (
            trainee is None
            or not gets_check_ins(trainee.state)
            or trainee.next_step is None
            or trainee.next_check_in_at is None
            or trainee.next_check_in_at > now
        ):
            return False
        position = position_of(context, tx, trainee, now)
        with private_records.rewriting(tx, key, trainee_id) as held:
            today = position.calendar.local_day(now)
            reminded = reminders.reminded_on(tx, key, held.record, position.calendar, today)
            moved = _postponed(
                position, trainee, trainee.next_step, trainee.next_check_in_at, now, reminded=reminded
            )
            if moved is not None:
                check_ins.take_step(
                    tx, trainee, next_step=moved.step, next_check_in_at=moved.at, moved_days=moved.moved_days
                )
                return False
            return _ask(context, tx, position, trainee, trainee.next_step, held, now)


queue_due = ScheduledJob("check_ins", RowKind.TRAINEE, trainees.due_for_check_in, _ask_if_due)
"""Ask every trainee whose step is due; returns how many messages were queued.

A step that is due outside the trainee's hours waits for their next working day. After an outage longer than
the content allows (`stale_after_working_days`), only the newest step is asked, at its next usual hour.
"""


def _postponed(
    position: Position,
    trainee: Trainee,
    step: int,
    due_at: datetime,
    now: datetime,
    *,
    reminded: bool,
) -> spacing.Due | None:
    """What to ask later instead of this step now, None to ask now; a trainee gets one message a day."""
    if now >= spacing.stale_at(position.ladder, position.calendar, due_at):
        return position.newest_from(step, now)
    if not position.calendar.is_open(now):
        later = position.calendar.open_from(now, position.ladder.hour)
        return spacing.Due(step, later, trainee.moved_days)
    if reminded:
        tomorrow = position.calendar.local_day(now) + timedelta(days=1)
        return spacing.due_of(
            position.ladder, position.calendar, position.progress, step, tomorrow, position.jitter
        )
    return None


def _ask(
    context: Context,
    tx: Transaction,
    position: Position,
    trainee: Trainee,
    step: int,
    held: Opened,
    now: datetime,
) -> bool:
    """Queue one message for this step and schedule the next, in the caller's transaction."""
    plan = spacing.plan_to_ask(
        held.record.active, held.record.focus_plan_id, position.calendar.local_day(now)
    )
    previous = check_ins.latest(tx, trainee.id)
    silent = _silent_steps(tx, trainee, previous, plan)
    what = message_at(position.ladder, step, silent, trainee.pace)
    today = position.calendar.local_day(now)
    pace = pace_after(what, trainee.pace)
    values: dict[str, object] = {
        "silent_steps": silent,
        "pace": pace,
        **_following(position, step, today, silent, pace),
    }
    if what is StepMessage.CHECK_IN and plan is None:
        values["silent_steps"] = silent + 1  # an unanswered invitation to write a plan counts too
    if values["next_step"] is None:
        day = position.calendar.working_day_from(today + GOODBYE_AFTER)
        values["goodbye_at"] = position.calendar.at(day, position.ladder.hour)
    if not check_ins.take_step(tx, trainee, **values):
        return False
    if previous:
        check_ins.close_unanswered(tx, previous.id, delivered=bool(check_ins.places(tx, previous.id)))
    if what is StepMessage.REPLAN or (what is StepMessage.CHECK_IN and plan):
        return _ask_about(context, tx, position, trainee, step, plan, held, now)
    kind, key = _WITHOUT_A_QUESTION[what]
    # Who becomes slower is told so, however late; everything else would speak of the wrong week.
    stale_at = None
    if what is not StepMessage.SLOWED:
        stale_at = spacing.stale_at(position.ladder, position.calendar, now)
    return put_to_trainee(tx, trainee, kind, trainee.id, f"{key}:{trainee.id}:{step}", now, stale_at)


def _ask_about(
    context: Context,
    tx: Transaction,
    position: Position,
    trainee: Trainee,
    step: int,
    plan: Plan | None,
    held: Opened,
    now: datetime,
) -> bool:
    is_replan = step == position.ladder.replan_day
    follow_up_at = spacing.follow_up_at(position.ladder, position.calendar, now, step, position.jitter)
    asked = CheckIn(
        # The same in a restored database, which then knows the buttons of a message that was sent since.
        id=id_of(tx, f"check-in-row:{trainee.id}:{step}"),
        trainee_id=trainee.id,
        step=step,
        window_id=windows.window_for_step(context, tx, trainee.program_id, step),
        due_at=now,
        follow_up_at=None if is_replan or trainee.pace is Pace.SLOWER else follow_up_at,
    )
    if not check_ins.add_check_in(tx, asked):
        return False
    if plan:
        since = position.calendar.local_day(plan.last_asked_at or plan.created_at)
        held.record = held.record.with_question(asked.id, plan.id, since, now)
    if position.program.frozen_at is None:
        programs.change_program(tx, trainee.program_id, frozen_at=now)
    kind = MessageKind.REPLAN if is_replan else MessageKind.CHECK_IN
    stale_at = spacing.stale_at(position.ladder, position.calendar, now)
    return put_to_trainee(tx, trainee, kind, asked.id, f"check-in:{trainee.id}:{step}", now, stale_at)


def _following(position: Position, step: int, today: date, silent: int, pace: Pace) -> dict[str, object]:
    progress = replace(position.progress, asked_on=today, silent_steps=silent, pace=pace)
    asked_now = replace(position, progress=progress)
    due = asked_now.next_after(step, today)
    return {
        "next_step": due.step if due else None,
        "next_check_in_at": due.at if due else None,
        "moved_days": due.moved_days if due else position.progress.moved_days,
    }


def _silent_steps(tx: Transaction, trainee: Trainee, previous: CheckIn | None, plan: Plan | None) -> int:
    """Steps in a row without a tap, including the previous one.

    A check-in that was not delivered does not count; a plan written since resets the count.
    """
    if plan and (previous is None or plan.created_at > previous.due_at):
        return 0
    if previous is None or previous.state is not CheckInState.ASKED:
        return trainee.silent_steps
    return trainee.silent_steps + bool(check_ins.places(tx, previous.id))
