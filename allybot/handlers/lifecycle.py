"""What Slack tells about people, channels and the installation. Each event may come twice."""

from typing import Any

from slack_bolt import App

from allybot.domain.people import Actor
from allybot.handlers.desk import Desk
from allybot.services import lifecycle


def register(bolt: App, desk: Desk) -> None:
    """Bolt acknowledges events before these run; `team_join` and the rest are left to `leftovers`."""

    @bolt.event("user_change")
    def user_change(event: dict[str, Any], body: dict[str, Any]) -> None:
        user = event["user"]
        lifecycle.person_changed(
            desk.house,
            Actor(str(body["team_id"]), str(user["id"])),
            desk.now(),
            deleted=bool(user.get("deleted", False)),
            zone=str(user.get("tz") or ""),
            locale=str(user.get("locale") or ""),
        )

    @bolt.event("member_left_channel")
    def member_left(event: dict[str, Any], body: dict[str, Any]) -> None:
        who = Actor(str(body["team_id"]), str(event["user"]))
        lifecycle.left_channel(desk.house, who, str(event["channel"]))

    @bolt.event("channel_archive")
    @bolt.event("channel_deleted")
    @bolt.event("channel_left")
    @bolt.event("group_archive")
    @bolt.event("group_deleted")
    @bolt.event("group_left")
    def channel_closed(event: dict[str, Any], body: dict[str, Any]) -> None:
        lifecycle.channel_closed(desk.house, str(body["team_id"]), str(event["channel"]))

    @bolt.event("app_uninstalled")
    def app_uninstalled(body: dict[str, Any]) -> None:
        lifecycle.uninstalled(desk.house, str(body["team_id"]), "app_uninstalled")

    @bolt.event("tokens_revoked")
    def tokens_revoked(event: dict[str, Any], body: dict[str, Any]) -> None:
        # A person's own token may be revoked too; allybot has none of those.
        if event.get("tokens", {}).get("bot"):
            lifecycle.uninstalled(desk.house, str(body["team_id"]), "tokens_revoked")
