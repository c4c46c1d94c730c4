"""What the models of Slack's payloads are made of."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _storable(text: str) -> str:
    # Half of a surrogate pair is valid in JSON and can be neither encoded nor stored.
    text.encode()
    return text


ID = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""Slack promises capital letters and digits; other emulators are less strict."""
Timestamp = Annotated[str, Field(pattern=r"^[0-9]{1,16}(\.[0-9]{1,16})?$")]
Name = Annotated[str, Field(max_length=255), AfterValidator(_storable)]
PackedValue = Annotated[str, Field(max_length=3000), AfterValidator(_storable)]
"""What a button or modal carries: at most 2,000 and 3,000 characters."""
Text = Annotated[str, Field(max_length=40_000), AfterValidator(_storable)]
"""What a person typed; 40,000 characters is Slack's limit for a message."""
URL = Annotated[str, Field(max_length=2000, pattern=r"^https?://[\x21-\x7e]+$")]
TriggerId = Annotated[str, Field(max_length=400, pattern=r"^[\x21-\x7e]*$")]


class Payload(BaseModel):
    """A payload or a part of one: only the fields named in it, each of its type."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)
