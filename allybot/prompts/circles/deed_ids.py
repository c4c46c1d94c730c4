"""What the button and the modal of a deed hand back to us: a part of `ids`."""

from pydantic import Field

from allybot.prompts.ids import ID, Value

DEED_TELL = "deed.tell"
DEED_FORM = "deed.form"


class DeedFormValue(Value):
    """The modal that tells a deed.

    `form` makes a double submit one deed; `seen` tells, without its words, which text its teller has seen as
    the circle will.
    """

    form: str = ID
    seen: str = Field(default="", pattern=r"^[0-9a-f]{0,64}$")
