"""Reads the bot scopes from the app's manifest."""

import json
from pathlib import Path

from allybot.errors import ContentError

FILE = "slack-manifest.json"


def bot_scopes(*places: Path) -> tuple[str, ...]:
    """The bot's scopes from the manifest in the first of these directories that has one.

    Raises:
        ContentError: there is none, or it is invalid.
    """
    file = next((place / FILE for place in places if (place / FILE).is_file()), None)
    if file is None:
        raise ContentError(f"{FILE}: the file is missing in {' and '.join(map(str, places))}")
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        return tuple(str(scope) for scope in manifest["oauth_config"]["scopes"]["bot"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ContentError(f"{file}: it names no scopes at oauth_config.scopes.bot") from error
