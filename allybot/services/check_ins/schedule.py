"""A trainee's position on the ladder, and scheduling of the next step."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from allybot.content import Rules
from allybot.domain import spacing
from allybot.domain.calendar import Calendar
from allybot.domain.people import Program
from allybot.domain.spacing import Due, Jitter, Ladder, LadderProgress
from allybot.domain.trainee import Pace, Trainee
from allybot.errors import NotFoundError
from allybot.services.context import Context, program_of
from allybot.services.working_hours import check_in_hour, hours_of
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.delivery import due_messages
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

_IN_PLACE_OF_A_CHECK_IN = (MessageKind.SLOWED, MessageKind.FRESH_START, MessageKind.KEEP_GOING)
"""Messages after which the next one keeps the same distance as after a check-in."""


@dataclass(frozen=True)
class Position:
    """A trainee's position on the ladder, with everything that decides the next step."""

    program: Program
    ladder: Ladder
    calendar: Calendar
    progress: LadderProgress
    jitter: Jitter

    def next_after(self, step: int | None, earliest: date, pace: Pace | None = None) -> Due | None:
        """The step after this one, on `earliest` or later; `pace` None means the trainee's own."""
        progress = replace(self.progress, after=step, pace=pace or self.progress.pace)
        return spacing.next_due(self.ladder, self.calendar, progress, earliest, self.jitter)

    def newest_from(self, step: int, now: datetime) -> Due | None:
        """This step, or the newest one where its time has passed, from the next check-in hour on."""
        earliest = spacing.first_day(self.ladder, self.calendar, now)
        return self.next_after(self.before(step), earliest, Pace.NORMAL)

    def before(self, step: int) -> int | None:
        """The step of the ladder before this one; None for the first."""
        return self.ladder.before(step)


def ladder_of(rules: Rules) -> Ladder:
    """The ladder as the content configures it."""
    asked = rules.check_ins
    return Ladder(
        steps=rules.ladder.steps_days,
        replan_day=rules.ladder.replan_day,
        weekdays=frozenset(day.number for day in asked.weekdays),
        hour=asked.local_time,
        min_days_between=asked.min_days_between,
        stale_after=asked.stale_after_working_days,
        follow_up_after=asked.follow_up_after_working_days,
        silent_steps=asked.silent_steps_before_slower,
        fresh_start_day=rules.ladder.fresh_start_day,
        keep_going=rules.ladder.keep_going_days,
    )


def keeps_going(rules: Rules, trainee: Trainee) -> bool:
    """Whether a trainee chose to go on after the re-plan, and has a message of it left."""
    return trainee.next_step is not None and trainee.next_step > rules.ladder.replan_day


def position_of(context: Context, tx: Transaction, trainee: Trainee, now: datetime) -> Position:
    """A trainee's position; `now` (aware UTC) is the time of a consent that is being given.

    Raises:
        NotFoundError: the program or cohort is gone.
    """
    program = program_of(tx, trainee)
    cohort = programs.cohort_by_id(tx, trainee.cohort_id)
    if cohort is None:
        raise NotFoundError
    calendar = hours_of(context, program, trainee)
    last = check_ins.latest(tx, trainee.id)
    told_at = due_messages.latest_due(tx, trainee.id, _IN_PLACE_OF_A_CHECK_IN)
    asked = [calendar.local_day(at) for at in (last.due_at if last else None, told_at) if at]
    most = context.content.rules.check_ins.jitter_minutes
    progress = LadderProgress(
        training_ended_on=cohort.training_ended_on,
        consented_on=calendar.local_day(trainee.consented_at or now),
        after=last.step if last else None,
        asked_on=max(asked, default=None),
        moved_days=trainee.moved_days,
        pace=trainee.pace,
        silent_steps=trainee.silent_steps,
        keeps_going=keeps_going(context.content.rules, trainee),
    )
    return Position(
        program,
        replace(ladder_of(context.content.rules), hour=check_in_hour(context, trainee)),
        calendar,
        progress,
        jitter=lambda step: context.rng(trainee.workspace_id, trainee.slack_user, step).randrange(most + 1),
    )


def set_next(tx: Transaction, trainee: Trainee, due: Due | None) -> None:
    """Store the next step; None after the last."""
    trainees.change_trainee(
        tx,
        trainee.id,
        next_step=due.step if due else None,
        next_check_in_at=due.at if due else None,
        moved_days=due.moved_days if due else trainee.moved_days,
    )


def schedule_next(context: Context, tx: Transaction, trainee: Trainee, now: datetime) -> None:
    """Recompute the time of the next step; does nothing after the last."""
    if trainee.next_step is not None:
        position = position_of(context, tx, trainee, now)
        set_next(tx, trainee, position.newest_from(trainee.next_step, now))


def unskip(context: Context, tx: Transaction, trainee: Trainee, now: datetime) -> None:
    """Plan the step that a slower pace left out, where its day is still to come."""
    if trainee.next_step is None:
        return
    position = position_of(context, tx, trainee, now)
    progress, left_out = position.progress, position.before(trainee.next_step)
    if left_out is None or left_out <= (progress.after or 0):
        return
    earliest = spacing.first_day(position.ladder, position.calendar, now)
    if progress.training_ended_on + timedelta(days=left_out + progress.moved_days) >= earliest:
        set_next(tx, trainee, position.next_after(position.before(left_out), earliest, Pace.NORMAL))


def skip_one(context: Context, tx: Transaction, trainee: Trainee, now: datetime) -> None:
    """Skip the next step; the re-plan and the days after it are never skipped."""
    if trainee.next_step is not None:
        position = position_of(context, tx, trainee, now)
        earliest = spacing.first_day(position.ladder, position.calendar, now)
        set_next(tx, trainee, position.next_after(position.before(trainee.next_step), earliest, Pace.SLOWER))


def reschedule_after_pause(context: Context, tx: Transaction, trainee: Trainee, now: datetime) -> None:
    """Schedule the step that an active trainee missed while away; the later steps move along.

    Used at the end of a pause or stop, and when a deactivated Slack user is back.
    """
    if trainee.next_step is None or trainee.next_check_in_at is None:
        schedule_next(context, tx, trainee, now)
        return
    position = position_of(context, tx, trainee, now)
    back = spacing.first_day(position.ladder, position.calendar, now)
    set_next(
        tx,
        trainee,
        spacing.back_from_pause(
            position.ladder,
            position.calendar,
            position.progress,
            trainee.next_step,
            trainee.next_check_in_at,
            back,
            position.jitter,
        ),
    )
