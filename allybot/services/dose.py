"""How much a trainee wants to hear: pause, resume, stop, slower, keep."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from allybot.domain.dose import back_on
from allybot.domain.people import Actor, Pace, Trainee, TraineeState
from allybot.errors import FieldProblem, NotFound, WrongState
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import dose as prompts
from allybot.services import schedule
from allybot.services.house import House
from allybot.services.isolation import Story
from allybot.store import check_ins, people, programs
from allybot.store.database import Transaction
from allybot.store.outbox import OutboxRow
from allybot.store.parked_rows import RowKind

_IN_TOUCH = frozenset({TraineeState.ACTIVE, TraineeState.PAUSED, TraineeState.STOPPED})


@dataclass(frozen=True)
class Standing:
    """How a trainee stands after he chose; both days are local to him and may be None.

    Attributes:
        back_on: the first day after his pause; None for a pause without an end, or no pause.
        next_on: the day of his next check-in; None when none is planned.
    """

    trainee: Trainee
    back_on: date | None
    next_on: date | None


def pause(house: House, actor: Actor, until: date | None, now: datetime) -> Standing:
    """Send nothing until a local day, or until he resumes. Pausing again changes the day.

    Raises:
        NotFound: he is in no program.
        WrongState: he has not said yes, stopped, or is through.
        FieldProblem: field `until`, reason `past`.
    """

    def rest(tx: Transaction, trainee: Trainee) -> None:
        if trainee.state is TraineeState.STOPPED:
            raise WrongState
        place = schedule.place_of(house, tx, trainee, now)
        if until is not None and until <= place.calendar.local_day(now):
            field = "until"
            raise FieldProblem(field, "past")
        people.change_trainee(
            tx,
            trainee.id,
            state=TraineeState.PAUSED,
            paused_until=place.calendar.at(until, time()) if until else None,
            silent_steps=0,
        )
        check_ins.silence(tx, trainee.id)

    return _choose(house, actor, rest)


def pause_as_typed(house: House, actor: Actor, words: str, now: datetime) -> Standing:
    """Pause for as long as he typed after `pause`, see `domain.dose.back_on`.

    Raises:
        FieldProblem: field `until`, reason `not_understood`, `past` or `too_far`.
        NotFound, WrongState: as in `pause`.
    """
    with house.database.reading() as tx:
        trainee = people.trainee_of(tx, actor)
    if trainee is None:
        raise NotFound
    return pause(house, actor, back_on(words, now.astimezone(trainee.zone).date()), now)


def resume(house: House, actor: Actor, now: datetime) -> Standing:
    """Ask him again, after a pause or a stop; the steps he missed come, moved along. Twice is once.

    Raises:
        NotFound: he is in no program.
        WrongState: he has not said yes, or is through.
    """

    def wake(tx: Transaction, trainee: Trainee) -> None:
        waits_for_him = trainee.next_check_in_at is None
        people.change_trainee(tx, trainee.id, state=TraineeState.ACTIVE, paused_until=None, silent_steps=0)
        if trainee.state is not TraineeState.ACTIVE:
            schedule.come_back(house, tx, trainee, now)
        elif waits_for_him:
            schedule.go_on(house, tx, trainee, now)

    return _choose(house, actor, wake)


def stop(house: House, actor: Actor, now: datetime) -> Standing:  # noqa: ARG001 - every use case takes `now`
    """Send no more check-ins. His plans stay. Twice is once.

    Raises:
        NotFound, WrongState: as in `resume`.
    """
    return _choose(house, actor, stop_in)


def stop_in(tx: Transaction, trainee: Trainee) -> None:
    """Stop, within another use case's transaction."""
    people.change_trainee(tx, trainee.id, state=TraineeState.STOPPED, paused_until=None, silent_steps=0)
    check_ins.silence(tx, trainee.id)


def slower(house: House, actor: Actor, now: datetime) -> Standing:
    """Ask at every other step from here on; the re-plan stays. Twice is once.

    Raises:
        NotFound, WrongState: as in `resume`.
    """
    return _choose(house, actor, lambda tx, trainee: slow_down_in(house, tx, trainee, now))


def slow_down_in(house: House, tx: Transaction, trainee: Trainee, now: datetime) -> None:
    """Slow down, within another use case's transaction."""
    waits_for_him = trainee.state is TraineeState.ACTIVE and trainee.next_check_in_at is None
    people.change_trainee(tx, trainee.id, pace=Pace.SLOWER, silent_steps=0)
    if trainee.pace is not Pace.SLOWER or waits_for_him:
        schedule.leave_out_one(house, tx, trainee, now)


def keep(house: House, actor: Actor, now: datetime) -> Standing:
    """Go on at every step, also after a slower pace. Twice is once.

    Raises:
        NotFound, WrongState: as in `resume`.
    """

    def go_on(tx: Transaction, trainee: Trainee) -> None:
        people.change_trainee(tx, trainee.id, pace=Pace.NORMAL, silent_steps=0)
        if trainee.next_check_in_at is None:
            schedule.go_on(house, tx, trainee, now)

    return _choose(house, actor, go_on)


def _come_back(house: House, trainee_id: str, now: datetime) -> bool:
    with house.database.transaction() as tx:
        trainee = people.trainee_by_id(tx, trainee_id)
        if trainee is None or trainee.paused_until is None or trainee.paused_until > now:
            return False
        if not check_ins.take_return(tx, trainee):
            return False
        schedule.come_back(house, tx, trainee, now)
        return True


bring_back = Story("dose", RowKind.TRAINEE, people.back_from_pause, _come_back)
"""Bring back everybody whose pause is over; how many it was."""


def render_pace_question(house: House, tx: Transaction, row: OutboxRow, now: datetime) -> Message | None:  # noqa: ARG001 - every renderer is called alike
    """Keep, slower or stop; no longer asked once he is on his way again."""
    trainee = people.trainee_by_id(tx, row.subject)
    if (
        trainee is None
        or trainee.state is not TraineeState.ACTIVE
        or trainee.next_step is None
        or trainee.next_check_in_at is not None
    ):
        return None
    program = programs.program_by_id(tx, trainee.program_id)
    return prompts.pace_question(Say(trainee.locale), program.support_contact) if program else None


def _choose(house: House, actor: Actor, change: Callable[[Transaction, Trainee], None]) -> Standing:
    with house.database.transaction() as tx:
        trainee = people.trainee_of(tx, actor, lock=True)
        if trainee is None:
            raise NotFound
        if trainee.state not in _IN_TOUCH:
            raise WrongState
        change(tx, trainee)
        return _standing(tx, actor)


def _standing(tx: Transaction, actor: Actor) -> Standing:
    trainee = people.trainee_of(tx, actor)
    if trainee is None:
        raise NotFound
    until = trainee.paused_until if trainee.state is TraineeState.PAUSED else None
    upcoming = trainee.next_check_in_at if trainee.state is TraineeState.ACTIVE else None
    return Standing(
        trainee,
        until.astimezone(trainee.zone).date() if until else None,
        upcoming.astimezone(trainee.zone).date() if upcoming else None,
    )
