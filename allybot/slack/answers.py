"""What Slack's answers hold, as values; one without a field it promises is unreadable."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allybot.domain.away import away_until
from allybot.errors import SlackUncertainError

METADATA_EVENT = "allybot_message"


@dataclass(frozen=True)
class Posted:
    """Channel and ts of a message in Slack."""

    channel: str
    ts: str


@dataclass(frozen=True)
class SlackPerson:
    """A Slack user; `zone` is an IANA zone or empty, `email` None without the scope or for some guests."""

    slack_user: str
    zone: str
    locale: str
    deleted: bool
    is_bot: bool
    name: str
    email: str | None
    away_until: datetime | None = None


@dataclass(frozen=True)
class SlackChannel:
    """A channel as the bot sees it; a group message is an unnamed conversation of several people."""

    channel: str
    name: str
    is_private: bool
    is_group_message: bool
    is_archived: bool
    is_member: bool


@dataclass(frozen=True)
class Identity:
    """The workspace and bot user of a token; `scopes` is None if Slack's response did not name them."""

    workspace_id: str
    workspace_name: str
    bot_user: str
    scopes: frozenset[str] | None = None


@dataclass(frozen=True)
class Granted:
    """What an OAuth code or a refresh token was exchanged for.

    Attributes:
        refresh_token: good for one refreshing; None without token rotation.
        expires_in: seconds until `token` expires; None without token rotation.
    """

    who: Identity
    token: str
    refresh_token: str | None = None
    expires_in: int | None = None

    def expires_at(self, now: datetime) -> datetime | None:
        """When the token expires, for one that was granted at `now` (aware UTC)."""
        return None if self.expires_in is None else now + timedelta(seconds=self.expires_in)


@contextmanager
def readable(method: str) -> Iterator[None]:
    """Translate an answer to `method` without the fields it promises; what it does hold is not repeated."""
    try:
        yield
    except (LookupError, TypeError, AttributeError, ValueError):
        raise SlackUncertainError(method, "unreadable_answer") from None


def text_of(value: object) -> str:
    """A text of an answer.

    Raises:
        ValueError: it is none, or empty.
    """
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def list_of(value: object) -> list[Any]:
    """A list of an answer.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, list):
        raise TypeError
    return value


def our_message(entry: dict[str, Any]) -> tuple[str, str] | None:
    """The id in a message's metadata, and its ts; None for a message that is not ours."""
    metadata = entry.get("metadata") or {}
    if metadata.get("event_type") != METADATA_EVENT:
        return None
    return str((metadata.get("event_payload") or {}).get("id")), text_of(entry["ts"])


def channel_of(found: dict[str, Any]) -> SlackChannel:
    """A channel from `conversations.info`."""
    return SlackChannel(
        channel=text_of(found["id"]),
        name=str(found.get("name") or ""),
        is_private=bool(found.get("is_private", False)),
        is_group_message=bool(found.get("is_mpim", False)),
        is_archived=bool(found.get("is_archived", False)),
        is_member=bool(found.get("is_member", False)),
    )


def person_of(user: dict[str, Any]) -> SlackPerson:
    """A user from `users.info`."""
    profile = user.get("profile") or {}
    return SlackPerson(
        slack_user=text_of(user["id"]),
        zone=str(user.get("tz") or ""),
        locale=str(user.get("locale") or "en-GB"),
        deleted=bool(user.get("deleted", False)),
        is_bot=bool(user.get("is_bot", False)),
        name=str(user.get("real_name") or profile.get("real_name") or user.get("name") or ""),
        email=profile.get("email"),
        away_until=away_until(
            str(profile.get("status_text") or ""),
            str(profile.get("status_emoji") or ""),
            int(profile.get("status_expiration") or 0),
        ),
    )
