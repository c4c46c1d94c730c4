"""conversations.*: create channels, invite, kick, join, leave, archive."""

import re
from typing import Any

from slack_emulator.config import Channel
from slack_emulator.errors import RefusedError
from slack_emulator.membership import archive, join, leave, tell_channel
from slack_emulator.objects import conversation_object
from slack_emulator.state import Conversation
from slack_emulator.web_api.call import Call, method

# Slack: lowercase letters, digits, hyphens and underscores, at most 80 characters.
_NAME = re.compile(r"[\w-]{1,80}")


def _answer(call: Call, conversation: Conversation) -> dict[str, Any]:
    return {"channel": conversation_object(call.workspace, conversation, call.workspace.bot_user)}


def _manageable(call: Call, *, archived_ok: bool = False) -> Conversation:
    conversation = call.channel()
    if conversation.kind == "im":
        raise RefusedError("method_not_supported_for_channel_type")
    public = conversation.kind == "public"
    call.need(
        *(
            ("channels:manage", "channels:write.invites")
            if public
            else ("groups:write", "groups:write.invites")
        )
    )
    if conversation.is_archived and not archived_ok:
        raise RefusedError("is_archived")
    if not call.workspace.is_bot_member(conversation):
        raise RefusedError("not_in_channel")
    return conversation


@method("conversations.create")
def conversations_create(call: Call) -> dict[str, Any]:
    """A new channel with the bot as its first member."""
    private, name = call.flag("is_private"), call.optional("name")
    call.need("groups:write" if private else "channels:manage")
    if not name:
        raise RefusedError("invalid_name_required")
    if not _NAME.fullmatch(name) or name != name.lower():
        raise RefusedError("invalid_name_specials")
    if any(each.name == name for each in call.workspace.conversations.values()):
        raise RefusedError("name_taken")
    bot = call.workspace.bot_user
    made = Channel(id=call.slack.ids.new("C"), name=name, is_private=private, members=[bot])
    conversation = call.slack.add_channel(call.workspace, made)
    tell_channel(call.slack, call.workspace, conversation)
    return _answer(call, conversation)


@method("conversations.invite")
def conversations_invite(call: Call) -> dict[str, Any]:
    """Invite people; the first that cannot be invited refuses the call, unless `force`."""
    conversation, workspace = _manageable(call), call.workspace
    users = call.names("users")
    if not users:
        raise RefusedError("no_user")
    refused = {user: why for user in users if (why := _why_not(call, user))}
    refusals = [{"user": user, "ok": False, "error": why} for user, why in refused.items()]
    if refused and not call.flag("force"):
        raise RefusedError(next(iter(refused.values())), errors=refusals)
    for user in users:
        if user not in refused:
            join(call.slack, workspace, conversation, user, inviter=workspace.bot_user)
    return _answer(call, conversation) | ({"errors": refusals} if refusals else {})


def _why_not(call: Call, user: str) -> str:
    if user == call.workspace.bot_user:
        return "cant_invite_self"
    person = call.workspace.people.get(user)
    if person is None:
        return "user_not_found"
    if person.deleted:
        return "cant_invite"
    return "already_in_channel" if user in call.channel().members else ""


@method("conversations.kick")
def conversations_kick(call: Call) -> dict[str, Any]:
    """Remove somebody."""
    conversation, user = _manageable(call), call.text("user")
    if user == call.workspace.bot_user:
        raise RefusedError("cant_kick_self")
    if user not in call.workspace.people:
        raise RefusedError("user_not_found")
    if user not in conversation.members:
        raise RefusedError("not_in_channel")
    if conversation.is_general:
        raise RefusedError("cant_kick_from_general")
    leave(call.slack, call.workspace, conversation, user)
    return {"errors": {}}


@method("conversations.join", "channels:join")
def conversations_join(call: Call) -> dict[str, Any]:
    """The bot joins a public channel."""
    conversation, workspace = call.channel(), call.workspace
    if conversation.kind != "public":
        raise RefusedError("method_not_supported_for_channel_type")
    if conversation.is_archived:
        raise RefusedError("is_archived")
    if workspace.is_bot_member(conversation):
        return _answer(call, conversation) | {"warning": "already_in_channel"}
    join(call.slack, workspace, conversation, workspace.bot_user)
    return _answer(call, conversation)


@method("conversations.leave")
def conversations_leave(call: Call) -> dict[str, Any]:
    """The bot leaves a channel."""
    conversation = call.channel()
    if conversation.kind == "im":
        raise RefusedError("method_not_supported_for_channel_type")
    call.need("channels:manage" if conversation.kind == "public" else "groups:write")
    if not call.workspace.is_bot_member(conversation):
        return {"not_in_channel": True}
    if conversation.is_general:
        raise RefusedError("cant_leave_general")
    leave(call.slack, call.workspace, conversation, call.workspace.bot_user)
    return {}


@method("conversations.archive")
def conversations_archive(call: Call) -> dict[str, Any]:
    """Close a channel for good (or until somebody restores it)."""
    conversation = _manageable(call, archived_ok=True)
    if conversation.is_archived:
        raise RefusedError("already_archived")
    if conversation.is_general:
        raise RefusedError("cant_archive_general")
    archive(call.slack, call.workspace, conversation, call.workspace.bot_user)
    return {}
