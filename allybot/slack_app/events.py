"""The events of Slack's Events API as checked models."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SerializeAsAny

from allybot.slack_app.payload_types import ID, Name, Payload, Text, Timestamp


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
    "member_left_channel": MemberEvent,
    "tokens_revoked": TokensRevoked,
    **dict.fromkeys(CHANNEL_CLOSED, ChannelEvent),
}


def _event(raw: Any) -> Event:
    name = raw.get("type") if isinstance(raw, Mapping) else None
    return _EVENTS.get(name if isinstance(name, str) else None, Event).model_validate(raw)


class Envelope(Payload):
    """An event of the Events API with its workspace."""

    type: Name
    event_id: Name | None = None
    team_id: ID
    event: Annotated[SerializeAsAny[Event], BeforeValidator(_event)]
