"""The events of Slack's Events API as checked models."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, SerializeAsAny, model_validator

from allybot.slack_app.payload_types import (
    ID,
    Flag,
    Name,
    OptionalID,
    Payload,
    Text,
    Timestamp,
    installation_id,
)


class Event(Payload):
    """Any event; those without a handler are known by their type only."""

    type: Name


class UserEvent(Event):
    """An event about a person."""

    user: ID


class HomeOpened(UserEvent):
    """`app_home_opened`."""

    tab: Name = "home"


class MessageEvent(Event):
    """`message`."""

    channel: ID
    ts: Timestamp
    user: ID | None = None
    text: Text | None = None
    thread_ts: Timestamp | None = None
    channel_type: Name | None = None
    subtype: Name | None = None
    bot_id: Name | None = None


class _Item(Payload):
    channel: ID | None = None
    ts: Timestamp | None = None


class ReactionEvent(UserEvent):
    """`reaction_added`: who reacted to which message; which emoji it was is not read.

    Attributes:
        event_ts: Slack's timestamp of the reaction itself.
    """

    item: _Item
    event_ts: Timestamp


class ChannelEvent(Event):
    """An event about a channel."""

    channel: ID


class ChannelShared(ChannelEvent):
    """`channel_shared`: with the workspace or organisation of this id."""

    connected_team_id: ID


class ChannelUnshared(ChannelEvent):
    """`channel_unshared`: whether it is still shared with somebody."""

    is_ext_shared: bool = False


class ChannelIdChanged(Event):
    """`channel_id_changed`: a private channel that is being shared has another id for good."""

    old_channel_id: ID
    new_channel_id: ID


class TeamAccess(Event):
    """`team_access_granted` or `team_access_revoked`: an organisation's workspaces got or lost allybot."""

    team_ids: Annotated[list[ID], Field(max_length=10_000)]


class MemberEvent(UserEvent, ChannelEvent):
    """An event about a person in a channel."""


class _Status(Payload):
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0


class _Profile(Payload):
    id: ID
    profile: _Status = Field(default_factory=_Status)
    deleted: bool = False
    tz: Annotated[str, Field(pattern=r"^[A-Za-z0-9_+/-]{0,64}$")] | None = None
    locale: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,35}$")] | None = None


class UserChange(Event):
    """`user_change`."""

    user: _Profile


class _Tokens(Payload):
    bot: list[Name] = Field(default_factory=list)


class TokensRevoked(Event):
    """`tokens_revoked`."""

    tokens: _Tokens


CHANNEL_CLOSED = (
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "group_archive",
    "group_deleted",
    "group_left",
)
_EVENTS: dict[Any, type[Event]] = {
    "app_home_opened": HomeOpened,
    "message": MessageEvent,
    "reaction_added": ReactionEvent,
    "user_change": UserChange,
    "member_joined_channel": MemberEvent,
    "member_left_channel": MemberEvent,
    "channel_shared": ChannelShared,
    "channel_unshared": ChannelUnshared,
    "channel_id_changed": ChannelIdChanged,
    "team_access_granted": TeamAccess,
    "team_access_revoked": TeamAccess,
    "tokens_revoked": TokensRevoked,
    **dict.fromkeys(CHANNEL_CLOSED, ChannelEvent),
}


def _event(raw: Any) -> Event:
    name = raw.get("type") if isinstance(raw, Mapping) else None
    return _EVENTS.get(name if isinstance(name, str) else None, Event).model_validate(raw)


class _Authorization(Payload):
    """For which installation Slack sends an event."""

    enterprise_id: OptionalID = None
    team_id: OptionalID = None
    is_enterprise_install: Flag = False


class Envelope(Payload):
    """An event of the Events API with its installation.

    Attributes:
        authorizations: of an organisation-wide installation, or of one that shares the channel with another
            organisation, they say more than `team_id`; Slack sends one.
    """

    type: Name
    event_id: Name | None = None
    team_id: OptionalID = None
    enterprise_id: OptionalID = None
    authorizations: Annotated[list[_Authorization], Field(max_length=100)] | None = None
    event: Annotated[SerializeAsAny[Event], BeforeValidator(_event)]

    @model_validator(mode="after")
    def _belongs_to_an_installation(self) -> Self:
        if not self.workspace_id:
            raise ValueError
        return self

    @property
    def workspace_id(self) -> str:
        """The workspace whose installation it is for, or the organisation."""
        sent_for = next(iter(self.authorizations or ()), _Authorization())
        # An organisation's own events, such as its uninstallation, name no workspace.
        org_wide = sent_for.is_enterprise_install or self.team_id is None
        return installation_id(
            org_wide=org_wide,
            organisation=sent_for.enterprise_id or self.enterprise_id,
            installed_in=None,
            team=sent_for.team_id or self.team_id,
            home=None,
        )
