"""Changes a program's trainings, cohorts, days off and leads. What would happen is said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allybot.domain.calendar import Away
from allybot.domain.closures import with_closure
from allybot.domain.people import Actor, Cohort, Program, same_name
from allybot.domain.program_changes import Refusal, What
from allybot.services.context import Context
from allybot.services.leads import led_program, note
from allybot.services.programs import programs
from allybot.services.programs.appointing import appoint, dismiss
from allybot.services.programs.change_run import Effects, again, changed
from allybot.services.programs.dates import check_day
from allybot.services.programs.end_dates import move_end
from allybot.services.programs.moving import (
    move_circles,
    move_first_check_ins,
    replan,
    replan_without,
    trained_on,
)
from allybot.services.programs.refusals import ChangeRefusedError, or_refuse
from allybot.services.programs.terms import closing
from allybot.store import trainees
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs as rows


@dataclass(frozen=True)
class Changeable:
    """A program as its forms need it; cohorts earliest first, leads as Slack users."""

    program: Program
    cohorts: tuple[Cohort, ...]
    leads: tuple[str, ...]


def facts(context: Context, by: Actor | None, program_id: str) -> Changeable:
    """What there is to change.

    Raises:
        NotALeadError: see `leads.led_program`.
    """
    with context.database.reading() as tx:
        program = led_program(tx, by, program_id)
        return Changeable(program, tuple(rows.cohorts(tx, program.id)), tuple(rows.leads(tx, program.id)))


def move_training(
    context: Context,
    by: Actor | None,
    program_id: str,
    cohort: str,
    trained: date,
    now: datetime,
    *,
    confirmed: bool,
) -> Effects:
    """Correct the last day of a cohort's training; everything that follows from it moves along.

    Args:
        cohort: its id or name.
        trained: the right day.

    Raises:
        ChangeRefusedError: there is no such cohort, the day is impossible, its people may have been asked
            already, or the day of the figures would move after somebody was.
    """

    def work(tx: Transaction, program: Program) -> Cohort:
        found = _cohort(tx, program, cohort)
        today = now.astimezone(program.zone).date()
        or_refuse(lambda: check_day(found.name, trained, today), Refusal.TOO_FAR)
        before = closing(tx, program)
        first = found.training_ended_on + timedelta(days=context.content.rules.ladder.steps_days[0])
        if program.frozen_at is not None and first <= today:
            raise ChangeRefusedError(Refusal.ASKED, found.name, first)
        moves = found.training_ended_on != trained
        if moves:
            old, new = found.training_ended_on.isoformat(), trained.isoformat()
            note(tx, program, by, What.TRAINING, now, subject=found.name, old=old, new=new)
        days = trained_on(tx, program)
        rows.change_cohort(tx, found.id, training_ended_on=trained)
        move_end(context, tx, program, now)
        if program.frozen_at is not None and closing(tx, program) != before:
            raise ChangeRefusedError(Refusal.FIGURES_MOVE)
        if moves:
            move_first_check_ins(context, tx, program, found.id, now)
        move_circles(context, tx, program, now, days)
        return Cohort(found.id, found.program_id, found.name, trained)

    return changed(context, by, program_id, now, confirmed, work)


def add_cohort(
    context: Context,
    by: Actor | None,
    program_id: str,
    name: str,
    trained: date,
    now: datetime,
    *,
    confirmed: bool,
) -> Effects:
    """Add a later cohort, until the program's first check-in has gone out.

    Raises:
        ChangeRefusedError: the name is taken or no name, the day is impossible, or it is too late.
    """

    def work(tx: Transaction, program: Program) -> Cohort:
        return programs.add_cohort_to(context, tx, program, name, trained, now, by)

    return changed(context, by, program_id, now, confirmed, work)


def remove_cohort(
    context: Context, by: Actor | None, program_id: str, cohort: str, now: datetime, *, confirmed: bool
) -> Effects:
    """Remove a cohort that no list has ever named; windows and deletion follow those that are left.

    Raises:
        ChangeRefusedError: there is no such cohort, a list has named it, it is the only one, or the day of
            the figures would move after a check-in.
    """

    def work(tx: Transaction, program: Program) -> None:
        found = _cohort(tx, program, cohort)
        people = trainees.trainees_of_program(tx, program.id)
        if found.was_listed or any(each.cohort_id == found.id for each in people):
            raise ChangeRefusedError(Refusal.COHORT_LISTED, found.name)
        if len(rows.cohorts(tx, program.id)) == 1:
            raise ChangeRefusedError(Refusal.ONLY_COHORT)
        before = closing(tx, program)
        rows.remove_cohort(tx, found.id)
        move_end(context, tx, program, now)
        if program.frozen_at is not None and closing(tx, program) != before:
            raise ChangeRefusedError(Refusal.FIGURES_MOVE)
        day = found.training_ended_on.isoformat()
        note(tx, program, by, What.COHORT_REMOVED, now, subject=found.name, old=day)

    return changed(context, by, program_id, now, confirmed, work)


def add_closure(
    context: Context, by: Actor | None, program_id: str, days: Away, now: datetime, *, confirmed: bool
) -> Effects:
    """Days off for everybody: no check-ins, scenarios wait, and the ladder stretches as with leave.

    Raises:
        ChangeRefusedError: as in `domain.closures.with_closure`.
    """

    def work(tx: Transaction, program: Program) -> None:
        today = now.astimezone(program.zone).date()
        closures = or_refuse(lambda: with_closure(program.closures, days, today), Refusal.PAST)
        rows.set_closures(tx, program.id, closures)
        first, last = days.first.isoformat(), days.last.isoformat()
        note(tx, program, by, What.CLOSURE_ADDED, now, old=first, new=last)
        replan(context, tx, again(tx, program), now)
        move_circles(context, tx, again(tx, program), now)

    return changed(context, by, program_id, now, confirmed, work)


def remove_closure(
    context: Context, by: Actor | None, program_id: str, first: date, now: datetime, *, confirmed: bool
) -> Effects:
    """Take days off back; what they had moved and has not come yet moves back.

    Args:
        first: their first day.

    Raises:
        ChangeRefusedError: no days off begin then.
    """

    def work(tx: Transaction, program: Program) -> None:
        gone = next((each for each in program.closures if each.first == first), None)
        if gone is None:
            raise ChangeRefusedError(Refusal.NO_CLOSURE)
        rows.set_closures(tx, program.id, [each for each in program.closures if each != gone])
        days = gone.first.isoformat(), gone.last.isoformat()
        note(tx, program, by, What.CLOSURE_REMOVED, now, old=days[0], new=days[1])
        replan_without(context, tx, program, again(tx, program), now)
        move_circles(context, tx, again(tx, program), now)

    return changed(context, by, program_id, now, confirmed, work)


def set_leads(
    context: Context, by: Actor | None, program_id: str, leads: Sequence[str], now: datetime
) -> Program:
    """Let exactly these Slack users lead a program; who is new is told.

    Raises:
        ChangeRefusedError: nobody would be left.
    """
    if not leads:
        raise ChangeRefusedError(Refusal.LAST_LEAD)
    with context.database.transaction() as tx:
        program = led_program(tx, by, program_id, lock=True)
        for each in leads:
            appoint(tx, program, each, now, by)
        for each in rows.leads(tx, program.id):
            if each not in leads:
                dismiss(tx, program, each, now, by)
    return program


def _cohort(tx: Transaction, program: Program, wanted: str) -> Cohort:
    for each in rows.cohorts(tx, program.id):
        if each.id == wanted or same_name(each.name, wanted):
            return each
    raise ChangeRefusedError(Refusal.NO_COHORT, wanted)
