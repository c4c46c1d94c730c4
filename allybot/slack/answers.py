"""What Slack's answers hold, as values; one without a field it promises is unreadable."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allybot.domain.away import away_until
from allybot.errors import SlackUncertainError
from allybot.message import id_of_file

METADATA_EVENT = "allybot_message"


@dataclass(frozen=True)
class Posted:
    """Channel and ts of a message in Slack; `ts` is None for a file, of which Slack does not tell it."""

    channel: str
    ts: str | None


@dataclass(frozen=True)
class SlackPerson:
    """A Slack user; `zone` is an IANA zone or empty, `email` None without the scope or for some guests.

    Attributes:
        workspaces: ids of the workspaces they are in, and of their organisation, as far as Slack names them.
        is_stranger: of another organisation, and in no channel with the bot.
        is_admin: an administrator or owner of the workspace or organisation.
    """

    slack_user: str
    zone: str
    locale: str
    deleted: bool
    is_bot: bool
    name: str
    email: str | None
    away_until: datetime | None = None
    is_guest: bool = False
    is_stranger: bool = False
    workspaces: frozenset[str] = frozenset()
    is_admin: bool = False


@dataclass(frozen=True)
class SlackChannel:
    """A channel as the bot sees it; a group message is an unnamed conversation of several people.

    Attributes:
        shared_with: ids of the other organisations or workspaces it is shared with (Slack Connect).
    """

    channel: str
    name: str
    is_private: bool
    is_group_message: bool
    is_archived: bool
    is_member: bool
    shared_with: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Identity:
    """The workspace and bot user of a token; `scopes` is None if Slack's response did not name them.

    An organisation-wide token has the organisation in place of a workspace.
    """

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
    """The id in a message's metadata, or of the file it names, and its ts; None for a message not ours."""
    metadata = entry.get("metadata") or {}
    if metadata.get("event_type") != METADATA_EVENT:
        sent_as_file = id_of_file(str(entry.get("text") or ""))
        return (sent_as_file, text_of(entry["ts"])) if sent_as_file else None
    return str((metadata.get("event_payload") or {}).get("id")), text_of(entry["ts"])


def installed_in(answer: dict[str, Any]) -> tuple[str, str]:
    """Id and name of the workspace, or of the organisation of an organisation-wide token.

    Args:
        answer: of `auth.test`, where both are texts, or of `oauth.v2.access`, where they are objects.

    Raises:
        ValueError: neither is there.
    """
    org_wide = answer.get("is_enterprise_install") is True
    if "team_id" in answer:
        organisation = answer.get("enterprise_id") if org_wide else None
        return text_of(organisation or answer["team_id"]), text_of(answer["team"])
    whose = answer.get("enterprise" if org_wide else "team") or {}
    return text_of(whose.get("id")), str(whose.get("name") or "")


def granted_by(answer: dict[str, Any]) -> Granted:
    """The bot token of an answer of `oauth.v2.access`."""
    who = Identity(*installed_in(answer), text_of(answer["bot_user_id"]))
    token = text_of(answer["access_token"])
    if answer.get("expires_in") is None:
        return Granted(who, token)
    return Granted(who, token, text_of(answer["refresh_token"]), int(answer["expires_in"]))


def channel_of(found: dict[str, Any]) -> SlackChannel:
    """A channel from `conversations.info`."""
    others = set(map(str, found.get("connected_team_ids") or ()))
    ours = {str(found.get("context_team_id")), *map(str, found.get("internal_team_ids") or ())}
    if found.get("is_ext_shared"):
        others |= set(map(str, found.get("shared_team_ids") or ()))
    return SlackChannel(
        channel=text_of(found["id"]),
        name=str(found.get("name") or ""),
        is_private=bool(found.get("is_private", False)),
        is_group_message=bool(found.get("is_mpim", False)),
        is_archived=bool(found.get("is_archived", False)),
        is_member=bool(found.get("is_member", False)),
        shared_with=frozenset(others - ours),
    )


def person_of(user: dict[str, Any]) -> SlackPerson:
    """A user from `users.info`."""
    profile, of_organisation = user.get("profile") or {}, user.get("enterprise_user") or {}
    places = [
        user.get("team_id"),
        of_organisation.get("enterprise_id"),
        *(of_organisation.get("teams") or ()),
    ]
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
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger", False)),
        workspaces=frozenset(str(each) for each in places if each),
        is_admin=any(
            held.get(right) for held in (user, of_organisation) for right in ("is_admin", "is_owner")
        ),
    )
