"""A scenario of the week (`scenarios.toml`)."""

from collections import Counter
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from allybot.content.plan_library import WholePlan
from allybot.content.words import Frozen, Identifier, Label, Line, Prose, Story
from allybot.domain.plans import PlanKind

FirstName = Annotated[str, StringConstraints(pattern=r"^[^\W\d_]{2,30}$")]


class Option(Frozen):
    """A first move to vote for, or to do nothing this time. None is marked as right.

    Attributes:
        text: the move, as the label of a button.
        what_it_does: its benefits and costs, from research; shown when the vote is opened.
    """

    text: Label
    what_it_does: Line


class Scenario(Frozen):
    """A situation for a circle to discuss.

    Attributes:
        warning: what may touch somebody, such as a death; None where there is nothing.
        questions: the first opens the thread, to be answered in a line; the others help when the talk stalls.
        notes: for the facilitator: what this story may bring up, and what helps then.
        opener: one of them turned to the circle, to be pasted into the talk; else the third question is.
        make_it_my_plan: the plan that the button of this name offers.
        her_view: what the person concerned would find helpful.
        where_to_turn: what can be done about it besides an ally's deed; None where it is no misconduct.
        research: findings and their limits.
        lines: ready words to say, shown on Thursday; those of what ships stand in `lines.toml` instead.
        people: the invented people, with the list of other names that fit them, see `domain.story_names`.
    """

    id: Identifier
    title: Label
    kind: PlanKind
    warning: Line | None = None
    situation: Story
    questions: tuple[Line, ...] = Field(min_length=2, max_length=3)
    options: tuple[Option, ...] = Field(min_length=3, max_length=5)
    notes: tuple[Line, ...] = Field(default=(), max_length=2)
    opener: Line | None = None
    research: Prose
    her_view: Prose
    where_to_turn: Line | None = None
    make_it_my_plan: WholePlan
    lines: tuple[Line, ...] = Field(default=(), max_length=3)
    people: dict[FirstName, Identifier] = Field(default_factory=dict)


class Scenarios(Frozen):
    """Everything in `scenarios.toml`, in the order of the weeks.

    Attributes:
        names: other names for invented people, by the name of their list.
    """

    scenarios: tuple[Scenario, ...] = Field(min_length=1)
    names: dict[Identifier, tuple[FirstName, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _everybody_can_have_another_name(self) -> Self:
        invented = {name for story in self.scenarios for name in story.people}
        for story in self.scenarios:
            for kind, number in Counter(story.people.values()).items():
                if len(self.names.get(kind, ())) < number:
                    raise ValueError(f'scenario "{story.id}", people: names has too few of "{kind}"')
        for kind, names in self.names.items():
            if len(set(names)) < len(names) or not invented.isdisjoint(names):
                raise ValueError(f'names, "{kind}": holds a name twice, or one that a story uses')
        return self
