"""Example cues and responses, and ways to repair a plan (`plan_library.toml`)."""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

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
    one_line,
)
from allybot.domain.phrases import Phrases, checked
from allybot.domain.plan_tags import TagPhrases, suits, tags_of_cue
from allybot.domain.plans import Outcome, PlanKind


class LibraryCue(Frozen):
    """A cue to pick. `fits` names the obstacles against which it is offered."""

    id: Identifier
    text: Cue
    fits: tuple[Outcome, ...] = ()


class LibraryResponse(Frozen):
    """A response to pick.

    Attributes:
        fits: the obstacles against which it is offered.
        goes_with: tags of which a cue must have one; empty if it goes with any cue of its kind.
        not_with: tags of cues with which it makes no sense.
    """

    id: Identifier
    text: Response
    fits: tuple[Outcome, ...] = ()
    goes_with: tuple[Identifier, ...] = ()
    not_with: tuple[Identifier, ...] = ()

    def belongs_to(self, tags: frozenset[str]) -> bool:
        """Whether it is made for a cue with these tags."""
        return bool(tags & set(self.goes_with)) and not tags & set(self.not_with)

    def makes_sense_with(self, tags: frozenset[str]) -> bool:
        """Whether it makes sense with a cue that has these tags."""
        return self.belongs_to(tags) or not (self.goes_with or tags & set(self.not_with))


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

    def responses_to(
        self, cue: str, responses: tuple[LibraryResponse, ...], tags: Mapping[str, TagPhrases]
    ) -> tuple[LibraryResponse, ...]:
        """These responses, those made for this cue first and those that make no sense with it last."""
        present = tags_of_cue(cue, tags)
        return tuple(
            sorted(
                responses, key=lambda each: (not each.belongs_to(present), not each.makes_sense_with(present))
            )
        )

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
    """A way to repair a plan; {cue} and {response} stand for the trainee's own words.

    Attributes:
        cue_object: a thing that reminds of the plan where the deed is due; the plan itself stays as it is.
        suits: the kinds of plan for which it is offered; empty for all.
        needs: tags that the plan must have, all of them; "a/b" means either.
        unless: tags of plans for which it is not offered.
    """

    cue: MendedCue | None = None
    response: MendedResponse | None = None
    cue_object: Label | None = None
    note: Label
    suits: tuple[PlanKind, ...] = ()
    needs: tuple[str, ...] = ()
    unless: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not (self.cue or self.response or self.cue_object):
            raise ValueError("needs a cue, a response or a cue object")
        return self

    def reads_well_with(self, kind: PlanKind, tags: frozenset[str]) -> bool:
        """Whether it is offered for a plan of this kind with these tags."""
        return (not self.suits or kind in self.suits) and suits(tags, self.needs, self.unless)


class Repair(Frozen):
    """The help after an answer, and ways to repair the plan.

    Attributes:
        label: the answer as an option or a button.
        heading: title of the modal.
        short: the one or two sentences of the help's first steps; `help` stands under "More".
        suggestions: ways to repair a plan; empty for `not_acted`, which asks for the obstacle first.
        halves: which halves of the plan's kind are offered too, where they fit the outcome.
    """

    label: Label
    heading: ShortTitle
    short: Line
    help: Prose
    suggestions: tuple[Suggestion, ...] = Field(default=(), max_length=40)
    halves: Literal["cues", "responses"] | None = None


_Phrase = Annotated[str, BeforeValidator(one_line), AfterValidator(checked)]
_ByLanguage = dict[str, tuple[_Phrase, ...]]


class Tag(Frozen):
    """Phrases by language, see `allybot.domain.phrases`, and in which part of a plan they are looked for."""

    cue: _ByLanguage = Field(default_factory=dict)
    response: _ByLanguage = Field(default_factory=dict)
    opening: _ByLanguage = Field(default_factory=dict)

    def compiled(self) -> TagPhrases:
        """The phrases of all languages, ready to be looked for."""
        return TagPhrases(*(Phrases(_all_of(part)) for part in (self.cue, self.response, self.opening)))


def _all_of(languages: _ByLanguage) -> Iterator[str]:
    return (phrase for phrases in languages.values() for phrase in phrases)


class Library(Frozen):
    """Everything in `plan_library.toml`, with a program's changes if it has a file of its own.

    Attributes:
        tags: by name; what is recognised in the words of a plan.
        kinds: the kinds offered; a program may have switched some off.
    """

    checks: Checks
    tags: dict[Identifier, Tag]
    kinds: dict[PlanKind, KindOfPlan]
    repairs: dict[Outcome, Repair]

    @cached_property
    def compiled_tags(self) -> dict[str, TagPhrases]:
        """The tags, ready to be looked for."""
        return {name: tag.compiled() for name, tag in self.tags.items()}

    @model_validator(mode="after")
    def _knows_its_tags(self) -> Self:
        unknown = {name for name in self._named_tags() if name not in self.tags}
        if unknown:
            raise ValueError(f"names tags that are not listed: {', '.join(sorted(unknown))}")
        return self

    def _named_tags(self) -> Iterator[str]:
        for kind in self.kinds.values():
            for response in kind.responses:
                yield from (*response.goes_with, *response.not_with)
        for repair in self.repairs.values():
            for way in repair.suggestions:
                yield from way.unless
                yield from (name for need in way.needs for name in need.split("/"))

    def kind(self, kind: PlanKind) -> KindOfPlan:
        """This kind of plan."""
        return self.kinds[kind]

    def repair(self, outcome: Outcome) -> Repair:
        """The help after this answer."""
        return self.repairs[outcome]
