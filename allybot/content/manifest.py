"""The app's manifest: its bot scopes, and the manifest as one installation needs it."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allybot.errors import ContentError, UserError

FILE = "slack-manifest.json"
_EVENTS_OF_OPTIONAL_SCOPES = {"reactions:read": ("reaction_added",)}
"""What Slack sends only with an optional scope (the reference page of each event)."""


@dataclass(frozen=True)
class Addresses:
    """Where Slack reaches an installation over HTTP, and where it sends an administrator back."""

    events: str
    redirect: str


def bot_scopes(*places: Path, optional: bool = True) -> tuple[str, ...]:
    """The bot's scopes from the manifest in the first of these directories that has one.

    Args:
        optional: whether to include those that whoever installs the app may refuse.

    Raises:
        ContentError: there is none, or it is invalid.
    """
    file, manifest = _read(*places)
    try:
        scopes = manifest["oauth_config"]["scopes"]
        left_out = set() if optional else set(scopes.get("bot_optional", []))
        return tuple(str(scope) for scope in scopes["bot"] if scope not in left_out)
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"{file}: it names no scopes at oauth_config.scopes.bot") from error


def manifest_of(
    *places: Path,
    addresses: Addresses | None = None,
    organisation: bool = True,
    optional_scopes: Collection[str] | None = None,
) -> dict[str, Any]:
    """The manifest from which the app of one installation is made.

    Args:
        places: directories; the first that has a manifest is taken.
        addresses: for HTTP; None for Socket Mode.
        organisation: whether an organisation (Enterprise) may install it as a whole.
        optional_scopes: those to ask for; None asks for all.

    Raises:
        ContentError: there is no manifest, or it is invalid.
        UserError: a scope is none of the optional ones.
    """
    file, manifest = _read(*places)
    try:
        scopes, settings = manifest["oauth_config"]["scopes"], manifest["settings"]
        offered = list(scopes["bot_optional"])
        wanted = set(offered if optional_scopes is None else optional_scopes)
        if not wanted <= set(offered):
            unknown = ", ".join(sorted(wanted - set(offered)))
            raise UserError(f"No optional scope is called {unknown}. There are: {', '.join(offered)}.")
        refused = [scope for scope in offered if scope not in wanted]
        scopes["bot"] = [scope for scope in scopes["bot"] if scope not in refused]
        scopes["bot_optional"] = [scope for scope in offered if scope in wanted]
        if not wanted:
            del scopes["bot_optional"]
        events = settings["event_subscriptions"]
        unsent = {event for scope in refused for event in _EVENTS_OF_OPTIONAL_SCOPES.get(scope, ())}
        events["bot_events"] = [event for event in events["bot_events"] if event not in unsent]
        settings["org_deploy_enabled"] = organisation
        if addresses is not None:
            settings["socket_mode_enabled"] = False
            events["request_url"] = addresses.events
            settings["interactivity"]["request_url"] = addresses.events
            for command in manifest["features"]["slash_commands"]:
                command["url"] = addresses.events
            manifest["oauth_config"]["redirect_urls"] = [addresses.redirect]
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"{file}: it does not have the form of the manifest that ships") from error
    return manifest


def _read(*places: Path) -> tuple[Path, dict[str, Any]]:
    file = next((place / FILE for place in places if (place / FILE).is_file()), None)
    if file is None:
        raise ContentError(f"{FILE}: the file is missing in {' and '.join(map(str, places))}")
    try:
        manifest = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ContentError(f"{file}: it names no scopes at oauth_config.scopes.bot") from error
    if not isinstance(manifest, dict):
        raise ContentError(f"{file}: it names no scopes at oauth_config.scopes.bot")
    return file, manifest
