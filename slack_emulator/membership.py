"""Joining and leaving channels, and archiving them."""

from typing import Any

from slack_emulator.pages_json import page_channel
from slack_emulator.slack import Slack
from slack_emulator.state import Conversation, Workspace


def join(
    slack: Slack, workspace: Workspace, conversation: Conversation, user: str, inviter: str | None = None
) -> None:
    """Add a member and notify the app and the pages."""
    conversation.members.append(user)
    event = _event("member_joined_channel", slack, workspace, conversation, user)
    if inviter:
        event["inviter"] = inviter
    if workspace.is_bot_member(conversation):
        slack.send_event(workspace, event)
    tell_channel(slack, workspace, conversation)


def leave(slack: Slack, workspace: Workspace, conversation: Conversation, user: str) -> None:
    """Remove a member (or the bot) and notify the app and the pages."""
    heard = workspace.is_bot_member(conversation)
    conversation.members.remove(user)
    if heard:
        slack.send_event(workspace, _event("member_left_channel", slack, workspace, conversation, user))
    if user == workspace.bot_user:
        kind = "channel_left" if conversation.kind == "public" else "group_left"
        event = {"type": kind, "channel": conversation.id, "actor_id": conversation.creator}
        slack.send_event(workspace, {**event, "event_ts": slack.ids.timestamp()})
    tell_channel(slack, workspace, conversation, [user])


def archive(slack: Slack, workspace: Workspace, conversation: Conversation, user: str) -> None:
    """Archive a channel."""
    conversation.is_archived = True
    kind = "channel_archive" if conversation.kind == "public" else "group_archive"
    if conversation.kind == "public" or workspace.is_bot_member(conversation):
        event = {
            "type": kind,
            "channel": conversation.id,
            "user": user,
            "is_moved": 0,
            "event_ts": slack.ids.timestamp(),
        }
        slack.send_event(workspace, event)
    tell_channel(slack, workspace, conversation)


def tell_channel(
    slack: Slack, workspace: Workspace, conversation: Conversation, also: list[str] | None = None
) -> None:
    """Send the channel's new state to every viewer's page."""
    for user in {*slack.viewers(conversation), *(also or [])}:
        if slack.pages.watched(user):
            update = {"type": "channel", "channel": page_channel(workspace, conversation, user)}
            slack.pages.send([user], update)


def _event(
    kind: str, slack: Slack, workspace: Workspace, conversation: Conversation, user: str
) -> dict[str, Any]:
    return {
        "type": kind,
        "user": user,
        "channel": conversation.id,
        "channel_type": "C" if conversation.kind == "public" else "G",
        "team": workspace.id,
        "event_ts": slack.ids.timestamp(),
    }
