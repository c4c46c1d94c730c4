"""How often a trainee gets check-ins: pause, resume, stop, slower, keep."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from allybot.domain.frequency import back_on
from allybot.domain.people import Actor
from allybot.domain.trainee import (
    Pace,
    Trainee,
    TraineeEvent,
    TraineeState,
    can_happen,
    gets_check_ins,
    may_change_frequency,
)
from allybot.errors import FieldError, WrongStateError
from allybot.services.check_ins import schedule
from allybot.services.context import Context, acting, program_of
from allybot.services.isolation import ScheduledJob
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction


@dataclass(frozen=True)
class FrequencyStatus:
    """The trainee's state after a choice; days are in the trainee's zone.

    Attributes:
        back_on: the first day after the pause; None for a pause without an end, or no pause.
        next_on: the day of the next check-in; None when none is planned.
        deleted_on: the day on which the plans are deleted, in the program's zone; None if that is not known.
    """

    trainee: Trainee
    back_on: date | None
    next_on: date | None
    deleted_on: date | None


def read(context: Context, actor: Actor) -> FrequencyStatus:
    """The trainee's state as it is.

    Raises:
        NotFoundError, WrongStateError: as in `resume`.
    """
    with context.database.reading() as tx:
        acting(tx, actor, may_change_frequency)
        return _status(tx, actor)


def pause(context: Context, actor: Actor, until: date | None, now: datetime) -> FrequencyStatus:
    """Send nothing until a local day, or until the trainee resumes. Pausing again changes the day.

    Raises:
        NotFoundError: the trainee is in no program.
        WrongStateError: the trainee has not consented, has stopped, or has finished.
        FieldError: field `until`, reason `past`.
    """

    def begin_pause(tx: Transaction, trainee: Trainee) -> None:
        position = schedule.position_of(context, tx, trainee, now)
        if until is not None and until <= position.calendar.local_day(now):
            field = "until"
            raise FieldError(field, "past")
        trainees.apply_event(
            tx,
            trainee,
            TraineeEvent.PAUSE,
            paused_until=position.calendar.at(until, time()) if until else None,
            silent_steps=0,
        )
        check_ins.silence(tx, trainee.id)

    return _choose(context, actor, begin_pause)


def pause_as_typed(context: Context, actor: Actor, words: str, now: datetime) -> FrequencyStatus:
    """Pause for the time typed after `pause`, see `domain.frequency.back_on`.

    Raises:
        FieldError: field `until`, reason `not_understood`, `past` or `too_far`.
        NotFoundError, WrongStateError: as in `pause`.
    """
    with context.database.reading() as tx:
        trainee = acting(tx, actor)
    return pause(context, actor, back_on(words, now.astimezone(trainee.zone).date()), now)


def resume(context: Context, actor: Actor, now: datetime) -> FrequencyStatus:
    """Resume check-ins after a pause or a stop; the missed step comes first, the rest move along. Idempotent.

    Raises:
        NotFoundError: the trainee is in no program.
        WrongStateError: the trainee has not consented, or has finished.
    """

    def end_pause(tx: Transaction, trainee: Trainee) -> None:
        trainees.apply_event(tx, trainee, TraineeEvent.RESUME, paused_until=None, silent_steps=0)
        if not gets_check_ins(trainee.state):
            schedule.reschedule_after_pause(context, tx, trainee, now)

    return _choose(context, actor, end_pause)


def stop(context: Context, actor: Actor, now: datetime) -> FrequencyStatus:  # noqa: ARG001 - every use case takes `now`
    """Send no more check-ins; the plans stay. Idempotent.

    Raises:
        NotFoundError, WrongStateError: as in `resume`.
    """
    return _choose(context, actor, stop_in)


def stop_in(tx: Transaction, trainee: Trainee) -> None:
    """Stop, within another use case's transaction; does nothing after the last check-in."""
    if not can_happen(TraineeEvent.STOP, trainee.state):
        return
    if not trainees.apply_event(tx, trainee, TraineeEvent.STOP, paused_until=None, silent_steps=0):
        raise WrongStateError  # the state changed since it was read; a stop must not be lost
    check_ins.silence(tx, trainee.id)


def slower(context: Context, actor: Actor, now: datetime) -> FrequencyStatus:
    """Ask at every other step from now on; the re-plan stays. Idempotent.

    Raises:
        NotFoundError, WrongStateError: as in `resume`.
    """
    return _choose(context, actor, lambda tx, trainee: slow_down_in(context, tx, trainee, now))


def slow_down_in(context: Context, tx: Transaction, trainee: Trainee, now: datetime) -> None:
    """The same within another use case's transaction."""
    trainees.change_trainee(tx, trainee.id, pace=Pace.SLOWER, silent_steps=0)
    if trainee.pace is not Pace.SLOWER:
        schedule.skip_one(context, tx, trainee, now)


def keep(context: Context, actor: Actor, now: datetime) -> FrequencyStatus:
    """Ask at every step, also after a slower pace; a step it left out comes if its day does. Idempotent.

    Raises:
        NotFoundError, WrongStateError: as in `resume`.
    """

    def usual_pace(tx: Transaction, trainee: Trainee) -> None:
        trainees.change_trainee(tx, trainee.id, pace=Pace.NORMAL, silent_steps=0)
        if trainee.pace is Pace.SLOWER:
            schedule.unskip(context, tx, trainee, now)

    return _choose(context, actor, usual_pace)


def _end_pause(context: Context, trainee_id: str, now: datetime) -> bool:
    with context.database.transaction() as tx:
        trainee = trainees.trainee_by_id(tx, trainee_id)
        if trainee is None or trainee.paused_until is None or trainee.paused_until > now:
            return False
        if not can_happen(TraineeEvent.PAUSE_ENDS, trainee.state):
            return False
        if not trainees.apply_event(tx, trainee, TraineeEvent.PAUSE_ENDS, paused_until=None):
            return False
        schedule.reschedule_after_pause(context, tx, trainee, now)
        return True


resume_due = ScheduledJob("pauses", RowKind.TRAINEE, trainees.back_from_pause, _end_pause)
"""Resume every trainee whose pause is over; returns how many."""


def _choose(
    context: Context, actor: Actor, change: Callable[[Transaction, Trainee], None]
) -> FrequencyStatus:
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_change_frequency, lock=True)
        change(tx, trainee)
        return _status(tx, actor)


def _status(tx: Transaction, actor: Actor) -> FrequencyStatus:
    trainee = acting(tx, actor)
    until = trainee.paused_until if trainee.state is TraineeState.PAUSED else None
    back = until.astimezone(trainee.zone).date() if until else None
    deleted = trainee.delete_after
    deleted_on = deleted.astimezone(program_of(tx, trainee).zone).date() if deleted else None
    return FrequencyStatus(trainee, back, trainee.check_in_planned_on, deleted_on)
