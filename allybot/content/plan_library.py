"""Halves of plans to start from, and ways to mend a plan (`plan_library.toml`)."""

from collections.abc import Collection
from typing import Literal, Self, TypeVar

from pydantic import Field, model_validator

from allybot.content.words import (
    Alternatives,
    Cue,
    Frozen,
    Identifier,
    Label,
    Line,
    MendedCue,
    MendedResponse,
    Prose,
    Response,
    ShortTitle,
)
from allybot.domain.plans import Outcome, PlanKind
from allybot.errors import NotFoundError


class LibraryCue(Frozen):
    """An "if" to pick. `fits` names the obstacles for which it is worth offering."""

    id: Identifier
    text: Cue
    fits: tuple[Outcome, ...] = ()


class LibraryResponse(Frozen):
    """A "then I will" to pick. `fits` names the obstacles for which it is worth offering."""

    id: Identifier
    text: Response
    fits: tuple[Outcome, ...] = ()


Half = TypeVar("Half", LibraryCue, LibraryResponse)


class Obstacle(Frozen):
    """What may get in the way of a kind of plan. `fits` names the obstacles whose halves help against it."""

    id: Identifier
    text: Label
    fits: tuple[Outcome, ...] = ()


class Checks(Frozen):
    """Signs that a plan is worth a second look (see `domain.plan_checks.Signs`)."""

    vague: Alternatives
    one_after_another: Alternatives
    ands: Alternatives
    being: Alternatives
    fixing: Alternatives


class KindOfPlan(Frozen):
    """One of the four kinds of plan, with halves to pick from.

    Attributes:
        obstacles: what he may expect in the way before he writes; may be empty.
        practices: for the kind `practice`, what is within reach of people with no authority; else empty.
    """

    title: ShortTitle
    description: Line
    example: Line
    practices: tuple[Label, ...] = ()
    obstacles: tuple[Obstacle, ...] = Field(default=(), max_length=20)
    cues: tuple[LibraryCue, ...] = Field(min_length=1, max_length=100)
    responses: tuple[LibraryResponse, ...] = Field(min_length=1, max_length=100)

    def cues_for(self, outcome: Outcome) -> tuple[LibraryCue, ...]:
        """The cues worth offering to someone who met this obstacle; may be empty."""
        return tuple(cue for cue in self.cues if outcome in cue.fits)

    def responses_for(self, outcome: Outcome) -> tuple[LibraryResponse, ...]:
        """The responses worth offering to someone who met this obstacle; may be empty."""
        return tuple(response for response in self.responses if outcome in response.fits)

    def cues_against(self, obstacle: str) -> tuple[LibraryCue, ...]:
        """All cues, those first that help against this obstacle; an unknown one changes nothing."""
        return _first(self.cues, self._fits(obstacle))

    def responses_against(self, obstacle: str) -> tuple[LibraryResponse, ...]:
        """All responses, those first that help against this obstacle; an unknown one changes nothing."""
        return _first(self.responses, self._fits(obstacle))

    def _fits(self, obstacle: str) -> Collection[Outcome]:
        return next((each.fits for each in self.obstacles if each.id == obstacle), ())


def _first(halves: tuple[Half, ...], fits: Collection[Outcome]) -> tuple[Half, ...]:
    return tuple(sorted(halves, key=lambda half: not set(half.fits) & set(fits)))


class Suggestion(Frozen):
    """A way to mend one half of a plan, or both; his own words stand where it says {cue} or {response}."""

    cue: MendedCue | None = None
    response: MendedResponse | None = None
    note: Label

    @model_validator(mode="after")
    def _mends_something(self) -> Self:
        if self.cue is None and self.response is None:
            raise ValueError("needs a cue or a response")
        return self


class Repair(Frozen):
    """What a trainee reads after an answer, and what he can do about his plan.

    Attributes:
        label: the answer as an option or a button.
        heading: short enough to head a modal.
        suggestions: ways to mend any plan; empty for `not_acted`, which asks for the obstacle first.
        halves: which halves of the plan's own kind are offered besides, where they fit the obstacle.
    """

    label: Label
    heading: ShortTitle
    help: Prose
    suggestions: tuple[Suggestion, ...] = Field(default=(), max_length=5)
    halves: Literal["cues", "responses"] | None = None


class Library(Frozen):
    """Everything in `plan_library.toml`; for a program with a file of its own, as that file changes it.

    Attributes:
        kinds: those that are offered; a program may have switched some off.
    """

    checks: Checks
    kinds: dict[PlanKind, KindOfPlan]
    repairs: dict[Outcome, Repair]

    def kind(self, kind: PlanKind) -> KindOfPlan:
        """The halves to pick from for this kind of plan."""
        return self.kinds[kind]

    def repair(self, outcome: Outcome) -> Repair:
        """The help for this answer."""
        return self.repairs[outcome]

    def cue(self, identifier: str) -> LibraryCue:
        """The cue of this id.

        Raises:
            NotFoundError: the library has none; it may have been edited since it was offered.
        """
        for kind in self.kinds.values():
            for cue in kind.cues:
                if cue.id == identifier:
                    return cue
        raise NotFoundError(f"There is no cue {identifier!r} in the plan library.")

    def response(self, identifier: str) -> LibraryResponse:
        """The response of this id.

        Raises:
            NotFoundError: the library has none; it may have been edited since it was offered.
        """
        for kind in self.kinds.values():
            for response in kind.responses:
                if response.id == identifier:
                    return response
        raise NotFoundError(f"There is no response {identifier!r} in the plan library.")
