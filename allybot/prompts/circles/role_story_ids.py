"""What the buttons and modals of role models' stories hand back to us: a part of `ids`."""

from pydantic import Field

from allybot.prompts.ids import ID, Value

STORIES = "role_story.list"
ASK = "role_story.ask"
ASK_FORM = "role_story.ask_form"
HIDE = "role_story.hide"
SHOW_AGAIN = "role_story.show_again"
TELL = "role_story.tell"
TELL_FORM = "role_story.tell_form"
DECLINE = "role_story.decline"
DECLINE_AND_TELL = "role_story.decline_and_tell"
WITHDRAW = "role_story.withdraw"
LIST_FORM = "role_story.page"


class RoleStoryValue(Value):
    """A program's stories, or one of them."""

    program: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$")
    story: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$")


class TellFormValue(Value):
    """The modal in which a story is told; `seen` tells, without its words, which one its author has seen."""

    story: str = ID
    seen: str = Field(default="", pattern=r"^[0-9a-f]{0,64}$")
