"""People as Slack's Web API shows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allybot.domain.away import away_until


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


def person_of(user: dict[str, Any]) -> SlackPerson:
    """The person in a user object of Slack's."""
    profile = user.get("profile", {})
    return SlackPerson(
        slack_user=str(user["id"]),
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
