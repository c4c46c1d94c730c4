"""What the models of Slack's payloads are made of."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


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


def _is_true(value: object) -> bool:
    # A boolean in JSON, a word in a form, null or missing.
    return value is True or value == "true"


Flag = Annotated[bool, BeforeValidator(_is_true)]
OptionalID = Annotated[ID | None, BeforeValidator(lambda given: None if given == "" else given)]
"""Null, missing or empty where there is none."""


class Named(Payload):
    """Something known by its id."""

    id: ID


def installation_id(
    *, org_wide: bool, organisation: str | None, installed_in: str | None, team: str | None, home: str | None
) -> str:
    """Whose installation a payload belongs to: a workspace's id, or an organisation's; empty for nobody's.

    Args:
        org_wide: whether allybot was installed into a whole organisation; `team` is then often missing.
        organisation: the one that the payload names.
        installed_in: a view's `app_installed_team_id`. In a channel shared with another organisation, Slack
            gives as `team` of a modal the workspace of whoever sent it (bolt-js#1614).
        team: as the payload names it.
        home: the workspace of whoever acted.
    """
    if installed_in and (not org_wide or installed_in.startswith("E")):
        return installed_in
    return (organisation if org_wide else None) or team or home or ""
