"""A modal or Home tab that comes with a payload, and what was filled in."""

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from allybot.errors import NotFoundError
from allybot.prompts import ids
from allybot.slack_app.payload_types import ID, Name, OptionalID, PackedValue, Payload, Text

V = TypeVar("V", bound=ids.Value)
ValueClass = type[V]


def unpack(model: ValueClass[V], raw: str | None) -> V:
    """What a button or modal carries.

    Raises:
        NotFoundError: nothing of this kind and version.
    """
    value = model.unpack(raw)
    if value is None:
        raise NotFoundError
    return value


class Option(Payload):
    """An option that was selected."""

    value: PackedValue = ""


class _Input(Payload):
    """The state of one input; which of the six is set depends on its kind."""

    value: Text | None = None
    selected_option: Option | None = None
    selected_date: Name | None = None
    selected_options: Annotated[list[Option], Field(max_length=100)] | None = None
    selected_user: OptionalID = None
    selected_users: Annotated[list[ID], Field(max_length=100)] | None = None


class _State(Payload):
    values: dict[Name, dict[Name, _Input]] = Field(default_factory=dict)


class _Block(Payload):
    type: Name = ""
    block_id: Name = ""


class SentView(Payload):
    """A modal or Home tab with what was filled in; an empty one for a button in a message.

    Inputs are known by a name, the block id up to the first dot: a suffix after it makes Slack show a new
    prefill.
    """

    id: ID | Literal[""] = ""
    type: Name = ""
    callback_id: Name = ""
    private_metadata: PackedValue = ""
    hash: Name | None = None
    app_installed_team_id: OptionalID = None
    state: _State = _State()
    blocks: list[_Block] = Field(default_factory=list)

    @property
    def inputs(self) -> list[str]:
        """The block ids of its inputs, from the top."""
        return [block.block_id for block in self.blocks if block.type == "input"]

    def block_of(self, name: str) -> str:
        """The block id of the input with this name."""
        return next((key for key in self.state.values if key.partition(".")[0] == name), name)

    def text(self, name: str) -> str:
        """What was typed."""
        return self.field(self.block_of(name)).value or ""

    def selected(self, name: str) -> str:
        """The value of the selected option; empty when there is none."""
        option = self.field(self.block_of(name)).selected_option
        return option.value if option else ""

    def checked(self, name: str) -> list[str]:
        """The values of the checked boxes."""
        return [option.value for option in self.field(self.block_of(name)).selected_options or []]

    def user(self, name: str) -> str:
        """The Slack id of the person chosen; empty when nobody was."""
        return self.field(self.block_of(name)).selected_user or ""

    def users(self, name: str) -> list[str]:
        """The Slack ids of the people chosen."""
        return list(self.field(self.block_of(name)).selected_users or [])

    def day(self, name: str) -> date | None:
        """The picked date."""
        try:
            return date.fromisoformat(self.field(self.block_of(name)).selected_date or "")
        except ValueError:
            return None

    def field(self, block_id: str) -> _Input:
        """The state of the input in this block; an empty one when there is none."""
        return next(iter(self.state.values.get(block_id, {}).values()), _Input())

    def value(self, model: ValueClass[V]) -> V:
        """What the modal carries.

        Raises:
            NotFoundError: nothing of this kind and version.
        """
        return unpack(model, self.private_metadata)
