"""Moves what was planned for people and circles when a program's dates or days off change."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from allybot.domain.circle_weeks import first_after, first_after_training, monday_of, weeks_until
from allybot.domain.closures import without_closures
from allybot.domain.people import Program
from allybot.domain.spacing import Due, first_day
from allybot.domain.trainee import Trainee, gets_check_ins, hears_of_dates, hears_of_deletion
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.programs import program_dates as prompts
from allybot.services.check_ins.asking import schedule_first
from allybot.services.check_ins.schedule import position_of, schedule_next, set_next
from allybot.services.circles.facilitators import rhythm_of
from allybot.services.context import Context, Rendering, program_of
from allybot.services.programs.end_dates import tell_dates_moved
from allybot.services.programs.terms import terms
from allybot.services.working_hours import working_hours
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


def move_first_check_ins(
    context: Context, tx: Transaction, program: Program, cohort_id: str, now: datetime
) -> None:
    """Plan the first check-in of a cohort anew, from its new date, and tell everybody in it, once.

    Nobody in it has been asked. Whoever has not said yes is told too: the message they decide by names the
    old dates.
    """
    for trainee in trainees.trainees_of_program(tx, program.id):
        if trainee.cohort_id != cohort_id:
            continue
        if trainee.next_step is not None:
            schedule_first(context, tx, trainee, now)
        if hears_of_dates(trainee.state):
            tell_dates_moved(tx, trainee, now)


def render_dates_moved(rendering: Rendering) -> Message | None:
    """To a trainee: the dates of their program have changed. None where they have left or said no."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    cohort = programs.cohort_by_id(rendering.tx, trainee.cohort_id) if trainee else None
    if trainee is None or cohort is None or not hears_of_deletion(trainee.state):
        return None
    promised = terms(rendering.context, rendering.tx, program_of(rendering.tx, trainee), trainee.delete_after)
    return prompts.dates_moved(
        Say(trainee.locale),
        promised.program,
        cohort.training_ended_on,
        promised.counted_on,
        promised.deleted_on,
    )


def replan(context: Context, tx: Transaction, program: Program, now: datetime) -> None:
    """Plan everybody's next check-in anew, by the holidays and days off as they are now.

    Whoever is paused is planned anew at the end of their pause.
    """
    for trainee in _planned(tx, program):
        if gets_check_ins(trainee.state):
            schedule_next(context, tx, trainee, now)


def replan_without(context: Context, tx: Transaction, before: Program, after: Program, now: datetime) -> None:
    """Move check-ins back that days off had moved.

    Args:
        before, after: the program with these days off and without.
    """
    for trainee in _planned(tx, after):
        if not gets_check_ins(trainee.state) or trainee.next_step is None or trainee.next_check_in_at is None:
            continue
        position = position_of(context, tx, trainee, now)
        moved = without_closures(
            position.ladder,
            replace(position.calendar, away=before.closures),
            position.calendar,
            position.progress,
            Due(trainee.next_step, trainee.next_check_in_at, trainee.moved_days),
            first_day(position.ladder, position.calendar, now),
            position.jitter,
        )
        if moved is not None:
            set_next(tx, trainee, moved)


def trained_on(tx: Transaction, program: Program) -> dict[str, date]:
    """The last day of each cohort's training, by cohort; taken before a change, it is for `move_circles`."""
    return {each.id: each.training_ended_on for each in programs.cohorts(tx, program.id)}


def move_circles(
    context: Context,
    tx: Transaction,
    program: Program,
    now: datetime,
    before: Mapping[str, date] | None = None,
) -> None:
    """Plan each circle's next scenario anew; one without a first scenario begins after its cohort's training.

    Which cohort that is, and which it lasts for, is told by what was planned for the circle, never by its
    members: its dates are shown to leads, and would tell who is there. A circle that pauses stays as it is.

    Args:
        before: `trained_on` as it was before a training was moved.
    """
    rhythm, calendar = rhythm_of(context), working_hours(context, program, program.zone)
    trained = trained_on(tx, program)
    span = timedelta(weeks=context.content.rules.windows.parts[-1].ends_on_day // 7)
    for found in circles.circles_of_program(tx, program.id):
        circle = circles.take_circle(tx, found.id, wait=True)
        if circle is None or circle.next_post_at is None or circle.is_paused(now):
            continue
        planned = monday_of(circle.next_post_at, calendar)
        ends = planned + timedelta(weeks=circle.last_week - circle.weeks_posted)
        days = before or trained
        week = first_after(now, rhythm, calendar)
        if circle.weeks_posted == 0:
            begins_after = trained[_latest(days, calendar.local_day(circle.next_post_at))]
            week = first_after_training(begins_after, now, rhythm, calendar)
        left = weeks_until(trained[_latest(days, ends - span)] + span, monday_of(week.post_at, calendar))
        least = span.days // 7 if circle.weeks_posted == 0 else circle.last_week
        last_week = max(circle.weeks_posted + left, least)
        circles.change_circle(tx, circle.id, next_post_at=week.post_at, last_week=last_week)


def _latest(trained: Mapping[str, date], day: date) -> str:
    """The latest cohort trained before a day; of the first ones where there is none.

    Of several on one day it is one and the same for every circle.
    """
    earlier = [each for each in trained if trained[each] < day] or [min(trained, key=trained.__getitem__)]
    return max(earlier, key=lambda each: (trained[each], each))


def _planned(tx: Transaction, program: Program) -> list[Trainee]:
    """Those for whom a check-in is planned."""
    return [each for each in trainees.trainees_of_program(tx, program.id) if each.next_step is not None]
