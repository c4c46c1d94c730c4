"""Every date that follows from a program's trainings, and what its figures will need."""

import math
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CohortCalendar:
    """The dates of one cohort, for somebody who says yes on the first day they can.

    Attributes:
        starts_on: the last day of the training, or today where that is past.
        check_ins: step of the ladder and day, in order; the last is the re-plan. Steps that are long
            past are left out.
        scenarios: the days of a new circle's scenarios.
    """

    name: str
    training_ended_on: date
    starts_on: date
    check_ins: tuple[tuple[int, date], ...]
    scenarios: tuple[date, ...]


@dataclass(frozen=True)
class ProgramCalendar:
    """All dates of a program, in its zone.

    Attributes:
        windows: name and the day it closes and is counted, in order.
        deleted_on: when people's rows are deleted.
    """

    cohorts: tuple[CohortCalendar, ...]
    windows: tuple[tuple[str, date], ...]
    deleted_on: date


def rate_needed(people: int, minimum: int) -> int | None:
    """The per cent of people who have to answer; None where there are fewer people than that."""
    return math.ceil(minimum * 100 / people) if people >= minimum else None
