"""How much to fill in, and where people belong."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
"""A Tuesday: day 67 of a training that ended on 2 January."""
TRAINED = date(2026, 1, 2)
STEPS = (3, 10, 17, 28, 42)
"""Steps of the ladder (days) that are over; the next one is 56."""
NEXT_STEP = 56
PEOPLE_A_CIRCLE = 8
PEOPLE_A_PROGRAM = 2000
PEOPLE_A_WORKSPACE = 10_000
TOKEN = "xoxb-bench"  # noqa: S105 - of no real workspace
STARTED = datetime.combine(TRAINED, time(10), UTC)


@dataclass(frozen=True)
class Scale:
    """How much to fill in.

    Attributes:
        people: how many trainees; 30 % of them are not active.
        due: how many of the active ones have a check-in due at `NOW`.
        steps: how many check-ins each has behind them, the latest ones of `STEPS`.
        weeks: how many weeks each circle has had; the last of them is still open.
        workspaces: how many people are spread over; 0 for one for every ten thousand.
    """

    people: int
    due: int = 0
    steps: int = 5
    weeks: int = 10
    workspaces: int = 0


@dataclass(frozen=True)
class Shared:
    """What everybody has in common, see the module."""

    key_wrapped: bytes
    private_wrapped: bytes
    public_key: bytes
    vote: bytes


@dataclass(frozen=True)
class Layout:
    """Which program and workspace the person of a number belongs to.

    Attributes:
        people: how many there are.
        people_a_workspace: at most.
    """

    people: int
    people_a_workspace: int = PEOPLE_A_WORKSPACE

    @classmethod
    def of(cls, scale: Scale) -> "Layout":
        """That of a scale."""
        if not scale.workspaces:
            return cls(scale.people)
        return cls(scale.people, -(-scale.people // scale.workspaces))

    @property
    def programs(self) -> int:
        """How many programs there are."""
        return self.program_number(self.people - 1) + 1

    @property
    def workspaces(self) -> int:
        """How many workspaces there are."""
        return -(-self.people // self.people_a_workspace)

    def program_number(self, person: int) -> int:
        """The number of a person's program."""
        workspace, within = divmod(person, self.people_a_workspace)
        return workspace * self._programs_a_workspace + within // PEOPLE_A_PROGRAM

    def program(self, person: int) -> str:
        """The program's id."""
        return f"program-{self.program_number(person)}"

    def workspace(self, person: int) -> str:
        """The workspace's id."""
        return f"T{person // self.people_a_workspace}"

    def workspace_of_program(self, program: int) -> str:
        """The id of the workspace a program runs in."""
        return f"T{program // self._programs_a_workspace}"

    @property
    def _programs_a_workspace(self) -> int:
        return -(-self.people_a_workspace // PEOPLE_A_PROGRAM)
