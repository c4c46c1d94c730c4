"""What the buttons and modals of a lead's own scenarios hand back to us: a part of `ids`."""

from pydantic import Field

from allybot.prompts.ids import ID, Value

WRITE = "own_scenario.write"
CHANGE = "own_scenario.change"
MORE = "own_scenario.more"
DELETE = "own_scenario.delete"
MONDAY_FORM = "own_scenario.monday"
THURSDAY_FORM = "own_scenario.thursday"
KEEP_FORM = "own_scenario.keep"


class OwnScenarioValue(Value):
    """A scenario of a program's own, whether it is begun or kept; without an id a new one.

    `seen` tells, without its words, which of them the lead has seen as circles will.
    """

    program: str = ID
    scenario: str = Field(default="", pattern=r"^(own-[0-9a-f]{32})?$")
    seen: str = Field(default="", pattern=r"^[0-9a-f]{0,64}$")
