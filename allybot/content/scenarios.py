"""A scenario of the week (`scenarios.toml`)."""

from pydantic import Field

from allybot.content.words import Cue, Frozen, Identifier, Label, Line, Prose, Response, Story
from allybot.domain.plans import PlanKind


class Option(Frozen):
    """A first move to vote for. None is marked as right.

    Attributes:
        text: the move, as the label of a button.
        what_it_does: its benefits and costs, from research; shown when the vote is opened.
    """

    text: Label
    what_it_does: Line


class Prefill(Frozen):
    """The plan prefilled by "Make it my plan"."""

    cue: Cue
    response: Response


class Scenario(Frozen):
    """A situation for a circle to discuss.

    Attributes:
        her_view: what the person concerned would find helpful.
        research: findings and their limits.
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
    """Everything in `scenarios.toml`, in the order of the weeks."""

    scenarios: tuple[Scenario, ...] = Field(min_length=1)
