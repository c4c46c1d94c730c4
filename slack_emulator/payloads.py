"""The payloads an app receives: event envelopes, interactions, slash commands."""

from typing import Any

from slack_emulator.config import App
from slack_emulator.state import Conversation, Message, View, Workspace


def event_callback(
    workspace: Workspace, app: App, event_id: str, event: dict[str, Any], seconds: float
) -> dict[str, Any]:
    """An event in the outer payload that HTTP and Socket Mode share; it happened at `seconds` since 1970.

    An organisation's own events, such as the end of its installation, name no workspace.
    """
    channel = event.get("channel")
    conversation = workspace.conversations.get(channel) if isinstance(channel, str) else None
    team = _team_of_event(workspace, event, conversation)
    organisation = workspace.id if workspace.is_organisation else None
    return {
        "token": app.verification_token,
        **({"team_id": team} if team else {}),
        **({"enterprise_id": organisation} if organisation else {}),
        "context_team_id": team,
        "context_enterprise_id": organisation,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(seconds),
        "authorizations": [
            {
                "enterprise_id": organisation,
                "team_id": None if organisation else team,
                "user_id": workspace.bot_user,
                "is_bot": True,
                "is_enterprise_install": workspace.is_organisation,
            }
        ],
        "is_ext_shared_channel": bool(conversation and conversation.connected),
        "event_context": f"4-{event_id}",
    }


def _team_of_event(
    workspace: Workspace, event: dict[str, Any], conversation: Conversation | None
) -> str | None:
    if not workspace.is_organisation:
        return workspace.id
    if conversation is not None and conversation.kind != "im":
        return workspace.team_of(conversation)
    user = event.get("user")
    user = user.get("id") if isinstance(user, dict) else user
    return workspace.teams_of(user)[0] if isinstance(user, str) else None


def channel_name(conversation: Conversation) -> str:
    """The name interactions and commands give: Slack hides those of private channels and DMs."""
    return {"im": "directmessage", "private": "privategroup"}.get(conversation.kind, conversation.name)


def slash_command(
    workspace: Workspace, app: App, user: str, conversation: Conversation, words: dict[str, str]
) -> dict[str, str]:
    """A slash command's form fields; `words` has command, text, response_url and trigger_id."""
    organisation = {"enterprise_id": workspace.id, "enterprise_name": workspace.config.name}
    return {
        "token": app.verification_token,
        "team_id": workspace.teams_of(user)[0],
        "team_domain": workspace.config.domain,
        **(organisation if workspace.is_organisation else {}),
        "channel_id": conversation.id,
        "channel_name": channel_name(conversation),
        "user_id": user,
        "user_name": workspace.people[user].name,
        "command": words["command"],
        "text": words["text"],
        "api_app_id": app.app_id,
        "is_enterprise_install": "true" if workspace.is_organisation else "false",
        "response_url": words["response_url"],
        "trigger_id": words["trigger_id"],
    }


def _interaction(
    kind: str, workspace: Workspace, app: App, user: str, *, in_view: bool = False
) -> dict[str, Any]:
    """What all interactions have in common.

    In a shared channel `team` is the workspace of the app for a button in a message, and the person's own
    for a view (bolt-js#1614). An organisation-wide installation gets none (bolt-python#23).
    """
    name, home = workspace.people[user].name, workspace.teams_of(user)[0]
    team = {"id": home if in_view else workspace.id, "domain": workspace.config.domain}
    organisation = {"id": workspace.id, "name": workspace.config.name}
    return {
        "type": kind,
        "user": {"id": user, "username": name, "name": name, "team_id": home},
        "api_app_id": app.app_id,
        "token": app.verification_token,
        "team": None if workspace.is_organisation else team,
        "enterprise": organisation if workspace.is_organisation else None,
        "is_enterprise_install": workspace.is_organisation,
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
        **_interaction("block_actions", workspace, app, view.user, in_view=True),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger_id,
        "view": shown,
        "state": shown["state"],
        "actions": [action],
    }


def view_submission(workspace: Workspace, app: App, view: View, trigger_id: str) -> dict[str, Any]:
    """A `view_submission` payload with the values as they stand."""
    return {
        **_interaction("view_submission", workspace, app, view.user, in_view=True),
        "trigger_id": trigger_id,
        "view": view_with_state(view),
        "response_urls": [],
    }


def view_closed(workspace: Workspace, app: App, view: View, *, cleared: bool) -> dict[str, Any]:
    """A `view_closed` payload; `cleared` when the whole stack went at once."""
    return {
        **_interaction("view_closed", workspace, app, view.user, in_view=True),
        "view": view_with_state(view),
        "is_cleared": cleared,
    }


def view_with_state(view: View) -> dict[str, Any]:
    """Slack's view object with `state.values` as they stand."""
    return {**view.fields, "state": {"values": view.values}}
