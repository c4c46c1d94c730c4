"""A scenario of the week (`scenarios.toml`)."""

from pydantic import Field

from allybot.content.plan_library import WholePlan
from allybot.content.words import Frozen, Identifier, Label, Line, Prose, Story
from allybot.domain.plans import PlanKind


class Option(Frozen):
    """A first move to vote for. None is marked as right.

    Attributes:
        text: the move, as the label of a button.
        what_it_does: its benefits and costs, from research; shown when the vote is opened.
    """

    text: Label
    what_it_does: Line


class Scenario(Frozen):
    """A situation for a circle to discuss.

    Attributes:
        make_it_my_plan: the plan that the button of this name offers.
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
    make_it_my_plan: WholePlan


class Scenarios(Frozen):
    """Everything in `scenarios.toml`, in the order of the weeks."""

    scenarios: tuple[Scenario, ...] = Field(min_length=1)
