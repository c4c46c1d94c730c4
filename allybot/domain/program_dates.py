"""Every date that follows from a program's trainings, and what its figures will need."""

import math
from dataclasses import dataclass
from datetime import date

RATES = (50, 70, 90)
"""Per cent of people who answer, for a look ahead. Our own choice: half, most, nearly all."""


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


@dataclass(frozen=True)
class Forecast:
    """What is published of a window when so many per cent of its people answer.

    Attributes:
        answers: people who answer at least once.
        is_published: whether these are enough.
        with_reasons: whether the reasons are published beside the count.
    """

    rate: int
    answers: int
    is_published: bool
    with_reasons: bool


def forecasts(people: int, minimum: int, reasons_from: int) -> tuple[Forecast, ...]:
    """What will be published with so many people, at each of `RATES`; halves are rounded down."""
    answers = [(rate, people * rate // 100) for rate in RATES]
    return tuple(Forecast(rate, each, each >= minimum, each >= reasons_from) for rate, each in answers)


def rate_needed(people: int, minimum: int) -> int | None:
    """The per cent of people who have to answer; None where there are fewer people than that."""
    return math.ceil(minimum * 100 / people) if people >= minimum else None
