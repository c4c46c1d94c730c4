"""Working hours, from the content's rules, the program's holidays and its days off."""

from collections.abc import Collection
from datetime import datetime, time
from zoneinfo import ZoneInfo

from allybot.domain.calendar import Calendar
from allybot.domain.people import Program
from allybot.domain.quiet_days import hours_to_choose
from allybot.domain.trainee import Trainee
from allybot.services.context import Context


def working_hours(
    context: Context, program: Program, zone: ZoneInfo, quiet: Collection[int] = ()
) -> Calendar:
    """The working days and hours of somebody in `zone`, without quiet weekdays and the program's days off."""
    rules = context.content.rules
    return Calendar(
        zone=zone,
        working_days=frozenset(day.number for day in rules.check_ins.working_days),
        opens=rules.check_ins.working_hours_start,
        closes=rules.check_ins.working_hours_end,
        country=program.country or (rules.holidays.country if rules.holidays.enabled else ""),
        away=program.closures,
        quiet=frozenset(quiet),
    )


def hours_of(context: Context, program: Program, trainee: Trainee) -> Calendar:
    """When a trainee may get unsolicited messages, in their zone and without their quiet days."""
    return working_hours(context, program, trainee.zone, trainee.quiet_days)


def check_in_hour(context: Context, trainee: Trainee) -> time:
    """The local time of a trainee's check-ins: the chosen hour if still offered, else the default."""
    rules = context.content.rules.check_ins
    offered = hours_to_choose(rules.working_hours_start, rules.working_hours_end, rules.jitter_minutes)
    return time(trainee.check_in_hour) if trainee.check_in_hour in offered else rules.local_time


def next_working_time(context: Context, program: Program, zone: ZoneInfo, moment: datetime) -> datetime:
    """`moment` (aware) if it is within the working hours of `zone`; aware UTC.

    Otherwise the default hour of check-ins on the next working day.
    """
    hour = context.content.rules.check_ins.local_time
    return working_hours(context, program, zone).open_from(moment, hour)


def next_working_time_for(context: Context, program: Program, trainee: Trainee, moment: datetime) -> datetime:
    """The same for a trainee, with their quiet days and their own hour."""
    return hours_of(context, program, trainee).open_from(moment, check_in_hour(context, trainee))
