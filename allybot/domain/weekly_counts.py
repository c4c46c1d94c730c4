"""How many people a program has, as leads may see it: counted on Mondays, in tens, and only from twenty on.

A lead who looks again and again would otherwise see each person who says yes, stops or is deleted. The tens
and the twenty are our own choice.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHOWN_FROM = 20
ROUNDED_TO = 10


@dataclass(frozen=True)
class WeeklyCount:
    """The count of a week.

    Attributes:
        counted_on: its Monday, in the program's zone.
        on_list: the most people who were on the list on a Monday, rounded; None for fewer than twenty. It
            does not fall, so that one who is deleted does not show in two numbers at once.
        taking_part: those who said yes and neither stopped nor left, likewise.
    """

    counted_on: date
    on_list: int | None
    taking_part: int | None


def rounded(people: int) -> int | None:
    """Down to a ten; None for fewer than twenty."""
    return None if people < SHOWN_FROM else people - people % ROUNDED_TO


def weekly_count(
    on_list: int, taking_part: int, before: WeeklyCount | None, now: datetime, zone: ZoneInfo
) -> WeeklyCount:
    """The count of the week of `now` (aware); `before` is the one before it."""
    most = max(rounded(on_list) or 0, before.on_list or 0 if before else 0)
    return WeeklyCount(monday_of(now, zone), most or None, rounded(taking_part))


def monday_of(now: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week of `now` (aware) in this zone."""
    today = now.astimezone(zone).date()
    return today - timedelta(days=today.weekday())


def start_of_week(monday: date, zone: ZoneInfo) -> datetime:
    """Midnight of this Monday in this zone, as aware UTC."""
    return datetime.combine(monday, time(), zone).astimezone(UTC)
