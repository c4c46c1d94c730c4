"""The ids of a circle's life, and the values its buttons and its form carry, as in `prompts/ids.py`."""

from datetime import date

from pydantic import Field

from allybot.domain.circles import PAUSE_WEEKS
from allybot.prompts.ids import ID, Value

SHOW = "circle.show"
LEAVE = "circle.leave"
LEAVE_NOW = "circle.leave_now"
ASK_TO_JOIN = "circle.ask_to_join"
WELCOME = "circle.welcome"
PAUSE = "circle.pause"  # one action id per number of weeks
PAUSES = tuple(f"{PAUSE}.{weeks}" for weeks in PAUSE_WEEKS)
PAUSE_AGREE = "circle.pause_agree"
RESUME = "circle.resume"
END = "circle.end"
END_NOW = "circle.end_now"
MERGE = "circle.merge"
PROPOSE = "circle.propose"
NEW = "circle.new"
NEW_FORM = "circle.new_form"


class CircleValue(Value):
    """About one circle."""

    circle: str = ID


class JoinValue(CircleValue):
    """Who asks to join a circle."""

    trainee: str = ID


class PauseCircleValue(CircleValue):
    """A pause of a circle; where it is proposed, by whom, and the day of the scenario it would move."""

    weeks: int = Field(ge=min(PAUSE_WEEKS), le=max(PAUSE_WEEKS))
    by: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$")
    post_on: date | None = None


class NewCircleValue(Value):
    """Who would like a new circle: a Slack user."""

    user: str = ID


class NewCircleFormValue(Value):
    """The lead's form of a new circle: the program, where they lead only one."""

    program: str = ID


class MergeValue(Value):
    """Two circles: the one that goes on, and the one that ends."""

    into: str = ID
    ending: str = ID
