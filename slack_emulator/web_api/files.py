"""files.*: ask for an upload address, complete the upload, look a file up."""

from typing import Any

from slack_emulator.errors import RefusedError
from slack_emulator.objects import bot_profile, file_object
from slack_emulator.posting import post
from slack_emulator.state import Conversation, Upload
from slack_emulator.web_api.call import Call, method

_SHOWN = 10_000
"""Characters of a text that files.info shows; Slack does not document its own figure."""


@method("files.getUploadURLExternal", "files:write")
def upload_url(call: Call) -> dict[str, Any]:
    """Where to send the bytes of a file of the given length."""
    name = call.text("filename")
    call.text("length")
    length = call.integer("length", 0, 1_000_000_000)
    upload = Upload(call.slack.ids.new("F"), call.workspace.id, call.slack.ids.secret(), name, length)
    call.workspace.files[upload.id] = upload
    return {"upload_url": f"{call.slack.base_url}upload/v1/{upload.id}/{upload.secret}", "file_id": upload.id}


@method("files.completeUploadExternal", "files:write")
def complete_upload(call: Call) -> dict[str, Any]:
    """Finish uploads and share them in a conversation as a message with `files`."""
    asked = call.structure("files", "invalid_arguments")
    if not isinstance(asked, list) or not asked:
        raise RefusedError("invalid_arguments", messages=["missing required field: files"])
    conversation = _where(call)
    uploads = [_finished(call, entry) for entry in asked]
    workspace = call.workspace
    for upload in uploads:
        if conversation:
            kind = {"im": "ims", "public": "channels", "private": "groups"}[conversation.kind]
            upload.fields[kind] = [conversation.id]
    if conversation:
        fields = {
            "type": "message",
            "text": call.optional("initial_comment") or "",
            "files": [upload.fields for upload in uploads],
            "upload": False,
            "user": workspace.bot_user,
            "display_as_bot": False,
            "bot_id": workspace.config.bot_id,
            "app_id": call.slack.app.app_id,
            "team": workspace.id,
            "bot_profile": bot_profile(workspace, call.slack.app),
        }
        if call.optional("thread_ts"):
            fields["thread_ts"] = call.text("thread_ts")
        post(call.slack, workspace, conversation, fields)
    return {"files": [upload.fields for upload in uploads]}


@method("files.info", "files:read")
def files_info(call: Call) -> dict[str, Any]:
    """A file and the start of its text."""
    upload = call.workspace.files.get(call.optional("file") or "")
    if upload is None or not upload.fields:
        raise RefusedError("file_not_found")
    paging = {"count": 100, "total": 0, "page": 1, "pages": 0}
    answer: dict[str, Any] = {"file": upload.fields, "comments": [], "paging": paging}
    if upload.fields["mimetype"].startswith("text/"):
        text = (upload.content or b"").decode(errors="replace")
        answer |= {"content": text[:_SHOWN], "is_truncated": len(text) > _SHOWN}
    return answer | {"response_metadata": {"next_cursor": ""}}


def _where(call: Call) -> Conversation | None:
    wanted = call.optional("channel_id") or next(iter(call.names("channels")), None)
    if wanted is None:
        return None
    conversation = call.workspace.conversations.get(wanted)
    if conversation is None or (
        conversation.kind != "public" and not call.workspace.is_bot_member(conversation)
    ):
        raise RefusedError("channel_not_found")
    if not call.workspace.is_bot_member(conversation):
        raise RefusedError("not_in_channel")
    return conversation


def _finished(call: Call, entry: Any) -> Upload:
    upload = call.workspace.files.get(str(entry.get("id", ""))) if isinstance(entry, dict) else None
    if upload is None or upload.content is None:
        raise RefusedError("file_not_found")
    upload.fields = file_object(call.workspace, upload, str(entry.get("title") or ""), call.slack.base_url)
    return upload
