"""reactions.*: the bot reacts to a message."""

from typing import Any

from slack_emulator.errors import RefusedError
from slack_emulator.reacting import react, unreact
from slack_emulator.state import Message
from slack_emulator.web_api.call import Call, method


def _target(call: Call) -> Message:
    if call.optional("channel") is None or call.optional("timestamp") is None:
        raise RefusedError("no_item_specified")
    return call.message(call.channel(), "timestamp")


@method("reactions.add", "reactions:write")
def reactions_add(call: Call) -> dict[str, Any]:
    """Add a reaction; once only."""
    react(call.slack, call.workspace, _target(call), call.workspace.bot_user, call.text("name"))
    return {}


@method("reactions.remove", "reactions:write")
def reactions_remove(call: Call) -> dict[str, Any]:
    """Take a reaction back."""
    unreact(call.slack, call.workspace, _target(call), call.workspace.bot_user, call.text("name"))
    return {}
