"""What a Slack app manifest grants: scopes, events, slash commands, the Home tab."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slack_emulator.errors import ConfigError


@dataclass(frozen=True)
class Command:
    """A slash command as people see it in the composer."""

    command: str
    description: str
    usage_hint: str


# Slack's reference names, for each event, the scopes any one of which is needed.
_EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "message.im": ("im:history",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "app_mention": ("app_mentions:read",),
    "user_change": ("users:read",),
    "team_join": ("users:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_archive": ("channels:read",),
    "channel_left": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unshared": ("channels:read", "groups:read"),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
}
KNOWN_SCOPES = frozenset({"commands", "im:read"}.union(*_EVENT_SCOPES.values()))
"""Scopes of events, commands and conversations; the Web API's methods name theirs beside them."""


@dataclass(frozen=True)
class Manifest:
    """`scopes`, `events` and `commands` are None when there is no manifest: then all is allowed."""

    name: str | None = None
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    commands: tuple[Command, ...] | None = None
    home_tab: bool = True
    messages_tab: bool = True
    messages_read_only: bool = False
    interactivity: bool = True
    rotates_tokens: bool = False
    organisation_ready: bool = True

    def missing_scope(self, needed: tuple[str, ...]) -> bool:
        """Whether none of the scopes that would do is granted."""
        return bool(needed) and self.scopes is not None and not self.scopes & set(needed)

    def grants(self, scope: str) -> bool:
        """Whether this one scope is granted."""
        return self.scopes is None or scope in self.scopes

    def subscribed(self, event: str) -> bool:
        """Whether the app asked for this event (`message.im`, ...) and holds a scope that shows it."""
        if self.events is None:
            return True
        return event in self.events and not self.missing_scope(_EVENT_SCOPES.get(event, ()))

    def knows_command(self, command: str) -> bool:
        """Whether the slash command belongs to the app."""
        return self.commands is None or any(entry.command == command for entry in self.commands)

    @property
    def scope_list(self) -> str:
        """The granted scopes as Slack writes them: comma-separated."""
        return ",".join(sorted(self.scopes or ()))


def read_manifest(source: dict[str, Any] | Path | None) -> Manifest:
    """Understand a manifest given as a dict or the path of a JSON file.

    Raises:
        ConfigError: the file cannot be read, is no JSON object or has an entry of the wrong kind.
    """
    if source is None:
        return Manifest()
    where = "the manifest"
    if isinstance(source, Path):
        where = f"manifest {source}"
        try:
            loaded = json.loads(source.read_text(encoding="utf-8"))
        except OSError as problem:
            raise ConfigError(f"{where}: {problem.strerror}") from problem
        except (ValueError, RecursionError) as problem:
            raise ConfigError(f"{where}: {problem}") from problem
        if not isinstance(loaded, dict):
            raise ConfigError(f"{where}: expected a JSON object")
        source = loaded
    try:
        return _understood(source)
    except (AttributeError, KeyError, TypeError) as problem:
        raise ConfigError(f"{where}: it does not have the form of a Slack app manifest") from problem


def _understood(source: dict[str, Any]) -> Manifest:
    features = source.get("features", {})
    home = features.get("app_home", {})
    return Manifest(
        name=features.get("bot_user", {}).get("display_name")
        or source.get("display_information", {}).get("name"),
        scopes=frozenset(source.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        events=frozenset(source.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])),
        commands=tuple(
            Command(entry["command"], entry.get("description", ""), entry.get("usage_hint", ""))
            for entry in features.get("slash_commands", [])
        ),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        messages_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
        interactivity=bool(source.get("settings", {}).get("interactivity", {}).get("is_enabled", True)),
        rotates_tokens=bool(source.get("settings", {}).get("token_rotation_enabled", False)),
        organisation_ready=bool(source.get("settings", {}).get("org_deploy_enabled", False)),
    )
