"""What a circle lived through, as the judge reads it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Week:
    """One week of a circle.

    Attributes:
        monday: the Monday of the week, in the program's zone.
        scenarios: the titles of the scenarios posted for it.
        results: how many results of its vote were posted.
        facilitator: Slack user of whoever facilitates it; None where nobody does.
        agreed: who was asked and said yes, or volunteered.
        available: who could have been asked: answers, is a member, not away, and not new.
        votes: how many voted.
        opened: whether their votes were opened.
    """

    monday: date
    scenarios: tuple[str, ...]
    results: int
    facilitator: str | None
    agreed: frozenset[str]
    available: frozenset[str]
    votes: int
    opened: bool


@dataclass(frozen=True)
class CircleRun:
    """A circle's weeks.

    Attributes:
        size: members at the start.
        voting: the share of members who vote in a week.
        mondays: the weeks there should have been.
        weeks: those there were.
    """

    name: str
    size: int
    voting: float
    mondays: tuple[date, ...]
    weeks: tuple[Week, ...]

    @property
    def turns(self) -> dict[str, int]:
        """How often each facilitated who ever could have been asked or did."""
        people = {user for week in self.weeks for user in week.available}
        held = [week.facilitator for week in self.weeks if week.facilitator]
        return {user: held.count(user) for user in sorted({*people, *held})}

    @property
    def opened(self) -> int:
        """Weeks in which the votes were opened."""
        return sum(week.opened for week in self.weeks)

    def opened_from(self, votes: int) -> int:
        """Weeks in which they would have been opened, were so many votes needed."""
        return sum(week.votes >= votes for week in self.weeks)
