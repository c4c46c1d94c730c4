"""What Slack tells about people, channels and the installation. Each event may come twice."""

from typing import Any

from slack_bolt import App

from allybot.domain.people import Actor
from allybot.services.trainees import slack_events
from allybot.slack_app.replies import Desk, before_acknowledging


def register(bolt: App, desk: Desk) -> None:
    """All of it is written down before Slack hears that it came; the rest is left to `leftovers`."""

    @before_acknowledging(bolt, "user_change")
    def user_change(event: dict[str, Any], body: dict[str, Any]) -> None:
        user = event["user"]
        slack_events.person_changed(
            desk.context,
            Actor(str(body["team_id"]), str(user["id"])),
            desk.now(),
            deleted=bool(user.get("deleted", False)),
            zone=str(user.get("tz") or ""),
            locale=str(user.get("locale") or ""),
        )

    @before_acknowledging(bolt, "member_left_channel")
    def member_left(event: dict[str, Any], body: dict[str, Any]) -> None:
        who = Actor(str(body["team_id"]), str(event["user"]))
        slack_events.left_channel(desk.context, who, str(event["channel"]))

    @before_acknowledging(bolt, "channel_archive")
    @before_acknowledging(bolt, "channel_deleted")
    @before_acknowledging(bolt, "channel_left")
    @before_acknowledging(bolt, "group_archive")
    @before_acknowledging(bolt, "group_deleted")
    @before_acknowledging(bolt, "group_left")
    def channel_closed(event: dict[str, Any], body: dict[str, Any]) -> None:
        slack_events.channel_closed(desk.context, str(body["team_id"]), str(event["channel"]))

    @before_acknowledging(bolt, "app_uninstalled")
    def app_uninstalled(_event: dict[str, Any], body: dict[str, Any]) -> None:
        slack_events.uninstalled(desk.context, str(body["team_id"]), "app_uninstalled")

    @before_acknowledging(bolt, "tokens_revoked")
    def tokens_revoked(event: dict[str, Any], body: dict[str, Any]) -> None:
        # A person's own token may be revoked too; allybot has none of those.
        if event.get("tokens", {}).get("bot"):
            slack_events.uninstalled(desk.context, str(body["team_id"]), "tokens_revoked")
