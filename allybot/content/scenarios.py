"""A scenario of the week (`scenarios.toml`)."""

from pydantic import Field

from allybot.content.plan_library import WholePlan
from allybot.content.words import Frozen, Identifier, Label, Line, Prose, Story
from allybot.domain.plans import PlanKind


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


class Scenarios(Frozen):
    """Everything in `scenarios.toml`, in the order of the weeks."""

    scenarios: tuple[Scenario, ...] = Field(min_length=1)
