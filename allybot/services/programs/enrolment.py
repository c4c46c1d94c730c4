"""Enrols people in a program: a dry run, then the enrolment itself, which is idempotent."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from allybot.domain.people import Actor, Program
from allybot.domain.program_changes import What
from allybot.errors import DoubtfulDatesError, NotFoundError
from allybot.services.context import Context
from allybot.services.leads import note
from allybot.services.programs.circle_channels import in_channels, look_up_channels
from allybot.services.programs.dates import (
    CohortDates,
    dates_of,
    in_words,
    require_confirmed,
    require_running,
)
from allybot.services.programs.directory import Enrolee, Progress, look_up, slack_user
from allybot.services.programs.eligibility import EnrolmentPlan, cohort_named, plan_enrolment
from allybot.services.programs.enrolment_report import (
    Report,
    circle_in_words,
    notes_on_guests,
    notes_on_shared_circles,
)
from allybot.services.programs.enrolment_rows import add, seat_again
from allybot.services.programs.roster import parse
from allybot.services.programs.suppressed_people import counted
from allybot.slack.gateway import SlackGateway
from allybot.store import trainees
from allybot.store.circles import circles as circle_rows
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

__all__ = ["Report", "dry_run", "enrol", "enrol_csv", "slack_user"]

BATCH = 100
"""People per transaction; takes less than the two seconds that others wait for SQLite's only writer."""


def enrol_csv(
    context: Context,
    slack: SlackGateway,
    program: Program,
    text: str,
    *,
    now: datetime,
    commit: bool,
    dates_confirmed: bool = False,
    progress: Progress = iter,
    wait: Callable[[float], None] = time.sleep,
) -> Report:
    """Read a list, look up its people and circles in Slack, and enrol them if `commit`.

    Nobody is enrolled when a circle has no private channel with allybot in it, or when dates are doubtful and
    not confirmed; the report says so.

    Raises:
        RosterError: the list is malformed; names every problem.
        NotFoundError, WrongStateError, SlackError: as `enrol`, `directory.look_up` and `look_up_channels`.
    """
    with context.database.reading() as tx:
        require_running(tx, _program(tx, program.id), now)
    rows, workspace = parse(text), program.workspace_id
    found, problems = look_up(slack, workspace, rows, progress=progress, wait=wait)
    channels, unfit = look_up_channels(slack, workspace, (row.circle for row in rows if row.circle), wait)
    found = in_channels(found, channels)
    report = dry_run(context, program.id, found, now, dates_confirmed=dates_confirmed, obstacles=tuple(unfit))
    if commit and not report.obstacles:
        report = enrol(context, program.id, found, now, dates_confirmed=dates_confirmed)
    left_out = sorted((*problems, *report.refused), key=lambda problem: problem.line)
    return replace(report, refused=tuple(left_out))


def dry_run(
    context: Context,
    program_id: str,
    found: Sequence[Enrolee],
    now: datetime,
    *,
    dates_confirmed: bool = False,
    obstacles: tuple[str, ...] = (),
) -> Report:
    """What `enrol` would do at `now` (aware UTC), without doing it.

    Args:
        obstacles: further reasons why nobody can be enrolled.

    Raises:
        NotFoundError: there is no such program.
        WrongStateError: it is over.
    """
    with context.database.reading() as tx:
        program = _program(tx, program_id)
        require_running(tx, program, now)
        dates = _dates(context, tx, program, found, now)
        try:
            require_confirmed(dates, confirmed=dates_confirmed)
        except DoubtfulDatesError as doubtful:
            obstacles += (str(doubtful),)
        plan = plan_enrolment(context, tx, program, found, now)
        report = _report(context, tx, program, plan, now, done=False)
    return replace(report, dates=dates, obstacles=obstacles)


def enrol(
    context: Context,
    program_id: str,
    found: Sequence[Enrolee],
    now: datetime,
    *,
    dates_confirmed: bool = False,
    by: Actor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Enrol people and queue a welcome for each, in their own working hours.

    Whoever was forgotten or declined before is reported like the others, and neither enrolled nor written to.
    Whoever finds no free seat in their circle is enrolled without one, and reported like the others too.
    Idempotent: an interrupted run can be repeated with the same list.

    Args:
        program_id: the program.
        found: people as `directory.look_up` gives them.
        now: the program's time, aware UTC.
        dates_confirmed: whether doubtful dates were confirmed.
        by: the lead who does it; None for the operator.
        progress: called with the number done and the total.

    Raises:
        NotFoundError: there is no such program.
        WrongStateError: it is over.
        DoubtfulDatesError: people would be deleted within days, or no check-in is left for them; not with
            `dates_confirmed`.
    """
    with context.database.reading() as tx:
        program = _program(tx, program_id)
        require_running(tx, program, now)
        require_confirmed(_dates(context, tx, program, found, now), confirmed=dates_confirmed)
    done = EnrolmentPlan()
    for start in range(0, len(found), BATCH):
        with context.database.transaction() as tx:
            program = _program(tx, program_id)
            plan = plan_enrolment(context, tx, program, found[start : start + BATCH], now, done)
            add(context, tx, program, plan, now)
            for listed in plan.already:
                seat_again(context, tx, program, listed, now)
        done.added += plan.added
        done.already += plan.already
        done.refused += plan.refused
        done.circles, done.reopened = plan.circles, plan.reopened
        if progress:
            progress(min(start + BATCH, len(found)), len(found))
    with context.database.transaction() as tx:
        program = programs.take_program(tx, program_id) or program
        note(tx, program, by, What.LIST_ADDED, now)
        return _report(context, tx, program, done, now, done=True)


def _report(
    context: Context, tx: Transaction, program: Program, plan: EnrolmentPlan, now: datetime, *, done: bool
) -> Report:
    in_all = sum(trainees.count_by_state(tx, program.id).values()) + (0 if done else len(plan.added))
    in_all += counted(context, tx, program, now)[0]
    warnings = [
        f"{enrolee.name or enrolee.slack_user} stays in the first cohort, not {enrolee.cohort}."
        for enrolee, cohort_id in ((each.enrolee, each.cohort_id) for each in plan.already)
        if enrolee.cohort and _cohort_name(tx, cohort_id).casefold() != enrolee.cohort.casefold()
    ]
    if in_all < program.minimum_respondents:
        warnings.append(
            f"{program.name} has {in_all} people, but figures need answers from at least "
            f"{program.minimum_respondents}. Small cohorts share a program: add their people to this one."
        )
    least = context.content.rules.circles.min_members
    warnings += [
        f"The circle {name} has {size} on this list; it needs at least {least} members to work."
        for name, size in plan.circles.values()
        if size < least
    ]
    added = [enrolee for enrolee, _ in plan.added]
    warnings += notes_on_guests(added)
    warnings += notes_on_shared_circles([*added, *(each.enrolee for each in plan.already)])
    warnings += [_reopened(tx, program, channel, plan, done=done) for channel in sorted(plan.reopened)]
    return Report(
        program=program,
        done=done,
        added=tuple(added),
        already=tuple(each.enrolee for each in plan.already),
        refused=tuple(plan.refused),
        obstacles=(),
        warnings=tuple(warnings),
        dates=(),
    )


def _reopened(tx: Transaction, program: Program, channel: str, plan: EnrolmentPlan, *, done: bool) -> str:
    """A sentence on a closed circle that is, or would be, reopened."""
    name = circle_in_words(channel, plan.circles[channel][0])
    if not done:
        return f"The circle {name} had stopped; enrolling starts it again."
    circle = circle_rows.circle_of_channel(tx, program.workspace_id, channel)
    if circle is None or circle.next_post_at is None:
        return f"The circle {name}, which had stopped, is back; it has had all its scenarios."
    day = in_words(circle.next_post_at.astimezone(program.zone).date())
    return f"The circle {name}, which had stopped, is back; its next scenario comes on {day}."


def _dates(
    context: Context, tx: Transaction, program: Program, found: Sequence[Enrolee], now: datetime
) -> tuple[CohortDates, ...]:
    """The dates of the cohorts that the list names."""
    cohorts = programs.cohorts(tx, program.id)
    named = {cohort.id for name in {each.cohort for each in found} if (cohort := cohort_named(cohorts, name))}
    return tuple(dates_of(context, tx, program, cohort, now) for cohort in cohorts if cohort.id in named)


def _cohort_name(tx: Transaction, cohort_id: str) -> str:
    cohort = programs.cohort_by_id(tx, cohort_id)
    return cohort.name if cohort else ""


def _program(tx: Transaction, program_id: str) -> Program:
    program = programs.program_by_id(tx, program_id)
    if program is None:
        raise NotFoundError("There is no such program.")
    return program
