"""Posting, changing and deleting messages: stored, sent to the app as events and to open pages."""

from copy import deepcopy
from typing import Any

from slack_emulator.pages_json import page_message
from slack_emulator.slack import Slack
from slack_emulator.state import Conversation, Message, Workspace

_EVENT_KIND = {"im": "im", "public": "channel", "private": "group"}


def post(
    slack: Slack,
    workspace: Workspace,
    conversation: Conversation,
    fields: dict[str, Any],
    ephemeral_to: str | None = None,
) -> Message:
    """Store a new message and notify app and pages. `fields` lack only `ts`; they are stored."""
    fields["ts"] = slack.ids.timestamp()
    message = Message(conversation.id, fields, slack.shown_at(), ephemeral_to)
    conversation.add(message)
    _count_reply(conversation, message)
    slack.pages.send(
        slack.viewers(conversation, message), {"type": "message", "message": page_message(message)}
    )
    _count_unread(slack, conversation, message)
    if not ephemeral_to:
        event = {**fields, "event_ts": message.ts}
        if "metadata" in fields:
            event["metadata"] = {"event_type": fields["metadata"]["event_type"]}
        _send(slack, workspace, conversation, event)
    return message


def change(
    slack: Slack, workspace: Workspace, message: Message, changes: dict[str, Any], editor: str
) -> None:
    """Replace fields of a message (None removes one) and mark it as edited by `editor` (a user id)."""
    before = deepcopy(message.fields)
    for name, value in changes.items():
        if value is None:
            message.fields.pop(name, None)
        else:
            message.fields[name] = value
    message.fields["edited"] = {"user": editor, "ts": slack.ids.timestamp()}
    announce_change(slack, workspace, message, before)


def announce_change(
    slack: Slack, workspace: Workspace, message: Message, before: dict[str, Any] | None
) -> None:
    """Notify pages of a changed message, and the app if `before` is given."""
    conversation = workspace.conversations[message.channel]
    update = {"type": "message_changed", "message": page_message(message)}
    slack.pages.send(slack.viewers(conversation, message), update)
    if before is None or message.ephemeral_to:
        return
    now = slack.ids.timestamp()
    body = {
        "type": "message",
        "subtype": "message_changed",
        "message": deepcopy(message.fields),
        "previous_message": before,
        "hidden": True,
        "ts": now,
        "event_ts": now,
    }
    _send(slack, workspace, conversation, body)


def delete(slack: Slack, workspace: Workspace, message: Message) -> None:
    """Remove a message and notify app and pages."""
    conversation = workspace.conversations[message.channel]
    conversation.remove(message.ts)
    update = {"type": "message_deleted", "channel": conversation.id, "ts": message.ts}
    slack.pages.send(slack.viewers(conversation, message), update)
    if message.ephemeral_to:
        return
    now = slack.ids.timestamp()
    body = {
        "type": "message",
        "subtype": "message_deleted",
        "deleted_ts": message.ts,
        "previous_message": message.fields,
        "hidden": True,
        "ts": now,
        "event_ts": now,
    }
    _send(slack, workspace, conversation, body)


def _send(slack: Slack, workspace: Workspace, conversation: Conversation, body: dict[str, Any]) -> None:
    # An app gets events only of conversations its bot is in, and of the kinds it subscribed to.
    if not workspace.is_bot_member(conversation):
        return
    kind = _EVENT_KIND[conversation.kind]
    event = {**body, "channel": conversation.id, "channel_type": kind}
    kinds = {"im": "im", "channel": "channels", "group": "groups"}
    slack.send_event(workspace, event, f"message.{kinds[kind]}")
    mention = f"<@{workspace.bot_user}>"
    if kind != "im" and "subtype" not in body and mention in str(body.get("text", "")):
        shown = {key: value for key, value in event.items() if key != "channel_type"}
        slack.send_event(workspace, {**shown, "type": "app_mention"})


def _count_reply(conversation: Conversation, message: Message) -> None:
    root_ts = message.fields.get("thread_ts")
    root = conversation.by_ts.get(root_ts) if root_ts and root_ts != message.ts else None
    if root is None or message.ephemeral_to:
        return
    message.fields["parent_user_id"] = root.fields.get("user")
    repliers = [*root.fields.get("reply_users", [])]
    if message.fields["user"] not in repliers:
        repliers.append(message.fields["user"])
    root.fields |= {
        "thread_ts": root.ts,
        "reply_count": root.fields.get("reply_count", 0) + 1,
        "reply_users": repliers,
        "reply_users_count": len(repliers),
        "latest_reply": message.ts,
        "subscribed": False,
        "is_locked": False,
    }


def _count_unread(slack: Slack, conversation: Conversation, message: Message) -> None:
    author = message.fields["user"]
    readers = [message.ephemeral_to] if message.ephemeral_to else conversation.members
    for reader in readers:
        if reader == author:
            continue
        count = conversation.unread[reader] = conversation.unread.get(reader, 0) + 1
        slack.pages.send([reader], {"type": "unread", "channel": conversation.id, "count": count})
