"""A person's calendar: the days and hours in which they may be written to, in their zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from allybot.clock import aware
from allybot.errors import UserError

_FARTHEST_DAYS = 1500
"""How far a search for a day goes, so that it ends in a calendar without working days."""


@dataclass(frozen=True)
class Away:
    """Leave or a pause: local days, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Calendar:
    """When a person may be written to.

    Attributes:
        zone: the person's IANA zone; every day and hour here is local to it.
        working_days: Monday is 0, as in `date.weekday`.
        opens: first local time of a working day.
        closes: first local time after working hours.
        country: two-letter code of the country whose public holidays are no working days, or empty.
        away: leave known in advance.
        quiet: weekdays without unsolicited messages.
    """

    zone: ZoneInfo
    working_days: frozenset[int]
    opens: time
    closes: time
    country: str = ""
    away: tuple[Away, ...] = ()
    quiet: frozenset[int] = frozenset()

    def local_day(self, moment: datetime) -> date:
        """The person's date at an aware moment."""
        return aware(moment).astimezone(self.zone).date()

    def is_working_day(self, day: date) -> bool:
        """Whether this local day is a working day, and no quiet day, public holiday or leave."""
        return (
            day.weekday() in self.working_days - self.quiet
            and not any(away.first <= day <= away.last for away in self.away)
            and not (self.country and day in _holidays(self.country, day.year))
        )

    def is_open(self, moment: datetime) -> bool:
        """Whether an aware moment is within working hours."""
        local = aware(moment).astimezone(self.zone)
        return self.is_working_day(local.date()) and self.opens <= local.time() < self.closes

    def working_day_from(self, day: date, weekdays: frozenset[int] | None = None) -> date:
        """The first working day on or after `day`, on one of `weekdays` if given.

        Raises:
            ValueError: there is none within four years.
        """
        return next(self._working_days_from(day, weekdays))

    def working_day_until(self, day: date) -> date:
        """The last working day on or before `day`.

        Raises:
            ValueError: there is none within four years.
        """
        earlier = (day - timedelta(days=back) for back in range(_FARTHEST_DAYS))
        found = next((each for each in earlier if self.is_working_day(each)), None)
        if found is None:
            raise ValueError("this calendar has no working day")
        return found

    def plus_working_days(self, day: date, number: int) -> date:
        """The working day that is `number` (at least 1) working days after `day`."""
        return next(islice(self._working_days_from(day + timedelta(days=1), None), number - 1, None))

    def at(self, day: date, hour: time) -> datetime:
        """That local day and hour, aware UTC.

        A time that the clocks skip moves forward by the gap; of a time that occurs twice, the first is used.
        """
        return datetime.combine(day, hour.replace(fold=0), self.zone).astimezone(UTC)

    def open_from(self, moment: datetime, hour: time) -> datetime:
        """The moment if it is within working hours, else `hour` on the next working day; aware UTC."""
        if self.is_open(moment):
            return aware(moment)
        local = aware(moment).astimezone(self.zone)
        day = local.date() if local.time() < self.opens else local.date() + timedelta(days=1)
        return self.at(self.working_day_from(day), hour)

    def plus_working_time(self, moment: datetime, length: timedelta) -> datetime:
        """The moment within working hours before which `length` of working time has passed since `moment`.

        Args:
            moment: aware; outside working hours counting begins when they next begin.
            length: zero or more.

        Returns:
            Aware UTC.
        """
        begins = self.open_from(moment, self.opens)
        while True:
            day = self.local_day(begins)
            left = self.at(day, self.closes) - begins
            if length < left:
                return begins + length
            length -= left
            begins = self.at(self.plus_working_days(day, 1), self.opens)

    def _working_days_from(self, day: date, weekdays: frozenset[int] | None) -> Iterator[date]:
        for ahead in range(_FARTHEST_DAYS):
            candidate = day + timedelta(days=ahead)
            if self.is_working_day(candidate) and (weekdays is None or candidate.weekday() in weekdays):
                yield candidate
        raise ValueError("this calendar has no working day")


def check_country(country: str) -> None:
    """Check that the public holidays of a country are known; empty means none.

    Raises:
        UserError: they are unknown.
    """
    if country:
        _holidays(country, 2026)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - programs without a country need none

    try:
        return frozenset(country_holidays(country, years=year))
    except NotImplementedError as error:
        raise UserError(f"No public holidays are known for the country {country!r}.") from error
