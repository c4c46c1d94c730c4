"""Control routes for what lies between workspaces: shared channels, and an organisation's workspaces."""

from typing import Any

from aiohttp import web

from slack_emulator.errors import RefusedError
from slack_emulator.json_routes import Answer, Handler, add_route, optional, required
from slack_emulator.membership import tell_channel
from slack_emulator.objects import conversation_object
from slack_emulator.posting import post
from slack_emulator.slack import Slack
from slack_emulator.state import Conversation, Workspace


class Sharing:
    """The routes under /_control by which channels and installations reach other workspaces."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def register(self, routes: web.UrlDispatcher) -> None:
        """Add the routes."""
        handlers: dict[str, Handler] = {
            "share-channel": self.share,
            "unshare-channel": self.unshare,
            "convert-channel": self.convert,
            "team-access": self.team_access,
        }
        for name, handler in handlers.items():
            add_route(routes, "POST", f"/_control/{name}", handler)

    def share(self, body: dict[str, Any]) -> Answer:
        """Share a channel with another workspace or organisation {channel, with, new_id?}.

        Sends channel_shared, and before it channel_id_changed where a private channel gets another id. Slack
        documents that for the first sharing with another organisation, by the example of an id with G that
        begins with C from then on; `new_id` gives one to a channel whose id begins with C already.
        """
        workspace, conversation, other = self._shared(body)
        if other in (*conversation.connected, *conversation.siblings):
            raise RefusedError("already_shared")
        own = {each.id for each in workspace.config.workspaces}
        if other in own:
            conversation.siblings.append(other)
        else:
            if conversation.kind == "private" and not conversation.connected:
                self._change_id(workspace, conversation, optional(body, "new_id"))
            conversation.connected.append(other)
        return self._told(workspace, conversation, "channel_shared", {"connected_team_id": other})

    def unshare(self, body: dict[str, Any]) -> Answer:
        """End the sharing of a channel {channel, with}; sends channel_unshared."""
        workspace, conversation, other = self._shared(body)
        if other not in conversation.connected:
            raise RefusedError("not_shared")
        conversation.connected.remove(other)
        still = bool(conversation.connected)
        details = {"previously_connected_team_id": other, "is_ext_shared": still}
        return self._told(workspace, conversation, "channel_unshared", details)

    def convert(self, body: dict[str, Any]) -> Answer:
        """Make a channel public {channel, user?} or, with `private`, private.

        Slack says so by a message in the channel, of a subtype; so it reaches only apps that may read there.
        """
        (channel,) = required(body, "channel")
        workspace, conversation = self._slack.find_conversation(channel)
        word = "private" if body.get("private") else "public"
        conversation.kind = word
        fields = {
            "type": "message",
            "subtype": f"channel_convert_to_{word}",
            "user": str(body.get("user") or conversation.creator),
            "text": f"made this channel *{word}*.",
        }
        post(self._slack, workspace, conversation, fields)
        tell_channel(self._slack, workspace, conversation)
        return {"ok": True}

    def team_access(self, body: dict[str, Any]) -> Answer:
        """Add the app to a workspace of an organisation {team, added}, or remove it.

        Sends team_access_granted or team_access_revoked.
        """
        (team,) = required(body, "team")
        for workspace in self._slack.workspaces.values():
            if team in {each.id for each in workspace.config.workspaces}:
                added = bool(body.get("added", True))
                (workspace.added.add if added else workspace.added.discard)(team)
                kind = "team_access_granted" if added else "team_access_revoked"
                event = {"type": kind, "team_ids": [team], "event_ts": self._slack.ids.timestamp()}
                self._slack.send_event(workspace, event)
                return {"ok": True, "added": sorted(workspace.added)}
        raise RefusedError("team_not_found", detail=f"no organisation has the workspace {team}")

    def _change_id(self, workspace: Workspace, conversation: Conversation, new_id: str | None) -> None:
        old = conversation.id
        new = new_id or f"C{old[1:]}"
        if new == old:
            return
        if new in workspace.conversations:
            raise RefusedError("invalid_arguments", detail=f"{new} is taken")
        workspace.conversations[new] = workspace.conversations.pop(old)
        conversation.id = new
        for message in conversation.by_ts.values():
            message.channel = new
        self._slack.capabilities.move_urls(workspace.id, old, new)
        if workspace.is_bot_member(conversation):
            ids = {"old_channel_id": old, "new_channel_id": new}
            event = {"type": "channel_id_changed", **ids, "event_ts": self._slack.ids.timestamp()}
            self._slack.send_event(workspace, event)

    def _shared(self, body: dict[str, Any]) -> tuple[Workspace, Conversation, str]:
        channel, other = required(body, "channel", "with")
        workspace, conversation = self._slack.find_conversation(channel)
        if conversation.kind == "im":
            raise RefusedError("method_not_supported_for_channel_type")
        return workspace, conversation, other

    def _told(
        self, workspace: Workspace, conversation: Conversation, kind: str, details: dict[str, Any]
    ) -> Answer:
        if conversation.kind == "public" or workspace.is_bot_member(conversation):
            now = self._slack.ids.timestamp()
            event = {"type": kind, "channel": conversation.id, **details, "event_ts": now}
            self._slack.send_event(workspace, event)
        tell_channel(self._slack, workspace, conversation)
        return {"ok": True, "channel": conversation_object(workspace, conversation, workspace.bot_user)}
