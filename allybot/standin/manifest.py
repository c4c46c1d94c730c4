"""What a Slack app manifest grants: scopes, events, slash commands, the Home tab."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allybot.standin.errors import ConfigError


@dataclass(frozen=True)
class Command:
    """A slash command as people see it in the composer."""

    command: str
    description: str
    usage_hint: str


@dataclass(frozen=True)
class Manifest:
    """`scopes`, `events` and `commands` are None when there is no manifest: then all is allowed."""

    name: str | None = None
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    commands: tuple[Command, ...] | None = None
    home_tab: bool = True
    messages_tab: bool = True

    def missing_scope(self, needed: tuple[str, ...]) -> bool:
        """Whether none of the scopes that would do is granted."""
        return bool(needed) and self.scopes is not None and not self.scopes & set(needed)

    def grants(self, scope: str) -> bool:
        """Whether this one scope is granted."""
        return self.scopes is None or scope in self.scopes

    def subscribed(self, event: str) -> bool:
        """Whether the app asked for this event (`message.im`, `user_change`, ...)."""
        return self.events is None or event in self.events

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
        ConfigError: the file cannot be read or is no JSON object.
    """
    if source is None:
        return Manifest()
    if isinstance(source, Path):
        try:
            loaded = json.loads(source.read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise ConfigError(f"manifest {source}: {problem}") from problem
        if not isinstance(loaded, dict):
            raise ConfigError(f"manifest {source}: expected a JSON object")
        source = loaded
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
    )
