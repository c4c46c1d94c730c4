"""Windows: periods of a program whose answers are counted and published together."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class WindowState(StrEnum):
    """open -> closed -> published | void, or closed -> waiting -> published | void; never back."""

    OPEN = "open"
    CLOSED = "closed"
    WAITING = "waiting"
    PUBLISHED = "published"
    VOID = "void"


class Telling(StrEnum):
    """Who is being told that a window was published or void: its people first, then its circles."""

    PEOPLE = "people"
    CIRCLES = "circles"


@dataclass(frozen=True)
class Window:
    """One window of a program.

    Attributes:
        closes_at: aware UTC; None until the program has a cohort.
        public_key: seals its ballots; None until a custodian has handed one in.
        invited: trainees asked at least once, fixed when it closes.
        published_on: day it was published, became void or began to wait, in the program's zone.
        key_destroyed_on: when the host destroyed its private key; a custodian's is dropped from memory.
        telling: who is being told of its end; None when nobody is, or everybody was.
        told_up_to: id of the last of them who was told.
        waits_until: of a window whose answers wait or waited in a pool, when they are destroyed, aware UTC.
        counted_with: id of the window whose release counts this one too; None when it has its own, or none.
    """

    id: str
    program_id: str
    name: str
    closes_at: datetime | None
    public_key: bytes | None
    state: WindowState
    invited: int | None
    published_on: date | None
    key_destroyed_on: date | None
    telling: Telling | None = None
    told_up_to: str = ""
    waits_until: datetime | None = None
    counted_with: str | None = None


def months_later(moment: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The same local time so many calendar months later, aware UTC; the last day of a shorter month."""
    local = moment.astimezone(zone)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def closing_moment(
    last_training: date, ends_on_day: int, grace_days: int, at: time, zone: ZoneInfo
) -> datetime:
    """When a window closes, aware UTC: at `at` local time, `grace_days` after its nominal end.

    Args:
        last_training: day 0 of the program's last cohort.
        ends_on_day: nominal end, in days after it.
        grace_days: so that a step moved by a holiday or leave still counts.
        at: local time in `zone`.
        zone: the program's.
    """
    day = last_training + timedelta(days=ends_on_day + grace_days)
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
