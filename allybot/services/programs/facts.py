"""Facts about a program: participation and dates, never an answer."""

from dataclasses import dataclass
from datetime import date

from allybot.domain.circles import CircleState
from allybot.domain.people import Cohort, Program
from allybot.domain.weekly_counts import WeeklyCount
from allybot.services.context import Context
from allybot.services.programs.terms import closing, kept_until
from allybot.store.circles import circles, weeks
from allybot.store.engine.database import Transaction
from allybot.store.programs import people_counts, programs


@dataclass(frozen=True)
class CircleFacts:
    """How far a circle is.

    Attributes:
        posted: how many scenarios it has had.
        opened: in how many of these weeks but the newest there were enough votes.
        next_on: the day of its next scenario, in the program's zone; None after the last, and while it rests.
        rests: whether nothing is posted in it any more.
    """

    name: str
    posted: int
    opened: int
    next_on: date | None
    rests: bool


@dataclass(frozen=True)
class ProgramFacts:
    """Participation and dates of a program.

    Attributes:
        cohorts: earliest training first.
        leads: Slack users, sorted.
        counted: how many people there were on Monday, None before the first; there is no other number.
        closing: name and closing day of each window, in the program's zone, in order.
        deleted_on: the day on which trainees' rows are deleted, in the program's zone.
        circles: by name.
    """

    program: Program
    cohorts: tuple[Cohort, ...]
    leads: tuple[str, ...]
    counted: WeeklyCount | None
    closing: tuple[tuple[str, date], ...]
    deleted_on: date
    circles: tuple[CircleFacts, ...]


def facts_of(context: Context, tx: Transaction, program: Program) -> ProgramFacts:
    """The facts about one program."""
    return ProgramFacts(
        program=program,
        cohorts=tuple(programs.cohorts(tx, program.id)),
        leads=tuple(programs.leads(tx, program.id)),
        counted=people_counts.latest(tx, program.id),
        closing=closing(tx, program),
        deleted_on=kept_until(context, tx, program).astimezone(program.zone).date(),
        circles=_circles(tx, program),
    )


def _circles(tx: Transaction, program: Program) -> tuple[CircleFacts, ...]:
    opened = weeks.opened_by_circle(tx, program.id)
    found = []
    for circle in circles.circles_of_program(tx, program.id):
        rests = circle.state is CircleState.CLOSED
        next_on = circle.next_post_at.astimezone(program.zone).date() if circle.next_post_at else None
        posted = circle.weeks_posted
        found.append(
            CircleFacts(circle.name, posted, opened.get(circle.id, 0), None if rests else next_on, rests)
        )
    return tuple(sorted(found, key=lambda each: each.name))
