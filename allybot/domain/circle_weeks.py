"""The times of a circle's week in the program's zone, with holidays and clock changes. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from allybot.domain.calendar import Calendar

_WEEKS_TO_LOOK_AHEAD = 60
_DAYS_TO_LOOK_BACK = _DAYS_TO_LOOK_AHEAD = 60


@dataclass(frozen=True)
class Rhythm:
    """A circle's week as the content configures it; times are local to the program's zone, Monday is 0."""

    post_weekday: int
    post_time: time
    open_weekday: int
    open_time: time
    kit_working_days_before: int
    ask_working_days_before: int


@dataclass(frozen=True)
class Moments:
    """The times of one week; datetimes are aware UTC.

    Attributes:
        monday: the Monday of the week in the program's zone, also when a holiday moves the post.
        ask_on: the working day on which the first member is asked to facilitate.
        kit_on: the working day on which the facilitator gets the kit.
    """

    monday: date
    ask_on: date
    kit_on: date
    post_at: datetime
    opens_at: datetime


def monday_of(moment: datetime, calendar: Calendar) -> date:
    """The Monday of the week an aware moment lies in.

    Raises:
        ValueError: the moment is naive.
    """
    day = calendar.local_day(moment)
    return day - timedelta(days=day.weekday())


def moments(monday: date, rhythm: Rhythm, calendar: Calendar) -> Moments | None:
    """When this week's scenario is posted and its votes are opened; None where holidays leave no time.

    On a holiday either moves to the next working day of the same week, else the opening to the last one
    before.
    """
    week = [monday + timedelta(days=number) for number in range(7)]
    held = [day for day in week[rhythm.post_weekday :] if calendar.is_working_day(day)]
    if not held:
        return None
    opens_on = next((day for day in held if day >= week[rhythm.open_weekday]), held[-1])
    post_at, opens_at = calendar.at(held[0], rhythm.post_time), calendar.at(opens_on, rhythm.open_time)
    if post_at >= opens_at:
        return None
    earlier = (held[0] - timedelta(days=back) for back in range(1, _DAYS_TO_LOOK_BACK))
    working = list(
        islice((day for day in earlier if calendar.is_working_day(day)), rhythm.ask_working_days_before)
    )
    ask_on, kit_on = (
        working[before - 1] if before <= len(working) else held[0]
        for before in (rhythm.ask_working_days_before, rhythm.kit_working_days_before)
    )
    return Moments(monday, ask_on, kit_on, post_at, opens_at)


def first_after(moment: datetime, rhythm: Rhythm, calendar: Calendar) -> Moments:
    """The first week whose scenario is posted after this aware moment.

    Raises:
        ValueError: no week of the coming year has a working day for it, or the moment is naive.
    """
    monday = monday_of(moment, calendar)
    for number in range(_WEEKS_TO_LOOK_AHEAD):
        week = moments(monday + timedelta(weeks=number), rhythm, calendar)
        if week and week.post_at > moment:
            return week
    raise ValueError("no week of the coming year has a working day for a scenario")


def first_planned_after(moment: datetime, rhythm: Rhythm, calendar: Calendar) -> Moments:
    """The first week whose kit comes on a later day than this aware moment's.

    Raises:
        ValueError: as `first_after`.
    """
    week = first_after(moment, rhythm, calendar)
    while week.kit_on <= calendar.local_day(moment):
        week = first_after(week.post_at, rhythm, calendar)
    return week


def first_after_training(
    training_ended_on: date, now: datetime, rhythm: Rhythm, calendar: Calendar
) -> Moments:
    """A new circle's first week: the first after the training's last day and after `now`, aware UTC."""
    return first_after(max(now, calendar.at(training_ended_on + timedelta(days=1), time())), rhythm, calendar)


def running(moment: datetime, rhythm: Rhythm, calendar: Calendar) -> Moments | None:
    """The week whose scenario is due and whose votes are not, or None; an outage is caught up within it."""
    week = moments(monday_of(moment, calendar), rhythm, calendar)
    return week if week and week.post_at <= moment < week.opens_at else None


def free_of_votes(moment: datetime, rhythm: Rhythm, calendar: Calendar) -> datetime:
    """The moment if it is within working hours of a day without a vote; aware UTC.

    Otherwise the hour of a scenario on the next such day. From the scenario to the opening, both included, a
    day has a vote. Where every working day has one, the first working hour.

    Args:
        moment: aware.
        calendar: the program's.
    """
    first = free = calendar.open_from(moment, rhythm.post_time)
    for _ in range(_DAYS_TO_LOOK_AHEAD):
        week = moments(monday_of(free, calendar), rhythm, calendar)
        day = calendar.local_day(free)
        if week is None or not calendar.local_day(week.post_at) <= day <= calendar.local_day(week.opens_at):
            return free
        free = calendar.open_from(calendar.at(day + timedelta(days=1), time()), rhythm.post_time)
    return first


def reminder_at(week: Moments, rhythm: Rhythm, calendar: Calendar) -> datetime | None:
    """When those who have not voted are reminded, aware UTC; None where no day is left for it.

    At the hour of the opening, on the last working day between the days of the scenario and of the opening.
    """
    posted, opens = calendar.local_day(week.post_at), calendar.local_day(week.opens_at)
    between = (opens - timedelta(days=back) for back in range(1, (opens - posted).days))
    day = next(filter(calendar.is_working_day, between), None)
    return calendar.at(day, rhythm.open_time) if day else None


def kit_due(now: datetime, week: Moments, kit_time: time, calendar: Calendar) -> datetime:
    """When the facilitator gets the kit, aware UTC: now when its time has passed.

    Else at `kit_time` of the kit's day in the facilitator's zone, or of their last working day before it.

    Args:
        calendar: the facilitator's.
    """
    return max(now, calendar.at(calendar.working_day_until(week.kit_on), kit_time))


def ask_due(now: datetime, week: Moments, at: time, calendar: Calendar) -> datetime:
    """When a member is asked to facilitate, aware UTC: at `at` of the first day, then at any working hour.

    Args:
        calendar: the member's.
    """
    return calendar.open_from(max(now, calendar.at(week.ask_on, at)), at)


def answer_due(asked_at: datetime, working_days: int, calendar: Calendar) -> datetime:
    """So many of the member's working days after they were asked, at the same local time; aware UTC."""
    hour = asked_at.astimezone(calendar.zone).time()
    return calendar.at(calendar.plus_working_days(calendar.local_day(asked_at), working_days), hour)


def weeks_until(ends_on: date, first_monday: date) -> int:
    """The number of Mondays from `first_monday` to `ends_on`, both included."""
    return max(0, (ends_on - first_monday).days // 7 + 1)
