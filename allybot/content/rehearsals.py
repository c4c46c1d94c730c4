"""Rehearsals (`rehearsals.toml`): short talks of three turns, for each kind of plan and each scenario."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from allybot.content.scenarios import Scenario
from allybot.content.words import ALLYBOT_LIMITS, Frozen, Identifier, at_most, one_line
from allybot.domain.plans import Intention, PlanKind
from allybot.errors import NotFoundError

TURNS = 3
"""How often the person speaks."""


def _two_sentences(text: str) -> str:
    if not re.search(r"[.?!] .*[.?!]$", text):
        raise ValueError("has one sentence; it says in two what the line may bring and what it may cost")
    return text


Scene = Annotated[str, BeforeValidator(one_line), AfterValidator(at_most(300, ALLYBOT_LIMITS))]
"""What has happened so far; short enough to leave room for the lines on a phone's screen."""
Spoken = Annotated[str, BeforeValidator(one_line), AfterValidator(at_most(90, ALLYBOT_LIMITS))]
"""What somebody says in one breath."""
Bringing = Annotated[
    str,
    BeforeValidator(one_line),
    AfterValidator(at_most(120, ALLYBOT_LIMITS)),
    AfterValidator(_two_sentences),
]
"""What a line may bring and what it may cost."""
Role = Annotated[str, BeforeValidator(one_line), AfterValidator(at_most(40, ALLYBOT_LIMITS))]
"""Who speaks, by their role."""
Ending = Annotated[str, BeforeValidator(one_line), AfterValidator(at_most(200, ALLYBOT_LIMITS))]
"""How it may end."""


class Choice(Frozen):
    """One thing to say in a turn; none is marked as right."""

    line: Spoken
    brings: Bringing


Choices = Annotated[tuple[Choice, ...], Field(min_length=3, max_length=3)]


class Course(Frozen):
    """One way in which the other side may take it.

    Attributes:
        who: who answers, by role.
        answer: what they say after the first line, whatever it was.
        then: what they say after the second line, whatever it was.
    """

    who: Role
    answer: Spoken
    second: Choices
    then: Spoken
    third: Choices
    ends: Ending


class Rehearsal(Frozen):
    """A talk to practise.

    Attributes:
        id: a kind of plan, or the id of a scenario.
    """

    id: Identifier = Field(alias="for")
    scene: Scene
    first: Choices
    courses: tuple[Course, ...] = Field(min_length=2, max_length=2)

    def choices(self, course: int, turn: int) -> tuple[Choice, ...]:
        """What can be said in a turn of a course; both are counted from 0."""
        taken = self.courses[course]
        return (self.first, taken.second, taken.third)[turn]


class Rehearsals(Frozen):
    """Everything in `rehearsals.toml`."""

    rehearsals: tuple[Rehearsal, ...]

    @model_validator(mode="after")
    def _every_kind_has_one(self) -> Self:
        named = Counter(each.id for each in self.rehearsals)
        twice = sorted(name for name, times in named.items() if times > 1)
        missing = [kind.value for kind in PlanKind if kind.value not in named]
        if twice or missing:
            told = [f"{name} has more than one" for name in twice]
            raise ValueError("; ".join(told + [f"{name} has none" for name in missing]))
        return self

    @model_validator(mode="after")
    def _says_nothing_twice(self) -> Self:
        said = Counter(text for each in self.rehearsals for text in _texts(each))
        twice = [text for text, times in said.items() if times > 1]
        if twice:
            raise ValueError(f"says more than once: {' | '.join(twice)}")
        return self

    def entry(self, identifier: str) -> Rehearsal:
        """The rehearsal for a kind of plan or a scenario.

        Raises:
            NotFoundError: there is none.
        """
        found = self._entries.get(identifier)
        if found is None:
            raise NotFoundError
        return found

    def has(self, identifier: str) -> bool:
        """Whether there is a rehearsal for this scenario or kind of plan."""
        return identifier in self._entries

    def for_plan(self, scenarios: Iterable[Scenario], kind: PlanKind, words: Intention) -> str:
        """The id of the rehearsal that comes closest to a plan: of its scenario, else of its kind. Pure.

        Args:
            words: the plan, in the trainee's own words.
        """
        for each in scenarios:
            plan = each.make_it_my_plan
            if self.has(each.id) and (plan.cue == words.cue or plan.response == words.response):
                return each.id
        return kind.value

    @cached_property
    def _entries(self) -> dict[str, Rehearsal]:
        return {each.id: each for each in self.rehearsals}


def _texts(rehearsal: Rehearsal) -> Iterable[str]:
    """What is said in a rehearsal, and what it may bring."""
    yield rehearsal.scene
    turns = [rehearsal.first]
    for course in rehearsal.courses:
        yield from (course.answer, course.then, course.ends)
        turns += [course.second, course.third]
    for choice in (each for turn in turns for each in turn):
        yield from (choice.line, choice.brings)
