"""Reads the bot scopes from the app's manifest."""

import json
from pathlib import Path

from allybot.errors import ContentError

FILE = "slack-manifest.json"


def bot_scopes(*places: Path, optional: bool = True) -> tuple[str, ...]:
    """The bot's scopes from the manifest in the first of these directories that has one.

    Args:
        optional: whether to include those that whoever installs the app may refuse.

    Raises:
        ContentError: there is none, or it is invalid.
    """
    file = next((place / FILE for place in places if (place / FILE).is_file()), None)
    if file is None:
        raise ContentError(f"{FILE}: the file is missing in {' and '.join(map(str, places))}")
    try:
        manifest = json.loads(file.read_text(encoding="utf-8-sig"))
        scopes = manifest["oauth_config"]["scopes"]
        left_out = set() if optional else set(scopes.get("bot_optional", []))
        return tuple(str(scope) for scope in scopes["bot"] if scope not in left_out)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"{file}: it names no scopes at oauth_config.scopes.bot") from error
