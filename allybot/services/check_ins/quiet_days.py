"""Quiet days and check-in hour: weekdays without unsolicited messages, and the hour of check-ins."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from allybot.domain.people import Actor
from allybot.domain.quiet_days import hours_to_choose, quiet_days
from allybot.domain.trainee import Trainee, may_choose_hours
from allybot.services.check_ins import schedule
from allybot.services.context import Context, acting, program_of
from allybot.services.working_hours import check_in_hour
from allybot.store import trainees
from allybot.store.engine.database import Transaction


@dataclass(frozen=True)
class Quiet:
    """What a trainee has chosen, and the options.

    Attributes:
        working_days: weekdays on which messages may come, Monday is 0.
        hours: whole hours at which check-ins can come.
        usual: the local time of check-ins for trainees who choose none.
        hour: the trainee's own local time of check-ins.
        next_on: the local day of the next check-in, None when none is planned.
    """

    trainee: Trainee
    support_contact: str
    working_days: tuple[int, ...]
    hours: tuple[int, ...]
    usual: time
    hour: time
    next_on: date | None


def read(context: Context, actor: Actor) -> Quiet:
    """What the actor has chosen.

    Raises:
        NotFoundError: the trainee is in no program.
        WrongStateError: the trainee has not consented, or has left.
    """
    with context.database.reading() as tx:
        return _found(context, tx, acting(tx, actor, may_choose_hours))


def choose(context: Context, actor: Actor, picked: Collection[int], hour: int | None, now: datetime) -> Quiet:
    """Set the quiet weekdays and the check-in hour; planned messages move to fit. Idempotent.

    Args:
        picked: weekdays, Monday is 0.
        hour: one of the offered hours; anything else means the usual one.
        now: aware UTC.

    Raises:
        FieldError: field `quiet_days`, reason `none_left`.
        NotFoundError, WrongStateError: as in `read`.
    """
    with context.database.transaction() as tx:
        before = acting(tx, actor, may_choose_hours, lock=True)
        found = _found(context, tx, before)
        quiet = quiet_days(picked, found.working_days)
        own = hour if hour in found.hours else None
        if (quiet, own) == (before.quiet_days, before.check_in_hour):
            return found
        kept = "".join(map(str, quiet)) or None
        trainees.change_trainee(tx, before.id, quiet_days=kept, check_in_hour=own)
        trainee = acting(tx, actor, may_choose_hours)
        planned = trainee.check_in_planned_at
        if planned is not None and planned > now:
            schedule.schedule_next(context, tx, trainee, now)
        return _found(context, tx, acting(tx, actor, may_choose_hours))


def _found(context: Context, tx: Transaction, trainee: Trainee) -> Quiet:
    program = program_of(tx, trainee)
    rules = context.content.rules.check_ins
    return Quiet(
        trainee=trainee,
        support_contact=program.support_contact,
        working_days=tuple(sorted(day.number for day in rules.working_days)),
        hours=hours_to_choose(rules.working_hours_start, rules.working_hours_end, rules.jitter_minutes),
        usual=rules.local_time,
        hour=check_in_hour(context, trainee),
        next_on=trainee.check_in_planned_on,
    )
