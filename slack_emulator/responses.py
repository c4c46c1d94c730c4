"""Answers by response_url or in a command's acknowledgement: ephemeral or to all, replacing or deleting."""

from typing import Any

from slack_emulator.blocks import check_message_blocks, with_ids
from slack_emulator.errors import RefusedError
from slack_emulator.objects import bot_profile
from slack_emulator.posting import announce_change, change, delete, post
from slack_emulator.slack import Slack
from slack_emulator.state import Conversation, Message, Workspace

_TRUE = (True, "true", "1", 1)


def answer_url(slack: Slack, secret: str, body: dict[str, Any]) -> None:
    """Carry out a POST to a response_url.

    Raises:
        RefusedError: expired_url, used_url, invalid_url, no_text or what the blocks deserve.
    """
    capability = slack.capabilities.use_url(secret)
    workspace = slack.workspaces[capability.team]
    conversation = workspace.conversations[capability.channel]
    original = conversation.by_ts.get(capability.message_ts or "")
    if body.get("delete_original") in _TRUE:
        if original is None:
            raise RefusedError("message_not_found")
        delete(slack, workspace, original)
    elif body.get("replace_original") in _TRUE and original is not None:
        _replace(slack, workspace, original, body)
    else:
        thread_ts = body.get("thread_ts") or capability.thread_ts
        show_answer(slack, workspace, conversation, capability.user, body, thread_ts)


def show_answer(
    slack: Slack,
    workspace: Workspace,
    conversation: Conversation,
    user: str,
    body: dict[str, Any],
    thread_ts: str | None = None,
) -> Message:
    """Post what an app answered: to the person alone unless `response_type` is `in_channel`."""
    fields = {
        "user": workspace.bot_user,
        "type": "message",
        "bot_id": workspace.config.bot_id,
        "app_id": slack.app.app_id,
        "team": workspace.id,
        "bot_profile": bot_profile(workspace, slack.app),
        **_content(slack, workspace, body),
    }
    if thread_ts:
        fields["thread_ts"] = thread_ts
    private = body.get("response_type", "ephemeral") != "in_channel"
    if private:
        fields["subtype"] = "bot_message"
    return post(slack, workspace, conversation, fields, ephemeral_to=user if private else None)


def _replace(slack: Slack, workspace: Workspace, original: Message, body: dict[str, Any]) -> None:
    content = _content(slack, workspace, body)
    changes = {"text": content["text"], "blocks": content.get("blocks")}
    if original.ephemeral_to:
        original.fields |= {key: value for key, value in changes.items() if value is not None}
        if changes["blocks"] is None:
            original.fields.pop("blocks", None)
        announce_change(slack, workspace, original, None)
    else:
        change(slack, workspace, original, changes, workspace.config.bot_id)


def _content(slack: Slack, workspace: Workspace, body: dict[str, Any]) -> dict[str, Any]:
    text, blocks = body.get("text"), body.get("blocks")
    if not text and not blocks:
        raise RefusedError("no_text")
    content: dict[str, Any] = {"text": text or ""}
    if blocks:
        content["blocks"] = with_ids(check_message_blocks(blocks, workspace.config.refused_blocks), slack.ids)
    return content
