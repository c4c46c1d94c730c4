"""Works out every date of a program, by the same rules by which they come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from allybot.domain.circle_weeks import first_after, first_after_training, monday_of, weeks_until
from allybot.domain.people import Cohort, Program
from allybot.domain.program_dates import CohortCalendar, ProgramCalendar
from allybot.domain.spacing import LadderProgress, first_day, next_due
from allybot.domain.windows import closing_moment
from allybot.services.check_ins.schedule import ladder_of
from allybot.services.circles.facilitators import rhythm_of
from allybot.services.context import Context
from allybot.services.programs.terms import closing, kept_until
from allybot.services.working_hours import working_hours
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


def calendar_of(context: Context, tx: Transaction, program: Program, now: datetime) -> ProgramCalendar:
    """The dates of a program that exists; `now` is aware UTC."""
    return ProgramCalendar(
        _cohorts(context, program, programs.cohorts(tx, program.id), now),
        closing(tx, program),
        kept_until(context, tx, program).astimezone(program.zone).date(),
    )


def calendar_ahead(
    context: Context, program: Program, cohorts: Sequence[Cohort], now: datetime
) -> ProgramCalendar:
    """The dates of a program that is not made yet; `now` is aware UTC."""
    rules = context.content.rules
    last = max(each.training_ended_on for each in cohorts)
    windows = tuple(
        (
            part.name,
            closing_moment(
                last, part.ends_on_day, rules.windows.grace_days, rules.check_ins.local_time, program.zone
            )
            .astimezone(program.zone)
            .date(),
        )
        for part in rules.windows.of(counts_moments=program.counts_moments)
    )
    deleted_on = windows[-1][1] + timedelta(days=rules.retention.trainee_rows_days + 1)
    return ProgramCalendar(_cohorts(context, program, cohorts, now), windows, deleted_on)


def _cohorts(
    context: Context, program: Program, cohorts: Sequence[Cohort], now: datetime
) -> tuple[CohortCalendar, ...]:
    today = now.astimezone(program.zone).date()
    return tuple(
        CohortCalendar(
            each.name,
            each.training_ended_on,
            max(each.training_ended_on, today),
            _check_ins(context, program, each.training_ended_on, now),
            _scenarios(context, program, each.training_ended_on, now),
        )
        for each in cohorts
    )


def _check_ins(
    context: Context, program: Program, trained: date, now: datetime
) -> tuple[tuple[int, date], ...]:
    ladder, calendar = ladder_of(context.content.rules), working_hours(context, program, program.zone)
    earliest = max(trained, first_day(ladder, calendar, now))
    progress = LadderProgress(training_ended_on=trained, consented_on=max(trained, calendar.local_day(now)))
    found: list[tuple[int, date]] = []
    while due := next_due(ladder, calendar, progress, earliest, lambda _step: 0):
        on = calendar.local_day(due.at)
        found.append((due.step, on))
        progress = replace(progress, after=due.step, asked_on=on, moved_days=due.moved_days)
        earliest = on
    return tuple(found)


def _scenarios(context: Context, program: Program, trained: date, now: datetime) -> tuple[date, ...]:
    """As `membership.open_circle` plans them: one for each week until the last window's nominal end."""
    rhythm, calendar = rhythm_of(context), working_hours(context, program, program.zone)
    week = first_after_training(trained, now, rhythm, calendar)
    weeks = context.content.rules.windows.parts[-1].ends_on_day // 7
    number = max(weeks, weeks_until(trained + timedelta(weeks=weeks), monday_of(week.post_at, calendar)))
    found = []
    for _ in range(number):
        found.append(calendar.local_day(week.post_at))
        week = first_after(week.post_at, rhythm, calendar)
    return tuple(found)
