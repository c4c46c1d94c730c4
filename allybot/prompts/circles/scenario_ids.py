"""Ids of what leads do with the scenarios of their programs, and the value its buttons carry."""

from pydantic import Field

from allybot.prompts.ids import ID, Value

PROGRAM = "scenarios.program"
PICK = "scenarios.pick"
FIRST = "scenarios.first"
LEAVE_OUT = "scenarios.leave_out"
TAKE_BACK = "scenarios.take_back"
FORM = "scenarios.form"


class ProgramScenarioValue(Value):
    """A scenario in a program whose lead presses; without one, the program itself."""

    program: str = ID
    scenario: str = Field(default="", pattern=r"^[a-z0-9-]{0,100}$")
