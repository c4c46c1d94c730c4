"""The ladder of check-ins: which step comes next, and when.

Days count from the training's last day. Each step moves forward, never back, to a day and hour at which the
trainee may be written to. A pause moves the remaining steps along (`moved_days`), so none is lost. What comes
at a step stands in `step_messages`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from allybot.domain.calendar import Calendar
from allybot.domain.check_ins import Snooze
from allybot.domain.plans import Plan, PlanState, focus_plan
from allybot.domain.trainee import Pace

Jitter = Callable[[int], int]
"""Minutes to add for a step, so that a whole cohort is not asked in the same minute."""
SNOOZE_TODAY = timedelta(hours=3)
"""Until a question comes again that was put off to later the same day. Our own number."""


@dataclass(frozen=True)
class Ladder:
    """The steps and their rules; values and sources are in `allybot.toml`.

    Attributes:
        steps: days after the training on which an outcome is asked for, ascending.
        replan_day: the last step, at which the plan is rewritten.
        weekdays: days of the week for check-ins, Monday is 0.
        hour: local time of a check-in, before jitter.
        min_days_between: days between two new check-ins.
        stale_after: working days after which a step that could not be asked expires.
        follow_up_after: working days of silence before the one follow-up.
        silent_steps: steps in a row without a tap after which the pace becomes slower by itself.
        fresh_start_day: the step at which whoever is silent gets a fresh start in place of the check-in.
        keep_going: days after the re-plan, for whoever chose to keep going.
    """

    steps: tuple[int, ...]
    replan_day: int
    weekdays: frozenset[int]
    hour: time
    min_days_between: int
    stale_after: int
    follow_up_after: int
    silent_steps: int
    fresh_start_day: int
    keep_going: tuple[int, ...]

    @property
    def all_steps(self) -> tuple[int, ...]:
        """Every step including the re-plan, in order."""
        return (*self.steps, self.replan_day)

    def before(self, step: int) -> int | None:
        """The step before this one; None for the first."""
        return max((each for each in (*self.all_steps, *self.keep_going) if each < step), default=None)


@dataclass(frozen=True)
class LadderProgress:
    """A trainee's progress on the ladder.

    Attributes:
        training_ended_on: day 0.
        consented_on: the local day of consent; the first step is at least `steps[0]` days after it.
        after: the last step asked or skipped; None before the first.
        asked_on: the local day of the last check-in, or of what took its place.
        moved_days: days by which pauses have moved the ladder.
        silent_steps: steps in a row without a tap.
        keeps_going: whether they chose to go on after the re-plan.
    """

    training_ended_on: date
    consented_on: date
    after: int | None = None
    asked_on: date | None = None
    moved_days: int = 0
    pace: Pace = Pace.NORMAL
    silent_steps: int = 0
    keeps_going: bool = False


@dataclass(frozen=True)
class Due:
    """A step and its time, aware UTC; `moved_days` applies to the steps after it."""

    step: int
    at: datetime
    moved_days: int


def next_due(
    ladder: Ladder, calendar: Calendar, progress: LadderProgress, earliest: date, jitter: Jitter
) -> Due | None:
    """The next step and its time, or None after the last.

    A step is skipped when it is so late that the next one is due as well. At a slower pace every other step
    is skipped, but never the re-plan or a day after it, nor the fresh start of somebody who is silent.

    Args:
        earliest: the first local day on which the trainee may be asked.
    """
    steps = (*ladder.all_steps, *(ladder.keep_going if progress.keeps_going else ()))
    remaining = [step for step in steps if progress.after is None or step > progress.after]
    if (
        progress.pace is Pace.SLOWER
        and progress.after is not None
        and _is_left_out(ladder, progress, remaining)
    ):
        remaining = remaining[1:]
    while remaining:
        step = remaining.pop(0)
        if not remaining or not _is_overtaken(ladder, calendar, progress, step, remaining[0], earliest):
            return due_of(ladder, calendar, progress, step, earliest, jitter)
    return None


def _is_left_out(ladder: Ladder, progress: LadderProgress, remaining: Sequence[int]) -> bool:
    """Whether a slower pace skips the first of these steps."""
    silent = progress.silent_steps >= ladder.silent_steps
    return any(
        step in ladder.steps and not (silent and step == ladder.fresh_start_day) for step in remaining[:1]
    )


def _is_overtaken(
    ladder: Ladder, calendar: Calendar, progress: LadderProgress, step: int, after: int, earliest: date
) -> bool:
    """Whether a step could be asked only once the next step's day has come.

    Only a late consent or an outage causes this. Holidays, leave, quiet days and the week between two
    check-ins delay a step and the steps after it, and never skip one.
    """
    without_outage = _not_before(ladder, progress, step)
    nominal = progress.training_ended_on + timedelta(days=step + progress.moved_days)
    late = nominal if progress.asked_on else without_outage
    if earliest > _day(ladder, calendar, without_outage):
        late = max(late, earliest)
    ordinary = replace(calendar, country="", away=(), quiet=frozenset())
    return _slot(ladder, ordinary, progress, after, progress.moved_days) <= _day(ladder, ordinary, late)


def _not_before(ladder: Ladder, progress: LadderProgress, step: int) -> date:
    """A step's first day by the ladder, the first step's distance from consent and the weekly rule."""
    nominal = progress.training_ended_on + timedelta(days=step + progress.moved_days)
    if progress.asked_on is None:
        return max(nominal, progress.consented_on + timedelta(days=ladder.steps[0]))
    return max(nominal, progress.asked_on + timedelta(days=ladder.min_days_between))


def due_of(
    ladder: Ladder, calendar: Calendar, progress: LadderProgress, step: int, earliest: date, jitter: Jitter
) -> Due:
    """The time of one step: never before its day, the first step's distance, the weekly rule or `earliest`.

    Leave that delays the step delays the steps after it by as many days.
    """
    not_before = max(earliest, _not_before(ladder, progress, step))
    day = _day(ladder, calendar, not_before)
    moved = progress.moved_days
    if calendar.away:
        moved += (day - _day(ladder, replace(calendar, away=()), not_before)).days
    return Due(step, _moment(ladder, calendar, day, step, jitter), moved)


def back_from_pause(
    ladder: Ladder,
    calendar: Calendar,
    progress: LadderProgress,
    step: int,
    was_due: datetime,
    back: date,
    jitter: Jitter,
) -> Due:
    """The time of the first step after a pause; the later steps move by as many days as this one.

    Args:
        was_due: when the step would have been due, aware UTC.
        back: the first local day on which the trainee may be asked again.
    """
    due = due_of(ladder, calendar, progress, step, max(back, calendar.local_day(was_due)), jitter)
    shifted = (calendar.local_day(due.at) - calendar.local_day(was_due)).days
    return replace(due, moved_days=progress.moved_days + max(0, shifted))


def first_day(ladder: Ladder, calendar: Calendar, now: datetime) -> date:
    """The first local day whose check-in hour has not passed."""
    local = now.astimezone(calendar.zone)
    return local.date() if local.time() < ladder.hour else local.date() + timedelta(days=1)


def stale_at(ladder: Ladder, calendar: Calendar, due_at: datetime) -> datetime:
    """When a step that was due at `due_at` expires: the end of a working day, aware UTC."""
    day = calendar.plus_working_days(calendar.local_day(due_at), ladder.stale_after)
    return calendar.at(day, calendar.closes)


def follow_up_at(
    ladder: Ladder, calendar: Calendar, asked_at: datetime, step: int, jitter: Jitter
) -> datetime:
    """When the one follow-up is due, aware UTC."""
    day = calendar.plus_working_days(calendar.local_day(asked_at), ladder.follow_up_after)
    return _moment(ladder, calendar, day, step, jitter)


def next_working_moment(
    ladder: Ladder, calendar: Calendar, now: datetime, step: int, jitter: Jitter
) -> datetime:
    """The check-in hour of the next working day, aware UTC."""
    return _moment(ladder, calendar, calendar.plus_working_days(calendar.local_day(now), 1), step, jitter)


def snoozed_until(
    ladder: Ladder, calendar: Calendar, now: datetime, until: Snooze, step: int, jitter: Jitter
) -> datetime:
    """When a question comes again that was put off at `now`; aware UTC, in working hours.

    Today is `SNOOZE_TODAY` from now; when that is after hours, and for tomorrow, it is the next working day.
    """
    later = now + SNOOZE_TODAY
    if (
        until is Snooze.TODAY
        and calendar.is_open(later)
        and calendar.local_day(later) == calendar.local_day(now)
    ):
        return later
    if until is Snooze.NEXT_WEEK:
        day = calendar.working_day_from(calendar.local_day(now) + timedelta(days=7))
        return _moment(ladder, calendar, day, step, jitter)
    return next_working_moment(ladder, calendar, now, step, jitter)


def plan_to_ask(plans: Sequence[Plan], chosen: str | None, today: date) -> Plan | None:
    """The plan a step asks about, None when none is active.

    The trainee's choice; else one whose expected moment has passed since it was last asked about; else the
    focus plan among those without a later expected moment.
    """
    active = [plan for plan in plans if plan.state is PlanState.ACTIVE]
    if any(plan.id == chosen for plan in active):
        return focus_plan(active, chosen)
    passed = [plan for plan in active if plan.next_moment_on and _since_asked(plan, today)]
    waiting = [plan for plan in active if plan.next_moment_on and plan.next_moment_on >= today]
    return focus_plan(passed or [plan for plan in active if plan not in waiting] or active, None)


def _since_asked(plan: Plan, today: date) -> bool:
    moment = plan.next_moment_on
    asked = plan.last_asked_at.date() if plan.last_asked_at else None
    return moment is not None and moment < today and (asked is None or asked <= moment)


def _day(ladder: Ladder, calendar: Calendar, not_before: date) -> date:
    # A trainee whose quiet days include all check-in weekdays is asked on the remaining working days.
    return calendar.working_day_from(not_before, ladder.weekdays - calendar.quiet or None)


def _slot(ladder: Ladder, calendar: Calendar, progress: LadderProgress, step: int, moved_days: int) -> date:
    return _day(ladder, calendar, progress.training_ended_on + timedelta(days=step + moved_days))


def _moment(ladder: Ladder, calendar: Calendar, day: date, step: int, jitter: Jitter) -> datetime:
    minute = ladder.hour.hour * 60 + ladder.hour.minute + jitter(step)
    return calendar.at(day, time(minute // 60 % 24, minute % 60))
