"""The payloads an app receives: event envelopes, interactions, slash commands."""

from typing import Any

from slack_emulator.config import App
from slack_emulator.state import Conversation, Message, View, Workspace


def event_callback(
    workspace: Workspace, app: App, event_id: str, event: dict[str, Any], seconds: float
) -> dict[str, Any]:
    """An event in the outer payload that HTTP and Socket Mode share; it happened at `seconds` since 1970."""
    return {
        "token": app.verification_token,
        "team_id": workspace.id,
        "context_team_id": workspace.id,
        "context_enterprise_id": None,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(seconds),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.id,
                "user_id": workspace.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def channel_name(conversation: Conversation) -> str:
    """The name interactions and commands give: Slack hides those of private channels and DMs."""
    return {"im": "directmessage", "private": "privategroup"}.get(conversation.kind, conversation.name)


def slash_command(
    workspace: Workspace, app: App, user: str, conversation: Conversation, words: dict[str, str]
) -> dict[str, str]:
    """A slash command's form fields; `words` has command, text, response_url and trigger_id."""
    return {
        "token": app.verification_token,
        "team_id": workspace.id,
        "team_domain": workspace.config.domain,
        "channel_id": conversation.id,
        "channel_name": channel_name(conversation),
        "user_id": user,
        "user_name": workspace.people[user].name,
        "command": words["command"],
        "text": words["text"],
        "api_app_id": app.app_id,
        "is_enterprise_install": "false",
        "response_url": words["response_url"],
        "trigger_id": words["trigger_id"],
    }


def _interaction(kind: str, workspace: Workspace, app: App, user: str) -> dict[str, Any]:
    name = workspace.people[user].name
    return {
        "type": kind,
        "user": {"id": user, "username": name, "name": name, "team_id": workspace.id},
        "api_app_id": app.app_id,
        "token": app.verification_token,
        "team": {"id": workspace.id, "domain": workspace.config.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(
    workspace: Workspace,
    app: App,
    user: str,
    message: Message,
    action: dict[str, Any],
    capabilities: dict[str, str],
) -> dict[str, Any]:
    """A `block_actions` payload from a message; `capabilities` has trigger_id and response_url."""
    conversation = workspace.conversations[message.channel]
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if "thread_ts" in message.fields:
        container["thread_ts"] = message.fields["thread_ts"]
    # Slack does not show the app an ephemeral message again.
    shown = {} if message.ephemeral_to else {"message": message.fields}
    return {
        **_interaction("block_actions", workspace, app, user),
        "container": container,
        "trigger_id": capabilities["trigger_id"],
        "channel": {"id": message.channel, "name": channel_name(conversation)},
        **shown,
        "state": {"values": message.state.get(user, {})},
        "response_url": capabilities["response_url"],
        "actions": [action],
    }


def view_action(
    workspace: Workspace, app: App, view: View, action: dict[str, Any], trigger_id: str
) -> dict[str, Any]:
    """A `block_actions` payload from a modal or the Home tab."""
    shown = view_with_state(view)
    return {
        **_interaction("block_actions", workspace, app, view.user),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger_id,
        "view": shown,
        "state": shown["state"],
        "actions": [action],
    }


def view_submission(workspace: Workspace, app: App, view: View, trigger_id: str) -> dict[str, Any]:
    """A `view_submission` payload with the values as they stand."""
    return {
        **_interaction("view_submission", workspace, app, view.user),
        "trigger_id": trigger_id,
        "view": view_with_state(view),
        "response_urls": [],
    }


def view_closed(workspace: Workspace, app: App, view: View, *, cleared: bool) -> dict[str, Any]:
    """A `view_closed` payload; `cleared` when the whole stack went at once."""
    return {
        **_interaction("view_closed", workspace, app, view.user),
        "view": view_with_state(view),
        "is_cleared": cleared,
    }


def view_with_state(view: View) -> dict[str, Any]:
    """Slack's view object with `state.values` as they stand."""
    return {**view.fields, "state": {"values": view.values}}
