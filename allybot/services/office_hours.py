"""When a person may be written to, from his program's rules."""

from datetime import datetime
from zoneinfo import ZoneInfo

from allybot.domain.calendar import Calendar
from allybot.domain.people import Program
from allybot.services.house import House


def office_hours(house: House, program: Program, zone: ZoneInfo) -> Calendar:
    """The working days and hours of somebody in `zone`."""
    rules = house.content.rules
    return Calendar(
        zone=zone,
        working_days=frozenset(day.number for day in rules.check_ins.working_days),
        opens=rules.check_ins.working_hours_start,
        closes=rules.check_ins.working_hours_end,
        country=program.country or (rules.holidays.country if rules.holidays.enabled else ""),
    )


def decent(house: House, program: Program, zone: ZoneInfo, moment: datetime) -> datetime:
    """An aware moment if it lies in his working hours, else the next moment that does; aware UTC.

    Out of hours it becomes the usual hour of check-ins on the next working day.
    """
    hour = house.content.rules.check_ins.local_time
    return office_hours(house, program, zone).open_from(moment, hour)
