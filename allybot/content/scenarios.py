"""A scenario of the week (`scenarios.toml`)."""

from pydantic import Field

from allybot.content.words import Cue, Frozen, Identifier, Label, Line, Prose, Response, Story
from allybot.domain.plans import PlanKind


class Option(Frozen):
    """A researched first move. None is marked right.

    Attributes:
        text: what one would do, as the label of a button.
        what_it_does: what it tends to bring and what it may cost; shown when the vote opens.
    """

    text: Label
    what_it_does: Line


class Prefill(Frozen):
    """The plan that "Make it my plan" offers."""

    cue: Cue
    response: Response


class Scenario(Frozen):
    """A situation for a circle to talk about.

    Attributes:
        her_view: what the person concerned would find helpful.
        research: what studies suggest, with its limits.
    """

    id: Identifier
    title: Label
    kind: PlanKind
    situation: Story
    questions: tuple[Line, ...] = Field(min_length=2, max_length=3)
    options: tuple[Option, ...] = Field(min_length=3, max_length=4)
    research: Prose
    her_view: Prose
    make_it_my_plan: Prefill


class Scenarios(Frozen):
    """Everything in `scenarios.toml`, in the order in which circles meet it."""

    scenarios: tuple[Scenario, ...] = Field(min_length=1)
