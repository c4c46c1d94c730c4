"""What enrolling a list does, or would do, in words for whoever runs it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from allybot.domain.people import Program
from allybot.services.programs.dates import CohortDates
from allybot.services.programs.directory import Enrolee
from allybot.services.programs.roster import Problem


@dataclass(frozen=True)
class Report:
    """What enrolling does, or did.

    Attributes:
        done: whether it was done, or this is what would be done.
        added: new to the program; each gets a welcome.
        already: enrolled before; nothing happens to them but that a circle on the list is joined.
        refused: left out, and why; the others can be enrolled while the list is mended.
        obstacles: what has to be put right before anybody is enrolled.
        warnings: what whoever runs it should know.
        dates: what follows for each cohort on the list.
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
        """Whether nothing is in the way and nobody was left out."""
        return not self.refused and not self.obstacles

    def lines(self) -> Iterator[str]:
        """What is or would be done; before it is done, with everybody's name and circle to look over."""
        deed = "Enrolled" if self.done else "Would enrol"
        yield f"{deed} {len(self.added)} in {self.program.name}; {len(self.already)} were there already."
        if not self.done:
            for place, group in groupby(sorted(self.added, key=_place), key=_place):
                names = [_printable(each.name or each.slack_user) for each in group]
                yield f"  {_described(*place)}, {len(names)}: {', '.join(names)}"
        yield from (each.summary() for each in self.dates)
        if self.obstacles:
            yield "Nothing was changed: first see to what stands in the way."
        elif not self.done:
            yield "This was a dry run and nothing was changed. Add --yes to enrol them."

    def complaints(self) -> Iterator[str]:
        """What is in the way, who is left out, and what should be known."""
        yield from (f"In the way: {obstacle}" for obstacle in self.obstacles)
        yield from (f"Left out: {problem}" for problem in self.refused)
        yield from (f"Note: {warning}" for warning in self.warnings)

    def in_words(self) -> str:
        """All of it, one thing a line."""
        return "\n".join((*self.complaints(), *self.lines()))


def circle_in_words(channel: str, name: str) -> str:
    """A circle by its name, if it has one, and its channel's id."""
    return f"{_printable(name)} ({channel})" if name and name != channel else channel


def _place(enrolee: Enrolee) -> tuple[str, str, str]:
    return enrolee.cohort.casefold(), enrolee.circle, enrolee.circle_name


def _described(cohort: str, circle: str, circle_name: str) -> str:
    where = f"circle {circle_in_words(circle, circle_name)}" if circle else "no circle"
    return f"cohort {cohort}, {where}" if cohort else where


def _printable(name: str) -> str:
    """A name as a terminal may show it: somebody else chose it."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)
