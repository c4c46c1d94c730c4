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
        on_list: people on the list, rounded; None for fewer than twenty.
        taking_part: those who said yes and neither stopped nor left, likewise.
    """

    counted_on: date
    on_list: int | None
    taking_part: int | None


def rounded(people: int) -> int | None:
    """To the nearest ten, halves up; None for fewer than twenty."""
    if people < SHOWN_FROM:
        return None
    return (people + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def weekly_count(on_list: int, taking_part: int, now: datetime, zone: ZoneInfo) -> WeeklyCount:
    """The count of the week of `now` (aware)."""
    return WeeklyCount(monday_of(now, zone), rounded(on_list), rounded(taking_part))


def monday_of(now: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week of `now` (aware) in this zone."""
    today = now.astimezone(zone).date()
    return today - timedelta(days=today.weekday())


def start_of_week(monday: date, zone: ZoneInfo) -> datetime:
    """Midnight of this Monday in this zone, as aware UTC."""
    return datetime.combine(monday, time(), zone).astimezone(UTC)
