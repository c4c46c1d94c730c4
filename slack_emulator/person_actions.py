"""A person's actions outside modals: messages, reactions, commands, buttons, the Home tab."""

import html
import re
import uuid
from typing import Any

from slack_emulator.delivery_outcome import Outcome
from slack_emulator.errors import RefusedError
from slack_emulator.field_values import action_of, first_values, take_values
from slack_emulator.payloads import message_action, slash_command, view_with_state
from slack_emulator.posting import change, delete, post
from slack_emulator.reacting import react, unreact
from slack_emulator.responses import show_answer
from slack_emulator.slack import Slack
from slack_emulator.state import Conversation, Message, Workspace

# Mentions and links as Slack encodes them; they are not escaped.
_SPECIAL = re.compile(r"<(?:[@#!]|https?:|mailto:)[^<>]*>")


def escape(text: str) -> str:
    """A typed text as Slack stores it: & < > become entities, mentions and links stay."""
    parts, end = [], 0
    for found in _SPECIAL.finditer(text):
        parts += [html.escape(text[end : found.start()], quote=False), found.group()]
        end = found.end()
    return "".join([*parts, html.escape(text[end:], quote=False)])


def conversation_for(slack: Slack, user: str, wanted: str) -> tuple[Workspace, Conversation]:
    """The conversation a person means: a channel id, `#name`, the bot (id or name), another person.

    The user's own id means their direct message with the bot.

    Raises:
        RefusedError: user_not_found, channel_not_found, not_in_channel or account_inactive.
    """
    workspace, _ = slack.actor(user)
    name = wanted.lstrip("#@")
    if name in (user, workspace.bot_user, workspace.config.bot_id, workspace.bot_name):
        return workspace, slack.direct_message(workspace, workspace.bot_user, user)
    if name in workspace.people:
        return workspace, slack.direct_message(workspace, user, name)
    found = workspace.conversations.get(name) or next(
        (each for each in workspace.conversations.values() if each.name and each.name == name), None
    )
    if found is None:
        raise RefusedError("channel_not_found", detail=f"{user} sees no channel {wanted}")
    if user not in found.members and found.kind != "public":
        raise RefusedError("not_in_channel", detail=f"{user} is not in {wanted}")
    return workspace, found


def message_for(slack: Slack, user: str, channel: str, ts: str) -> tuple[Workspace, Message]:
    """A message a person can see.

    Raises:
        RefusedError: message_not_found, and what `conversation_for` raises.
    """
    workspace, conversation = conversation_for(slack, user, channel)
    message = conversation.by_ts.get(ts)
    if message is None or message.ephemeral_to not in (None, user):
        raise RefusedError("message_not_found", detail=f"no message {ts} in {conversation.id}")
    return workspace, message


def write(slack: Slack, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
    """Write a message as a person."""
    workspace, conversation = conversation_for(slack, user, channel)
    if conversation.is_archived:
        raise RefusedError("is_archived")
    if user not in conversation.members:
        raise RefusedError("not_in_channel", detail=f"{user} has not joined {conversation.name}")
    if slack.manifest.messages_read_only and conversation.partner(user) == workspace.bot_user:
        raise RefusedError("messages_tab_read_only", detail="the manifest lets people read here, not write")
    typed = escape(text)
    plain = [{"type": "text", "text": text}]
    block = {
        "type": "rich_text",
        "block_id": slack.ids.new("b"),
        "elements": [{"type": "rich_text_section", "elements": plain}],
    }
    fields: dict[str, Any] = {
        "user": user,
        "type": "message",
        "client_msg_id": str(uuid.uuid4()),
        "text": typed,
        "team": workspace.teams_of(user)[0],
        "blocks": [block],
    }
    if workspace.people[user].external_team:
        fields["user_team"] = workspace.teams_of(user)[0]
    if thread_ts:
        root = conversation.by_ts.get(thread_ts)
        if root is None:
            raise RefusedError("thread_not_found")
        fields["thread_ts"] = root.fields.get("thread_ts", thread_ts)
    return post(slack, workspace, conversation, fields)


def edit(slack: Slack, user: str, channel: str, ts: str, text: str) -> Message:
    """Change one's own message."""
    workspace, message = message_for(slack, user, channel, ts)
    if message.fields["user"] != user:
        raise RefusedError("cant_update_message")
    change(slack, workspace, message, {"text": escape(text), "blocks": None}, user)
    return message


def delete_own(slack: Slack, user: str, channel: str, ts: str) -> None:
    """Delete one's own message."""
    workspace, message = message_for(slack, user, channel, ts)
    if message.fields["user"] != user:
        raise RefusedError("cant_delete_message")
    delete(slack, workspace, message)


def set_reaction(slack: Slack, user: str, channel: str, ts: str, name: str, *, present: bool) -> None:
    """React to a message or take the reaction back."""
    workspace, message = message_for(slack, user, channel, ts)
    (react if present else unreact)(slack, workspace, message, user, name.strip(":"))


async def command(slack: Slack, user: str, channel: str, name: str, text: str) -> dict[str, Any]:
    """Type a slash command; what the app acknowledges with is shown to the person."""
    workspace, conversation = conversation_for(slack, user, channel)
    name = name if name.startswith("/") else f"/{name}"
    if not slack.manifest.knows_command(name) or not reachable(workspace, user, commands=True):
        slack.notice(user, f"{name} is not a valid command.")
        raise RefusedError("unknown_command", detail=f"{name} is not a valid command")
    secret = slack.capabilities.give_url(workspace.id, conversation.id, user)
    words = {
        "command": name,
        "text": text,
        "response_url": f"{slack.base_url}response/{secret}",
        "trigger_id": slack.capabilities.give_trigger(workspace.id, user),
    }
    outcome = await slack.delivery.send_command(
        slash_command(workspace, slack.app, user, conversation, words)
    )
    if not outcome.acknowledged:
        code = failure_code(outcome)
        return told(slack, user, outcome, f"{name} failed with the error “{code}”.")
    if outcome.body:
        body = outcome.body if isinstance(outcome.body, dict) else {"text": str(outcome.body)}
        if body.get("text") or body.get("blocks"):
            show_answer(slack, workspace, conversation, user, body)
    return told(slack, user, outcome)


async def press(slack: Slack, user: str, channel: str, ts: str, asked: Any) -> dict[str, Any]:
    """Use a button or menu of a message."""
    workspace, message = message_for(slack, user, channel, ts)
    blocks = message.fields.get("blocks") or []
    action = action_of(blocks, asked, slack.ids.timestamp())
    first = first_values(blocks)
    if action["action_id"] in first.get(action["block_id"], {}):
        known = {**first, **message.state.get(user, {})}
        given = {action["block_id"]: {action["action_id"]: action}}
        message.state[user] = take_values(blocks, known, given)
    elif first:
        message.state.setdefault(user, first)
    secret = slack.capabilities.give_url(
        workspace.id, message.channel, user, ts, message.fields.get("thread_ts")
    )
    capabilities = {
        "trigger_id": slack.capabilities.give_trigger(workspace.id, user),
        "response_url": f"{slack.base_url}response/{secret}",
    }
    outcome = Outcome(acknowledged=False, reason="no_connection")
    if reachable(workspace, user) and slack.manifest.interactivity:
        payload = message_action(workspace, slack.app, user, message, action, capabilities)
        outcome = await slack.delivery.send_interaction(payload)
    return told(slack, user, outcome, f"{workspace.bot_name} did not respond.")


def open_home(slack: Slack, user: str, tab: str = "home") -> Conversation:
    """Open the app's Home (or Messages) tab."""
    workspace, _ = slack.actor(user)
    conversation = slack.direct_message(workspace, workspace.bot_user, user)
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": user,
        "channel": conversation.id,
        "tab": tab,
        "event_ts": slack.ids.timestamp(),
    }
    view = workspace.homes.get(user)
    if view is not None and tab == "home":
        event["view"] = view_with_state(view)
    slack.send_event(workspace, event)
    return conversation


def reachable(workspace: Workspace, user: str, *, commands: bool = False) -> bool:
    """Whether what a person does reaches the app.

    Nobody of another organisation has its commands (bolt-python#767).
    """
    if not workspace.installed:
        return False
    if workspace.people[user].external_team:
        return not commands
    return not workspace.is_organisation or bool(workspace.added & set(workspace.teams_of(user)))


def failure_code(outcome: Outcome) -> str:
    """Slack's code for an app that did not answer: not reached, or too slow."""
    return "operation_timeout" if outcome.reason in ("timeout", "http_timeout") else "dispatch_failed"


def told(slack: Slack, user: str, outcome: Outcome, notice: str = "") -> dict[str, Any]:
    """The control answer after a delivery; the person sees a notice if the app did not acknowledge."""
    if outcome.acknowledged:
        return {"ok": True, "acknowledged": True}
    slack.notice(user, notice)
    return {"ok": True, "acknowledged": False, "reason": failure_code(outcome), "notice": notice}
