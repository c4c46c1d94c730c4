"""Facts about a program: participation and dates, never an answer."""

from dataclasses import dataclass
from datetime import date

from allybot.domain.people import Cohort, Program
from allybot.domain.trainee import TraineeState, takes_part
from allybot.services.context import Context
from allybot.services.programs.terms import closing, kept_until
from allybot.store import trainees as people
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


@dataclass(frozen=True)
class ProgramFacts:
    """Participation and dates of a program.

    Attributes:
        cohorts: earliest training first.
        leads: Slack users, sorted.
        people: number of trainees in each state; for the operator. Leads see `taking_part` only.
        closing: name and closing day of each window, in the program's zone, in order.
        deleted_on: the day on which trainees' rows are deleted, in the program's zone.
    """

    program: Program
    cohorts: tuple[Cohort, ...]
    leads: tuple[str, ...]
    people: dict[TraineeState, int]
    closing: tuple[tuple[str, date], ...]
    deleted_on: date

    @property
    def enrolled(self) -> int:
        """All trainees, whatever their state."""
        return sum(self.people.values())

    @property
    def taking_part(self) -> int:
        """Trainees who consented and neither stopped nor left."""
        return sum(count for state, count in self.people.items() if takes_part(state))

    @property
    def too_few(self) -> bool:
        """Whether figures could not be published even if everybody answered."""
        return self.enrolled < self.program.minimum_respondents

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for the operator."""
        if not self.too_few:
            return ()
        warning = (
            f"{self.enrolled} enrolled, but figures are published only when at least "
            f"{self.program.minimum_respondents} people answered. "
            "Small cohorts share a program: add their people to this one."
        )
        return (warning,)


def facts_of(context: Context, tx: Transaction, program: Program) -> ProgramFacts:
    """The facts about one program."""
    return ProgramFacts(
        program=program,
        cohorts=tuple(programs.cohorts(tx, program.id)),
        leads=tuple(programs.leads(tx, program.id)),
        people=people.count_by_state(tx, program.id),
        closing=closing(tx, program),
        deleted_on=kept_until(context, tx, program).astimezone(program.zone).date(),
    )
