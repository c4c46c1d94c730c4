"""Example cues and responses, and ways to repair a plan (`plan_library.toml`)."""

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
    """A cue to pick. `fits` names the obstacles against which it is offered."""

    id: Identifier
    text: Cue
    fits: tuple[Outcome, ...] = ()


class LibraryResponse(Frozen):
    """A response to pick. `fits` names the obstacles against which it is offered."""

    id: Identifier
    text: Response
    fits: tuple[Outcome, ...] = ()


Half = TypeVar("Half", LibraryCue, LibraryResponse)


class Obstacle(Frozen):
    """What may get in the way of a kind of plan. `fits` names the outcomes whose halves help against it."""

    id: Identifier
    text: Label
    fits: tuple[Outcome, ...] = ()


class Checks(Frozen):
    """The word lists of `domain.plan_checks.Signs`."""

    vague: Alternatives
    one_after_another: Alternatives
    ands: Alternatives
    being: Alternatives
    fixing: Alternatives
    capitals: Alternatives


class WholePlan(Frozen):
    """Both halves of a plan that can be kept as it is."""

    cue: Cue
    response: Response


class KindOfPlan(Frozen):
    """A kind of plan, with cues and responses to pick from.

    Attributes:
        obstacles: obstacles to choose from before writing; may be empty.
        practices: for the kind `practice`, what people without authority can do; else empty.
    """

    title: ShortTitle
    description: Line
    example: WholePlan
    practices: tuple[Label, ...] = ()
    obstacles: tuple[Obstacle, ...] = Field(default=(), max_length=20)
    cues: tuple[LibraryCue, ...] = Field(min_length=1, max_length=100)
    responses: tuple[LibraryResponse, ...] = Field(min_length=1, max_length=100)

    def cues_for(self, outcome: Outcome) -> tuple[LibraryCue, ...]:
        """The cues offered after this outcome; may be empty."""
        return tuple(cue for cue in self.cues if outcome in cue.fits)

    def responses_for(self, outcome: Outcome) -> tuple[LibraryResponse, ...]:
        """The responses offered after this outcome; may be empty."""
        return tuple(response for response in self.responses if outcome in response.fits)

    def cues_against(self, obstacle: str) -> tuple[LibraryCue, ...]:
        """All cues, those that help against this obstacle first; an unknown one changes nothing."""
        return _first(self.cues, self._fits(obstacle))

    def responses_against(self, obstacle: str) -> tuple[LibraryResponse, ...]:
        """All responses, those that help against this obstacle first; an unknown one changes nothing."""
        return _first(self.responses, self._fits(obstacle))

    def _fits(self, obstacle: str) -> Collection[Outcome]:
        return next((each.fits for each in self.obstacles if each.id == obstacle), ())


def _first(halves: tuple[Half, ...], fits: Collection[Outcome]) -> tuple[Half, ...]:
    return tuple(sorted(halves, key=lambda half: not set(half.fits) & set(fits)))


class Suggestion(Frozen):
    """A way to repair one or both halves; {cue} and {response} stand for the trainee's own words."""

    cue: MendedCue | None = None
    response: MendedResponse | None = None
    note: Label

    @model_validator(mode="after")
    def _has_a_half(self) -> Self:
        if self.cue is None and self.response is None:
            raise ValueError("needs a cue or a response")
        return self


class Repair(Frozen):
    """The help after an answer, and ways to repair the plan.

    Attributes:
        label: the answer as an option or a button.
        heading: title of the modal.
        suggestions: ways to repair any plan; empty for `not_acted`, which asks for the obstacle first.
        halves: which halves of the plan's kind are offered too, where they fit the outcome.
    """

    label: Label
    heading: ShortTitle
    help: Prose
    suggestions: tuple[Suggestion, ...] = Field(default=(), max_length=5)
    halves: Literal["cues", "responses"] | None = None


class Library(Frozen):
    """Everything in `plan_library.toml`, with a program's changes if it has a file of its own.

    Attributes:
        kinds: the kinds offered; a program may have switched some off.
    """

    checks: Checks
    kinds: dict[PlanKind, KindOfPlan]
    repairs: dict[Outcome, Repair]

    def kind(self, kind: PlanKind) -> KindOfPlan:
        """This kind of plan."""
        return self.kinds[kind]

    def repair(self, outcome: Outcome) -> Repair:
        """The help after this answer."""
        return self.repairs[outcome]

    def cue(self, identifier: str) -> LibraryCue:
        """The cue of this id.

        Raises:
            NotFoundError: there is none; the file may have changed since it was offered.
        """
        for kind in self.kinds.values():
            for cue in kind.cues:
                if cue.id == identifier:
                    return cue
        raise NotFoundError(f"There is no cue {identifier!r} in the plan library.")

    def response(self, identifier: str) -> LibraryResponse:
        """The response of this id.

        Raises:
            NotFoundError: there is none; the file may have changed since it was offered.
        """
        for kind in self.kinds.values():
            for response in kind.responses:
                if response.id == identifier:
                    return response
        raise NotFoundError(f"There is no response {identifier!r} in the plan library.")
