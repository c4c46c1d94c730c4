"""chat.*: post, update, delete, ephemeral messages, permalinks."""

import json
from typing import Any

from slack_emulator.access import require_conversation
from slack_emulator.blocks import check_message_blocks, with_ids
from slack_emulator.errors import RefusedError
from slack_emulator.objects import bot_profile
from slack_emulator.posting import change, delete, post
from slack_emulator.state import Conversation, Message
from slack_emulator.web_api.call import Call, method

_MAX_TEXT_LENGTH = 40_000
_MAX_UPDATE_LENGTH = 4_000
_MAX_MARKDOWN_LENGTH = 12_000
_MAX_ATTACHMENTS = 100
# Slack limits metadata without documenting the size; this limit is the emulator's.
_MAX_METADATA_BYTES = 16_000


@method("chat.postMessage", "chat:write", "chat:write.public")
def post_message(call: Call) -> dict[str, Any]:
    """Post as the bot; `channel` may be an id, `#name` or a user id (the direct message)."""
    conversation = _target(call)
    content = _content(call, _MAX_TEXT_LENGTH)
    metadata = _metadata(call)
    thread_ts = call.optional("thread_ts")
    if thread_ts and thread_ts not in conversation.by_ts:
        raise RefusedError("thread_not_found")
    _wait_turn(call, conversation)
    fields = _bot_fields(call) | content
    if metadata:
        fields["metadata"] = metadata
    if thread_ts:
        fields["thread_ts"] = conversation.by_ts[thread_ts].fields.get("thread_ts", thread_ts)
        if call.flag("reply_broadcast"):
            fields["subtype"] = "thread_broadcast"
    message = post(call.slack, call.workspace, conversation, fields)
    return {"channel": conversation.id, "ts": message.ts, "message": dict(message.fields)}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> dict[str, Any]:
    """Show a message to one member only."""
    conversation = _target(call)
    user = call.text("user")
    if user not in call.workspace.people:
        raise RefusedError("user_not_found")
    if user not in conversation.members:
        raise RefusedError("user_not_in_channel")
    content = _content(call, _MAX_TEXT_LENGTH)
    _wait_turn(call, conversation)
    fields = _bot_fields(call) | content | {"subtype": "bot_message"}
    if call.optional("thread_ts"):
        fields["thread_ts"] = call.text("thread_ts")
    message = post(call.slack, call.workspace, conversation, fields, ephemeral_to=user)
    return {"message_ts": message.ts}


@method("chat.update", "chat:write")
def update(call: Call) -> dict[str, Any]:
    """Replace text and blocks of the bot's own message."""
    conversation, message = _own_message(call, "cant_update_message")
    content = _content(call, _MAX_UPDATE_LENGTH)
    metadata = _metadata(call)
    # As documented: without `blocks` the old ones stay; an empty list removes them.
    changes: dict[str, Any] = {**content}
    if "blocks" in content:
        changes["blocks"] = content["blocks"] or None
    if metadata is not None:
        changes["metadata"] = metadata or None
    change(call.slack, call.workspace, message, changes, call.workspace.config.bot_id)
    text = message.fields["text"]
    return {"channel": conversation.id, "ts": message.ts, "text": text, "message": dict(message.fields)}


@method("chat.delete", "chat:write")
def delete_message(call: Call) -> dict[str, Any]:
    """Delete the bot's own message."""
    conversation, message = _own_message(call, "cant_delete_message")
    delete(call.slack, call.workspace, message)
    return {"channel": conversation.id, "ts": message.ts}


@method("chat.getPermalink")
def permalink(call: Call) -> dict[str, Any]:
    """The address of a message."""
    conversation = call.channel()
    message = call.message(conversation, "message_ts")
    place = f"archives/{conversation.id}/p{message.ts.replace('.', '')}"
    return {
        "channel": conversation.id,
        "permalink": f"https://{call.workspace.config.domain}.slack.com/{place}",
    }


def _target(call: Call) -> Conversation:
    """Where to post: raises channel_not_found, is_archived, not_in_channel or cannot_dm_bot."""
    wanted, workspace = call.optional("channel"), call.workspace
    if wanted is None:
        raise RefusedError("channel_not_found")
    if wanted in workspace.people:
        # Slack delivers to a deactivated person's direct message without complaint.
        wanted = call.slack.direct_message(workspace, workspace.bot_user, wanted).id
    if wanted == workspace.bot_user:
        raise RefusedError("cannot_dm_bot")
    name = wanted.removeprefix("#")
    found = workspace.conversations.get(wanted) or next(
        (each for each in workspace.conversations.values() if each.kind != "im" and each.name == name), None
    )
    member = found is not None and workspace.is_bot_member(found)
    if found is None or (found.kind != "public" and not member):
        raise RefusedError("channel_not_found")
    require_conversation(workspace, found)
    if found.is_archived:
        raise RefusedError("is_archived")
    if found.kind == "im" and not call.slack.manifest.messages_tab:
        raise RefusedError("messages_tab_disabled")
    public = call.slack.manifest.scopes is not None and call.slack.manifest.grants("chat:write.public")
    if not member and not public:
        raise RefusedError("not_in_channel")
    return found


def _own_message(call: Call, refusal: str) -> tuple[Conversation, Message]:
    conversation = call.channel()
    message = call.message(conversation)
    if message.ephemeral_to:
        raise RefusedError("message_not_found")
    if message.fields.get("bot_id") != call.workspace.config.bot_id:
        raise RefusedError(refusal)
    return conversation, message


def _content(call: Call, longest: int) -> dict[str, Any]:
    """`text` and `blocks` to store: raises no_text, msg_too_long or what the blocks deserve."""
    text, markdown = call.optional("text"), call.optional("markdown_text")
    blocks = call.structure("blocks", "invalid_blocks_format")
    attachments = _attachments(call)
    if markdown is not None:
        if text is not None or blocks:
            raise RefusedError("markdown_text_conflict")
        if len(markdown) > _MAX_MARKDOWN_LENGTH:
            raise RefusedError("msg_too_long")
        blocks, text = [{"type": "markdown", "text": markdown}], markdown
    if text is not None and len(text) > longest:
        raise RefusedError("msg_too_long")
    content: dict[str, Any] = {"text": text or ""}
    if blocks is not None:
        content["blocks"] = with_ids(
            check_message_blocks(blocks, call.workspace.config.refused_blocks), call.slack.ids
        )
    if text is None and not blocks and not attachments:
        raise RefusedError("no_text")
    if attachments:
        content["attachments"] = attachments
    return content


def _attachments(call: Call) -> list[dict[str, Any]] | None:
    found = call.structure("attachments", "invalid_attachments")
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise RefusedError("invalid_attachments")
    if len(found) > _MAX_ATTACHMENTS:
        raise RefusedError("too_many_attachments")
    return found


def _metadata(call: Call) -> dict[str, Any] | None:
    metadata = call.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if metadata == {}:
        return {}
    if (
        not isinstance(metadata, dict)
        or set(metadata) - {"event_type", "event_payload", "entities"}
        or not isinstance(metadata.get("event_type"), str)
        or not isinstance(metadata.get("event_payload"), dict)
    ):
        raise RefusedError("invalid_metadata_format")
    if len(json.dumps(metadata)) > _MAX_METADATA_BYTES:
        raise RefusedError("metadata_too_large")
    return metadata


def _bot_fields(call: Call) -> dict[str, Any]:
    workspace, app = call.workspace, call.slack.app
    return {
        "user": workspace.bot_user,
        "type": "message",
        "bot_id": workspace.config.bot_id,
        "app_id": app.app_id,
        "team": workspace.id,
        "bot_profile": bot_profile(workspace, app),
    }


def _wait_turn(call: Call, conversation: Conversation) -> None:
    wait = call.slack.limits.wait(call.workspace.id, conversation.id)
    if wait is not None:
        raise RefusedError("ratelimited", retry_after=wait)
