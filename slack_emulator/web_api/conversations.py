"""conversations.*: open, look at and read conversations."""

import base64
import bisect
from typing import Any

from slack_emulator.access import require_person
from slack_emulator.errors import RefusedError
from slack_emulator.objects import conversation_object
from slack_emulator.state import Conversation, Message
from slack_emulator.web_api.call import Call, method, page_of
from slack_emulator.web_api.users import conversation_kinds

_LATEST_OF_ALL = "9999999999.999999"


@method("conversations.open")
def conversations_open(call: Call) -> dict[str, Any]:
    """Open or resume the direct message with one person."""
    users, workspace = call.names("users"), call.workspace
    if not users and call.optional("channel"):
        conversation = call.channel()
        if conversation.kind != "im":
            raise RefusedError("method_not_supported_for_channel_type")
        call.need("im:write")
        return _opened(call, conversation, already=True)
    if not users:
        raise RefusedError("users_list_not_supplied")
    call.need("im:write" if len(users) == 1 else "mpim:write")
    if len(users) > 1:
        raise RefusedError("method_not_supported_for_channel_type")
    user = users[0]
    if user == workspace.bot_user:
        raise RefusedError("cannot_dm_bot")
    person = workspace.people.get(user)
    if person is None:
        raise RefusedError("user_not_found")
    if person.deleted:
        raise RefusedError("user_disabled")
    require_person(workspace, user)
    already = frozenset((workspace.bot_user, user)) in workspace.direct
    if not already and call.flag("prevent_creation"):
        raise RefusedError("channel_not_found")
    return _opened(call, call.slack.direct_message(workspace, workspace.bot_user, user), already=already)


def _opened(call: Call, conversation: Conversation, *, already: bool) -> dict[str, Any]:
    channel: dict[str, Any] = {"id": conversation.id}
    if call.flag("return_im"):
        channel = conversation_object(call.workspace, conversation, call.workspace.bot_user)
    return {"no_op": already, "already_open": already, "channel": channel}


@method("conversations.info")
def conversations_info(call: Call) -> dict[str, Any]:
    """One conversation."""
    conversation = call.channel()
    call.need_for(conversation, "read")
    count = call.flag("include_num_members")
    shown = conversation_object(call.workspace, conversation, call.workspace.bot_user, with_count=count)
    if call.flag("include_locale"):
        shown["locale"] = "en-GB"
    return {"channel": shown}


@method("conversations.list")
def conversations_list(call: Call) -> dict[str, Any]:
    """Public channels, and private ones and direct messages the bot is in."""
    workspace, kinds = call.workspace, conversation_kinds(call)
    call.need_team()
    found = [
        conversation
        for conversation in workspace.conversations.values()
        if conversation.kind in kinds
        and workspace.team_of(conversation) == (call.optional("team_id") or workspace.team_of(conversation))
        and (conversation.kind == "public" or workspace.is_bot_member(conversation))
        and not (call.flag("exclude_archived") and conversation.is_archived)
    ]
    chosen, metadata = page_of(found, call)
    channels = [
        conversation_object(workspace, conversation, workspace.bot_user, with_count=conversation.kind != "im")
        for conversation in chosen
    ]
    return {"channels": channels, "response_metadata": metadata}


@method("conversations.members")
def conversations_members(call: Call) -> dict[str, Any]:
    """Who is in a conversation."""
    conversation = call.channel()
    call.need_for(conversation, "read")
    chosen, metadata = page_of(conversation.members, call)
    return {"members": chosen, "response_metadata": metadata}


@method("conversations.history")
def conversations_history(call: Call) -> dict[str, Any]:
    """Messages outside threads, newest first, between `oldest` and `latest`."""
    conversation = _readable(call)
    low, high = _span(call, conversation.timeline)
    limit = call.integer("limit", 100, 999)
    start = max(low, high - limit)
    chosen = [_shown(call, conversation.by_ts[ts]) for ts in reversed(conversation.timeline[start:high])]
    answer: dict[str, Any] = {
        "messages": chosen,
        "has_more": start > low,
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    if start > low:
        answer["response_metadata"] = {"next_cursor": _cursor(conversation.timeline[start - 1])}
    if call.optional("latest"):
        answer["latest"] = call.text("latest")
    if call.optional("oldest"):
        answer["oldest"] = call.text("oldest")
    return answer


@method("conversations.replies")
def conversations_replies(call: Call) -> dict[str, Any]:
    """A thread: its root first, then replies, oldest first."""
    conversation = _readable(call)
    asked = conversation.by_ts.get(call.optional("ts") or "")
    if asked is None or asked.ephemeral_to:
        raise RefusedError("thread_not_found")
    root = conversation.by_ts.get(asked.fields.get("thread_ts", asked.ts), asked)
    replies = conversation.threads.get(root.ts, [])
    low, high = _span(call, replies)
    limit = call.integer("limit", 1000, 1000)
    end = min(high, low + limit)
    shown = [
        _shown(call, message) for message in (root, *(conversation.by_ts[ts] for ts in replies[low:end]))
    ]
    answer: dict[str, Any] = {"messages": shown, "has_more": end < high}
    if end < high:
        # The cursor of a thread points at the last reply shown; the next page starts after it.
        answer["response_metadata"] = {"next_cursor": _cursor(replies[end - 1])}
    return answer


def _readable(call: Call) -> Conversation:
    conversation = call.channel()
    call.need_for(conversation, "history")
    if not call.workspace.is_bot_member(conversation):
        raise RefusedError("not_in_channel")
    return conversation


def _span(call: Call, timestamps: list[str]) -> tuple[int, int]:
    """The half-open range of places that `oldest`, `latest`, `inclusive` and `cursor` leave."""
    oldest, latest = call.moment("oldest") or "", call.moment("latest") or _LATEST_OF_ALL
    inclusive = call.flag("inclusive")
    left = bisect.bisect_left if inclusive else bisect.bisect_right
    right = bisect.bisect_right if inclusive else bisect.bisect_left
    low, high = left(timestamps, oldest), right(timestamps, latest)
    cursor = call.optional("cursor")
    if cursor:
        place = _place(cursor)
        if call.optional("ts"):
            low = max(low, bisect.bisect_right(timestamps, place))
        else:
            high = min(high, bisect.bisect_right(timestamps, place))
    return low, max(low, high)


def _shown(call: Call, message: Message) -> dict[str, Any]:
    metadata = message.fields.get("metadata")
    if metadata is None or call.flag("include_all_metadata"):
        return message.fields
    return {**message.fields, "metadata": {"event_type": metadata["event_type"]}}


def _cursor(ts: str) -> str:
    return base64.b64encode(f"next_ts:{ts.replace('.', '')}".encode()).decode()


def _place(cursor: str) -> str:
    try:
        name, _, digits = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError as problem:  # no ASCII, no base64, or no text in it
        raise RefusedError("invalid_cursor") from problem
    if name != "next_ts" or not digits.isdigit():
        raise RefusedError("invalid_cursor")
    return f"{digits[:-6]}.{digits[-6:]}"
