"""Facts about a program: participation and dates, never an answer."""

from dataclasses import dataclass
from datetime import date

from allybot.domain.people import Cohort, Program
from allybot.domain.weekly_counts import WeeklyCount
from allybot.services.context import Context
from allybot.services.programs.terms import closing, kept_until
from allybot.store.engine.database import Transaction
from allybot.store.programs import people_counts, programs


@dataclass(frozen=True)
class ProgramFacts:
    """Participation and dates of a program.

    Attributes:
        cohorts: earliest training first.
        leads: Slack users, sorted.
        counted: how many people there were on Monday, None before the first; there is no other number.
        closing: name and closing day of each window, in the program's zone, in order.
        deleted_on: the day on which trainees' rows are deleted, in the program's zone.
    """

    program: Program
    cohorts: tuple[Cohort, ...]
    leads: tuple[str, ...]
    counted: WeeklyCount | None
    closing: tuple[tuple[str, date], ...]
    deleted_on: date


def facts_of(context: Context, tx: Transaction, program: Program) -> ProgramFacts:
    """The facts about one program."""
    return ProgramFacts(
        program=program,
        cohorts=tuple(programs.cohorts(tx, program.id)),
        leads=tuple(programs.leads(tx, program.id)),
        counted=people_counts.latest(tx, program.id),
        closing=closing(tx, program),
        deleted_on=kept_until(context, tx, program).astimezone(program.zone).date(),
    )
