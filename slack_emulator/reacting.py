"""Reactions on messages, by people and by the bot."""

from slack_emulator.errors import RefusedError
from slack_emulator.posting import announce_change
from slack_emulator.slack import Slack
from slack_emulator.state import Message, Workspace


def react(slack: Slack, workspace: Workspace, message: Message, user: str, name: str) -> None:
    """Add a reaction.

    Raises:
        RefusedError: already_reacted.
    """
    reactions = message.fields.setdefault("reactions", [])
    entry = next((each for each in reactions if each["name"] == name), None)
    if entry is None:
        entry = {"name": name, "users": [], "count": 0}
        reactions.append(entry)
    if user in entry["users"]:
        raise RefusedError("already_reacted")
    entry["users"].append(user)
    entry["count"] = len(entry["users"])
    _tell(slack, workspace, message, "reaction_added", user, name)


def unreact(slack: Slack, workspace: Workspace, message: Message, user: str, name: str) -> None:
    """Take a reaction back.

    Raises:
        RefusedError: no_reaction.
    """
    reactions = message.fields.get("reactions", [])
    entry = next((each for each in reactions if each["name"] == name and user in each["users"]), None)
    if entry is None:
        raise RefusedError("no_reaction")
    entry["users"].remove(user)
    entry["count"] = len(entry["users"])
    message.fields["reactions"] = [each for each in reactions if each["count"]]
    if not message.fields["reactions"]:
        del message.fields["reactions"]
    _tell(slack, workspace, message, "reaction_removed", user, name)


def _tell(slack: Slack, workspace: Workspace, message: Message, kind: str, user: str, name: str) -> None:
    announce_change(slack, workspace, message, None)
    if workspace.is_bot_member(workspace.conversations[message.channel]):
        event = {
            "type": kind,
            "user": user,
            "item": {"type": "message", "channel": message.channel, "ts": message.ts},
            "reaction": name,
            "item_user": message.fields.get("user"),
            "event_ts": slack.ids.timestamp(),
        }
        slack.send_event(workspace, event)
