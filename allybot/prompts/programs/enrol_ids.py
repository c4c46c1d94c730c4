"""The ids of adding people, proposing circles and correcting a list, and what their forms carry."""

from pydantic import Field

from allybot.prompts.ids import ID, Value

ADD = "enrol.add"
ADD_FORM = "enrol.add_form"
REVIEW_FORM = "enrol.review_form"
LEAVE_OUT = "enrol.leave_out"
CIRCLES = "enrol.circles"
CIRCLES_FORM = "enrol.circles_form"
PROPOSAL_FORM = "enrol.proposal_form"
MOVE = "enrol.move"
CORRECT = "enrol.correct"
CORRECT_FORM = "enrol.correct_form"
CORRECT_NOW_FORM = "enrol.correct_now_form"

_USERS = r"^[A-Za-z0-9_ -]*$"


class EnteredValue(Value):
    """What was entered besides the fields of the form.

    Attributes:
        group: a user group, or empty.
        left_out: Slack users, separated by spaces.
        seen: which people were shown; empty while a line is in doubt.
    """

    program: str = ID
    cohort: str = ID
    group: str = Field(default="", pattern=r"^[A-Za-z0-9]{0,64}$")
    left_out: str = Field(default="", pattern=_USERS, max_length=2400)
    seen: str = Field(default="", pattern=r"^[0-9a-f]{0,64}$")


class ProposalValue(Value):
    """Proposed circles: Slack users, separated by spaces, and circles by bars."""

    program: str = ID
    circles: str = Field(pattern=r"^[A-Za-z0-9_ |-]*$", max_length=2800)


class CorrectionValue(Value):
    """What is to be done with somebody: the kind, and the cohort or circle.

    Attributes:
        what: `c` another cohort, `x` off the list.
    """

    program: str = ID
    what: str = Field(pattern=r"^[cx]$")
    to: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$")
    user: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$")
