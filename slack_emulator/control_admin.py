"""Control routes that change the workspace: faults, people, channels, installation, deliveries."""

from typing import Any

from aiohttp import web

from slack_emulator.config import Channel, Person, UserGroup
from slack_emulator.delivery_outcome import KINDS
from slack_emulator.errors import RefusedError
from slack_emulator.faults import Fault
from slack_emulator.json_routes import Answer, Handler, add_route, number, optional, required
from slack_emulator.membership import archive, join, leave, tell_channel
from slack_emulator.objects import conversation_object, person_object
from slack_emulator.pages_json import page_user
from slack_emulator.slack import Slack
from slack_emulator.state import Conversation, Workspace

_CHANGEABLE = ("name", "real_name", "tz", "locale", "title", "email", "deleted", "is_admin",
    "is_restricted", "is_ultra_restricted", "external_team", "teams",
    "status_text", "status_emoji", "status_expiration")  # fmt: skip
_MAX_COPIES = 20


class Administration:
    """The routes under /_control for what people in Slack cannot do."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def register(self, routes: web.UrlDispatcher) -> None:
        """Add the routes."""
        handlers: dict[str, Handler] = {
            "faults": self.add_fault,
            "users": self.add_user,
            "channels": self.add_channel,
            "user-change": self.change_user,
            "user-groups": self.add_user_group,
            "invite": self.invite,
            "kick": self.kick,
            "archive": self.archive,
            "app-uninstalled": self.uninstall,
            "tokens-revoked": self.revoke_tokens,
            "app-installed": self.install,
            "oauth-code": self.oauth_code,
            "deliveries": self.deliveries,
            "disconnect": self.disconnect,
            "request-url": self.request_url,
            "limits": self.limits,
            "clock": self.clock,
        }
        for name, handler in handlers.items():
            add_route(routes, "POST", f"/_control/{name}", handler)
        add_route(routes, "GET", "/_control/faults", self.faults)
        add_route(routes, "DELETE", "/_control/faults", self.clear_faults)

    # ---- faults, limits and deliveries

    def add_fault(self, body: dict[str, Any]) -> Answer:
        """Add a fault (see `Fault`); `{"clear": true}` removes all."""
        if body.get("clear"):
            return self.clear_faults(body)
        self._slack.faults.add(Fault.model_validate(body))
        return self.faults(body)

    def faults(self, _body: dict[str, Any]) -> Answer:
        """The active faults."""
        return {"ok": True, "faults": self._slack.faults.active()}

    def clear_faults(self, _body: dict[str, Any]) -> Answer:
        """Remove all faults."""
        self._slack.faults.clear()
        return {"ok": True, "faults": []}

    def limits(self, body: dict[str, Any]) -> Answer:
        """Switch Slack's posting limits on or off {enabled}."""
        self._slack.limits.enabled = bool(body.get("enabled"))
        return {"ok": True, "enabled": self._slack.limits.enabled}

    def clock(self, body: dict[str, Any]) -> Answer:
        """Set this Slack's clock {ahead} or {behind} by seconds; neither means in step with the machine's."""
        ahead = number(body, "ahead", 0.0) - number(body, "behind", 0.0)
        self._slack.config.clock_ahead_seconds = ahead
        return {"ok": True, "ahead": ahead}

    def deliveries(self, body: dict[str, Any]) -> Answer:
        """Deliver each payload `copies` times; `kinds`: events_api, interactive, slash_commands."""
        copies, delivery = int(number(body, "copies", 1)), self._slack.delivery
        if not 1 <= copies <= _MAX_COPIES:
            raise RefusedError("invalid_arguments", detail=f"copies: 1 to {_MAX_COPIES}")
        kinds = body.get("kinds") or list(KINDS)
        if not isinstance(kinds, list) or any(kind not in KINDS for kind in kinds):
            raise RefusedError("invalid_arguments", detail=f"kinds: a list of {', '.join(KINDS)}")
        delivery.copies, delivery.copied_kinds = copies, frozenset(kinds)
        return {"ok": True, "copies": copies, "kinds": sorted(delivery.copied_kinds)}

    async def disconnect(self, body: dict[str, Any]) -> Answer:
        """Disconnect Socket Mode {reason?, close_after?}, or abort the connections {abrupt: true}."""
        reason = optional(body, "reason") or "refresh_requested"
        if reason not in ("warning", "refresh_requested", "link_disabled"):
            raise RefusedError(
                "invalid_arguments", detail="reason: warning, refresh_requested or link_disabled"
            )
        count = await self._slack.delivery.sockets.disconnect(
            reason, close_after=number(body, "close_after", 0.0), abrupt=bool(body.get("abrupt"))
        )
        return {"ok": True, "connections": count}

    async def request_url(self, body: dict[str, Any]) -> Answer:
        """Set or (with null) remove the request URL {url}; it must echo Slack's challenge."""
        app, before = self._slack.app, self._slack.app.request_url
        app.request_url = optional(body, "url")
        if app.request_url and not await self._slack.delivery.http.verify():
            url, app.request_url = app.request_url, before
            raise RefusedError("url_verification_failed", detail=f"{url} did not echo the challenge")
        return {"ok": True, "url": app.request_url}

    # ---- people

    def add_user(self, body: dict[str, Any]) -> Answer:
        """Add a person {id?, name, real_name?, tz?, ..., team?, quiet?}; sends team_join."""
        workspace = self._workspace(body)
        details = {name: value for name, value in body.items() if name not in ("team", "quiet")}
        details.setdefault("id", self._slack.ids.new("U"))
        person = Person.model_validate(details)
        self._slack.add_person(workspace, person)
        shown = person_object(workspace, person, with_locale=True)
        if not body.get("quiet"):
            self._slack.send_event(workspace, {"type": "team_join", "user": shown})
        self._slack.pages.send(
            list(workspace.people), {"type": "user", "user": page_user(workspace, person.id)}
        )
        return {"ok": True, "user": person_object(workspace, person, with_email=True, with_locale=True)}

    def change_user(self, body: dict[str, Any]) -> Answer:
        """Change a person {user, deleted?, tz?, locale?, ...}; sends user_change."""
        (user,) = required(body, "user")
        workspace, person = self._slack.person(user)
        changes = {name: body[name] for name in _CHANGEABLE if name in body}
        workspace.people[user] = changed = Person.model_validate({**person.model_dump(), **changes})
        workspace.updated[user] = int(float(self._slack.ids.timestamp()))
        with_email = self._slack.manifest.grants("users:read.email")
        shown = person_object(workspace, changed, with_email=with_email, with_locale=True)
        event = {"type": "user_change", "user": shown, "cache_ts": workspace.updated[user]}
        event["event_ts"] = self._slack.ids.timestamp()
        self._slack.send_event(workspace, event)
        self._slack.pages.send(list(workspace.people), {"type": "user", "user": page_user(workspace, user)})
        return {"ok": True, "user": shown}

    def add_user_group(self, body: dict[str, Any]) -> Answer:
        """Add or replace a user group {id, name, users, team?}."""
        workspace = self._workspace(body)
        group = UserGroup.model_validate({name: value for name, value in body.items() if name != "team"})
        workspace.user_groups[group.id] = group
        return {"ok": True, "usergroup": group.model_dump()}

    # ---- channels

    def add_channel(self, body: dict[str, Any]) -> Answer:
        """Add a channel {id?, name, is_private?, members?, topic?, team?}."""
        workspace = self._workspace(body)
        details = {name: value for name, value in body.items() if name != "team"}
        details.setdefault("id", self._slack.ids.new("C"))
        channel = Channel.model_validate(details)
        known = set(workspace.people) | {workspace.bot_user}
        strangers = [member for member in channel.members if member not in known]
        if channel.id in workspace.conversations or strangers:
            raise RefusedError("invalid_arguments", detail=f"id taken, or unknown members: {strangers}")
        conversation = self._slack.add_channel(workspace, channel)
        tell_channel(self._slack, workspace, conversation)
        shown = conversation_object(workspace, conversation, workspace.bot_user, with_count=True)
        return {"ok": True, "channel": shown | {"members": conversation.members}}

    def invite(self, body: dict[str, Any]) -> Answer:
        """Add a person or the bot to a channel {channel, user, inviter?}."""
        workspace, conversation, user = self._member(body)
        if user in conversation.members:
            raise RefusedError("already_in_channel")
        join(self._slack, workspace, conversation, user, optional(body, "inviter"))
        return {"ok": True, "members": conversation.members}

    def kick(self, body: dict[str, Any]) -> Answer:
        """Remove a person or the bot from a channel {channel, user}."""
        workspace, conversation, user = self._member(body)
        if user not in conversation.members:
            raise RefusedError("not_in_channel")
        leave(self._slack, workspace, conversation, user)
        return {"ok": True, "members": conversation.members}

    def archive(self, body: dict[str, Any]) -> Answer:
        """Archive a channel {channel, user?}."""
        (channel,) = required(body, "channel")
        workspace, conversation = self._slack.find_conversation(channel)
        archive(self._slack, workspace, conversation, optional(body, "user") or conversation.creator)
        return {"ok": True}

    # ---- the installation

    def uninstall(self, body: dict[str, Any]) -> Answer:
        """Uninstall the app {team?}: sends app_uninstalled and tokens_revoked; calls get account_inactive."""
        workspace = self._workspace(body)
        tokens = {"oauth": [], "bot": [workspace.bot_user]}
        self._slack.send_event(workspace, {"type": "app_uninstalled"})
        self._slack.send_event(workspace, {"type": "tokens_revoked", "tokens": tokens})
        workspace.installed = False
        return {"ok": True}

    def revoke_tokens(self, body: dict[str, Any]) -> Answer:
        """Revoke the bot token {team?}: sends tokens_revoked; calls get token_revoked."""
        workspace = self._workspace(body)
        tokens = {"oauth": [], "bot": [workspace.bot_user]}
        self._slack.send_event(workspace, {"type": "tokens_revoked", "tokens": tokens})
        workspace.revoked_tokens.add(workspace.bot_token)
        return {"ok": True}

    def install(self, body: dict[str, Any]) -> Answer:
        """Install the app again with the configured token {team?}."""
        workspace = self._workspace(body)
        workspace.installed = True
        workspace.bot_token = workspace.config.bot_token
        workspace.revoked_tokens.clear()
        return {"ok": True, "bot_token": workspace.bot_token}

    def oauth_code(self, body: dict[str, Any]) -> Answer:
        """A code for oauth.v2.access, as if an admin had just agreed {team?}."""
        return {"ok": True, "code": self._slack.capabilities.give_code(self._workspace(body).id)}

    def _workspace(self, body: dict[str, Any]) -> Workspace:
        wanted = optional(body, "team") or next(iter(self._slack.workspaces))
        if wanted not in self._slack.workspaces:
            raise RefusedError("team_not_found", detail=f"there is no team {wanted}")
        return self._slack.workspaces[wanted]

    def _member(self, body: dict[str, Any]) -> tuple[Workspace, Conversation, str]:
        channel, user = required(body, "channel", "user")
        workspace, conversation = self._slack.find_conversation(channel)
        if user not in workspace.people and user != workspace.bot_user:
            raise RefusedError("user_not_found")
        return workspace, conversation, user
