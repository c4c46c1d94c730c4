"""Quiet days and his own hour: when a trainee wants to hear nothing unprompted, and when check-ins come."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from allybot.domain.people import Actor
from allybot.domain.quiet import hours_to_choose, quiet_days
from allybot.domain.trainee import Trainee, TraineeState
from allybot.errors import NotFound, WrongState
from allybot.services import schedule
from allybot.services.house import House
from allybot.services.office_hours import check_in_hour
from allybot.store import people, programs, reminders
from allybot.store.database import Transaction

_CHOOSE = frozenset({TraineeState.ACTIVE, TraineeState.PAUSED, TraineeState.STOPPED, TraineeState.FINISHED})


@dataclass(frozen=True)
class Quiet:
    """What a trainee has chosen, and what there is to choose from.

    Attributes:
        working_days: weekdays on which something may come, Monday is 0.
        hours: whole hours at which check-ins can come.
        usual: the local time of check-ins for those who choose none.
        hour: that of his.
        next_on: the local day of his next check-in, None when none is planned.
    """

    trainee: Trainee
    support_contact: str
    working_days: tuple[int, ...]
    hours: tuple[int, ...]
    usual: time
    hour: time
    next_on: date | None


def read(house: House, actor: Actor) -> Quiet:
    """What whoever acts has chosen.

    Raises:
        NotFound: he is in no program.
        WrongState: he has not said yes, or has left.
    """
    with house.database.reading() as tx:
        return _found(house, tx, _chooser(tx, actor))


def choose(house: House, actor: Actor, picked: Collection[int], hour: int | None, now: datetime) -> Quiet:
    """Keep these weekdays quiet, and ask at this hour; what is planned moves to fit. Twice is once.

    Args:
        picked: weekdays, Monday is 0.
        hour: one of the hours to choose, else the usual one is meant.
        now: aware UTC.

    Raises:
        FieldProblem: field `quiet_days`, reason `none_left`.
        NotFound, WrongState: as in `read`.
    """
    with house.database.transaction() as tx:
        before = _chooser(tx, actor, lock=True)
        found = _found(house, tx, before)
        quiet = quiet_days(picked, found.working_days)
        own = hour if hour in found.hours else None
        if (quiet, own) == (before.quiet_days, before.check_in_hour):
            return found
        kept = "".join(map(str, quiet)) or None
        people.change_trainee(tx, before.id, quiet_days=kept, check_in_hour=own)
        trainee = _chooser(tx, actor)
        waiting = trainee.state is TraineeState.ACTIVE and trainee.next_check_in_at is not None
        if waiting and trainee.next_check_in_at and trainee.next_check_in_at > now:
            schedule.go_on(house, tx, trainee, now)
        reminders.find_anew(tx, trainee.id)
        return _found(house, tx, _chooser(tx, actor))


def _found(house: House, tx: Transaction, trainee: Trainee) -> Quiet:
    program = programs.program_by_id(tx, trainee.program_id)
    if program is None:  # the foreign key forbids it; this tells the type checker
        raise NotFound
    rules = house.content.rules.check_ins
    upcoming = trainee.next_check_in_at if trainee.state is TraineeState.ACTIVE else None
    return Quiet(
        trainee=trainee,
        support_contact=program.support_contact,
        working_days=tuple(sorted(day.number for day in rules.working_days)),
        hours=hours_to_choose(rules.working_hours_start, rules.working_hours_end, rules.jitter_minutes),
        usual=rules.local_time,
        hour=check_in_hour(house, trainee),
        next_on=upcoming.astimezone(trainee.zone).date() if upcoming else None,
    )


def _chooser(tx: Transaction, actor: Actor, *, lock: bool = False) -> Trainee:
    trainee = people.trainee_of(tx, actor, lock=lock)
    if trainee is None:
        raise NotFound
    if trainee.state not in _CHOOSE:
        raise WrongState
    return trainee
