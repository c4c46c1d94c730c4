"""What the buttons about facilitating a circle's week hand back to us: a part of `ids`."""

from pydantic import Field

from allybot.prompts.ids import ID, Value

YES = "circle.yes"
SWAP = "circle.swap"
SKIP = "circle.skip"
CANNOT = "circle.cannot"
TOGETHER = "circle.together"
VOLUNTEER = "circle.volunteer"
WHO_IS_NEXT = "circle.rota"
TAKE_STORY = "circle.take_story"


class StoryValue(Value):
    """A scenario that the facilitator takes for a week."""

    week: str = ID
    scenario: str = Field(pattern=r"^[a-z0-9-]{1,100}$")
