"""The ladder of check-ins: which step comes next, and when.

Days count from the training's last day. Each step moves forward, never back, to a day and hour on which the
person may be written to, his own quiet days left out; a pause moves the remaining steps along (`moved_days`),
so none is lost by it.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from allybot.domain.calendar import Calendar
from allybot.domain.plans import Plan, PlanState, focus_plan
from allybot.domain.trainee import Pace

Jitter = Callable[[int], int]
"""Minutes after the hour for a step, so that a whole cohort is not asked in the same minute."""


@dataclass(frozen=True)
class Ladder:
    """The steps and their rules; numbers and sources stand in `allybot.toml`.

    Attributes:
        steps: days after the training on which an outcome is asked for, growing.
        replan_day: the last step, on which the plan is written anew.
        weekdays: days of the week for check-ins, Monday is 0.
        hour: local time of a check-in, before jitter.
        min_days_between: days between two new check-ins.
        stale_after: working days after which a step that could not be asked expires.
        follow_up_after: working days of silence before the one follow-up.
        silent_steps: steps in a row without a tap before we ask whether to go on.
    """

    steps: tuple[int, ...]
    replan_day: int
    weekdays: frozenset[int]
    hour: time
    min_days_between: int
    stale_after: int
    follow_up_after: int
    silent_steps: int

    @property
    def all_steps(self) -> tuple[int, ...]:
        """Every step including the re-plan, in order."""
        return (*self.steps, self.replan_day)


@dataclass(frozen=True)
class LadderProgress:
    """Where a person stands on the ladder.

    Attributes:
        training_ended_on: day 0.
        consented_on: the local day he said yes; the first step leaves his plan the days it is meant to have.
        after: the last step asked, or passed over for a reason; None before the first.
        asked_on: the local day of the last check-in.
        moved_days: by how many days pauses have moved the ladder.
    """

    training_ended_on: date
    consented_on: date
    after: int | None = None
    asked_on: date | None = None
    moved_days: int = 0
    pace: Pace = Pace.NORMAL


@dataclass(frozen=True)
class Due:
    """A step and its moment, aware UTC; `moved_days` is what the ladder has moved by from here on."""

    step: int
    at: datetime
    moved_days: int


def next_due(
    ladder: Ladder, calendar: Calendar, progress: LadderProgress, earliest: date, jitter: Jitter
) -> Due | None:
    """The next step and its moment, or None after the last.

    Newest only: a step that comes so late that the turn of the step after it has come is passed over. With a
    slower pace every other step is left out, but never the re-plan.

    Args:
        earliest: the first local day on which he may be asked.
    """
    remaining = [step for step in ladder.all_steps if progress.after is None or step > progress.after]
    if progress.pace is Pace.SLOWER and progress.after is not None and len(remaining) > 1:
        remaining = remaining[1:]
    while remaining:
        step = remaining.pop(0)
        if not remaining or not _is_overtaken(ladder, calendar, progress, step, remaining[0], earliest):
            return due_of(ladder, calendar, progress, step, earliest, jitter)
    return None


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
    """The moment of one step: never before its day, the first step's distance, the weekly rule or `earliest`.

    Leave over the step moves the steps after it by as many days.
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
    """The moment of the step that comes after a pause; the ladder moves by as many days as this step had to.

    Args:
        was_due: when the step would have come, aware UTC.
        back: the first local day he may be asked again.
    """
    due = due_of(ladder, calendar, progress, step, max(back, calendar.local_day(was_due)), jitter)
    shifted = (calendar.local_day(due.at) - calendar.local_day(was_due)).days
    return replace(due, moved_days=progress.moved_days + max(0, shifted))


def after_moment(
    ladder: Ladder, calendar: Calendar, progress: LadderProgress, due: Due, moment: date, jitter: Jitter
) -> Due | None:
    """The step again, asked after the day on which its plan's moment is expected.

    None when it cannot wait: then the step after it would have to move as well.
    """
    later = due_of(ladder, calendar, progress, due.step, moment + timedelta(days=1), jitter)
    after = next((step for step in ladder.all_steps if step > due.step), None)
    weekly = calendar.local_day(later.at) + timedelta(days=ladder.min_days_between)
    if after is None or weekly > _slot(ladder, calendar, progress, after, later.moved_days):
        return None
    return later


def first_day(ladder: Ladder, calendar: Calendar, now: datetime) -> date:
    """The first local day whose check-in hour is still to come."""
    local = now.astimezone(calendar.zone)
    return local.date() if local.time() < ladder.hour else local.date() + timedelta(days=1)


def stale_at(ladder: Ladder, calendar: Calendar, due_at: datetime) -> datetime:
    """From when on a step that was due then is no longer asked: aware UTC, the end of a working day."""
    day = calendar.plus_working_days(calendar.local_day(due_at), ladder.stale_after)
    return calendar.at(day, calendar.closes)


def follow_up_at(
    ladder: Ladder, calendar: Calendar, asked_at: datetime, step: int, jitter: Jitter
) -> datetime:
    """When the one follow-up comes, aware UTC."""
    day = calendar.plus_working_days(calendar.local_day(asked_at), ladder.follow_up_after)
    return _moment(ladder, calendar, day, step, jitter)


def next_working_moment(
    ladder: Ladder, calendar: Calendar, now: datetime, step: int, jitter: Jitter
) -> datetime:
    """The check-in hour of the next working day, aware UTC: "not today" asks then."""
    return _moment(ladder, calendar, calendar.plus_working_days(calendar.local_day(now), 1), step, jitter)


def ladder_due(
    ladder: Ladder,
    calendar: Calendar,
    progress: LadderProgress,
    until: datetime,
    *,
    untapped: Container[int] = (),
    jitter: Jitter = lambda _step: 0,
) -> list[tuple[int, datetime]]:
    """Every step that falls due before `until` (aware) and its moment: the plan of what is meant to happen.

    Pauses and leave stand in `calendar.away`; a stop or a deactivation is an earlier `until`.

    Args:
        climb: where he starts, as a rule `LadderProgress(training_ended_on, consented_on)`.
        untapped: steps he will not answer; two in a row (`ladder.silent_steps`) end the ladder, but for the
            re-plan, which then comes as the last word.
    """
    found: list[tuple[int, datetime]] = []
    silent = 0
    while due := next_due(ladder, calendar, progress, progress.asked_on or progress.consented_on, jitter):
        silent = silent + 1 if progress.after is not None and progress.after in untapped else 0
        if due.at >= until or (silent >= ladder.silent_steps and due.step != ladder.replan_day):
            break
        found.append((due.step, due.at))
        progress = replace(
            progress, after=due.step, asked_on=calendar.local_day(due.at), moved_days=due.moved_days
        )
    return found


def plan_to_ask(plans: Sequence[Plan], chosen: str | None, today: date) -> Plan | None:
    """The plan a step asks about, None when none is active.

    It is his choice; else one whose named moment has passed since it was last asked about; else the focus
    plan among those that are not waiting for a later moment.
    """
    active = [plan for plan in plans if plan.state is PlanState.ACTIVE]
    if any(plan.id == chosen for plan in active):
        return focus_plan(active, chosen)
    ripe = [plan for plan in active if plan.next_moment_on and _since_asked(plan, today)]
    waiting = [plan for plan in active if plan.next_moment_on and plan.next_moment_on >= today]
    return focus_plan(ripe or [plan for plan in active if plan not in waiting] or active, None)


def _since_asked(plan: Plan, today: date) -> bool:
    moment = plan.next_moment_on
    asked = plan.last_asked_at.date() if plan.last_asked_at else None
    return moment is not None and moment < today and (asked is None or asked <= moment)


def _day(ladder: Ladder, calendar: Calendar, not_before: date) -> date:
    # Who keeps quiet on all days of check-ins is asked on the working days that are left to him.
    return calendar.working_day_from(not_before, ladder.weekdays - calendar.quiet or None)


def _slot(ladder: Ladder, calendar: Calendar, progress: LadderProgress, step: int, moved_days: int) -> date:
    return _day(ladder, calendar, progress.training_ended_on + timedelta(days=step + moved_days))


def _moment(ladder: Ladder, calendar: Calendar, day: date, step: int, jitter: Jitter) -> datetime:
    minute = ladder.hour.hour * 60 + ladder.hour.minute + jitter(step)
    return calendar.at(day, time(minute // 60 % 24, minute % 60))
