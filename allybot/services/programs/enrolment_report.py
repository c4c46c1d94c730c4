"""The operator's report on enrolling a list."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from allybot.domain.people import Program
from allybot.services.programs.dates import CohortDates
from allybot.services.programs.directory import Enrolee
from allybot.services.programs.roster import Problem


@dataclass(frozen=True)
class Report:
    """The result of an enrolment or of a dry run.

    Attributes:
        done: False for a dry run.
        added: new to the program; each gets a welcome.
        already: enrolled before; they only join a circle on the list.
        refused: left out, and why; does not prevent enrolling the others.
        obstacles: reasons why nobody can be enrolled.
        warnings: notes for the operator.
        dates: of each cohort on the list.
    """

    program: Program
    done: bool
    added: tuple[Enrolee, ...]
    already: tuple[Enrolee, ...]
    refused: tuple[Problem, ...]
    obstacles: tuple[str, ...]
    warnings: tuple[str, ...]
    dates: tuple[CohortDates, ...]

    @property
    def good(self) -> bool:
        """Whether there are no obstacles and nobody was left out."""
        return not self.refused and not self.obstacles

    def lines(self) -> Iterator[str]:
        """What was or would be done; a dry run lists everybody with their cohort and circle."""
        deed = "Enrolled" if self.done else "Would enrol"
        yield f"{deed} {len(self.added)} in {self.program.name}; {len(self.already)} were there already."
        if not self.done:
            for place, group in groupby(sorted(self.added, key=_place), key=_place):
                names = [_printable(each.name or each.slack_user) for each in group]
                yield f"  {_described(*place)}, {len(names)}: {', '.join(names)}"
        if any(each.circle for each in (*self.added, *self.already)):
            yield "Whoever finds no free seat in their circle is on the list without a circle."
        yield from (each.summary() for each in self.dates)
        if self.obstacles:
            yield "Nothing was changed: first see to what stands in the way."
        elif not self.done:
            yield "This was a dry run and nothing was changed. Add --yes to enrol them."

    def complaints(self) -> Iterator[str]:
        """Obstacles, refusals and warnings."""
        yield from (f"In the way: {obstacle}" for obstacle in self.obstacles)
        yield from (f"Left out: {problem}" for problem in self.refused)
        yield from (f"Note: {warning}" for warning in self.warnings)

    def in_words(self) -> str:
        """The whole report, one item per line."""
        return "\n".join((*self.complaints(), *self.lines()))


def circle_in_words(channel: str, name: str) -> str:
    """A circle as its name, if it has one, and its channel's id."""
    return f"{_printable(name)} ({channel})" if name and name != channel else channel


def notes_on_guests(added: Sequence[Enrolee]) -> list[str]:
    """Who of the new people is no regular member of the workspace."""
    notes = []
    if external := [each for each in added if each.is_external]:
        notes.append(
            f"Of another organisation or workspace: {_names(external)}. They take part like everybody else, "
            "by buttons and messages; Slack gives them neither /allybot nor its Home tab."
        )
    if guests := [each for each in added if each.is_guest and not each.is_external]:
        notes.append(f"Guests: {_names(guests)}. They take part for as long as they are guests here.")
    return notes


def notes_on_shared_circles(people: Iterable[Enrolee]) -> list[str]:
    """Which circles are in a channel that other organisations share."""
    shared = {
        circle_in_words(each.circle, each.circle_name): each.circle_shared_with
        for each in people
        if each.circle_shared_with
    }
    return [
        f"The channel of circle {name} is shared with {', '.join(sorted(others))}. Their people in it "
        "read along; those who are not on your list take no part."
        for name, others in shared.items()
    ]


def _names(people: Sequence[Enrolee]) -> str:
    return ", ".join(_printable(each.name or each.slack_user) for each in people)


def _place(enrolee: Enrolee) -> tuple[str, str, str]:
    return enrolee.cohort.casefold(), enrolee.circle, enrolee.circle_name


def _described(cohort: str, circle: str, circle_name: str) -> str:
    where = f"circle {circle_in_words(circle, circle_name)}" if circle else "no circle"
    return f"cohort {cohort}, {where}" if cohort else where


def _printable(name: str) -> str:
    """A name without control characters, safe to print on a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)
