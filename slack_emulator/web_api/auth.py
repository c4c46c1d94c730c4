"""auth.*, api.test, apps.connections.open, oauth.v2.access, team.info, bots.info."""

from typing import Any

from slack_emulator.errors import RefusedError
from slack_emulator.objects import bot_object, team_object
from slack_emulator.web_api.call import Call, method, page_of


@method("api.test", caller="anybody")
def api_test(call: Call) -> dict[str, Any]:
    """Echo the arguments; `error` makes it fail."""
    arguments = {name: value for name, value in call.arguments.items() if name != "token"}
    if call.optional("error"):
        raise RefusedError(call.text("error"), args=arguments)
    return {"args": arguments}


@method("auth.test")
def auth_test(call: Call) -> dict[str, Any]:
    """Whose token this is."""
    workspace = call.workspace
    return {
        "url": f"https://{workspace.config.domain}.slack.com/",
        "team": workspace.config.name,
        "user": workspace.bot_name,
        "team_id": workspace.id,
        "user_id": workspace.bot_user,
        "bot_id": workspace.config.bot_id,
        "app_id": call.slack.app.app_id,
        "app_name": call.slack.app.name,
        **({"enterprise_id": workspace.id} if workspace.is_organisation else {}),
        "is_enterprise_install": workspace.is_organisation,
    }


@method("auth.teams.list")
def auth_teams_list(call: Call) -> dict[str, Any]:
    """The workspaces that a token reaches."""
    workspace = call.workspace
    added = [each for each in workspace.config.workspaces if each.id in workspace.added]
    teams = [{"id": each.id, "name": each.name} for each in added]
    if not workspace.is_organisation:
        teams = [{"id": workspace.id, "name": workspace.config.name}]
    chosen, metadata = page_of(teams, call)
    return {"teams": chosen, "response_metadata": metadata}


@method("auth.revoke")
def auth_revoke(call: Call) -> dict[str, Any]:
    """Revoke the bot token; the app hears tokens_revoked and app_uninstalled."""
    test = call.flag("test")
    if not test:
        revoke(call)
    return {"revoked": not test}


def revoke(call: Call) -> None:
    """Uninstall the app, after sending its events."""
    workspace, slack = call.workspace, call.slack
    tokens = {"oauth": [], "bot": [workspace.bot_user]}
    slack.send_event(workspace, {"type": "tokens_revoked", "tokens": tokens})
    slack.send_event(workspace, {"type": "app_uninstalled"})
    workspace.revoked_tokens.add(workspace.bot_token)
    workspace.installed = False


@method("apps.connections.open", caller="app")
def connections_open(call: Call) -> dict[str, Any]:
    """A WebSocket address for one connection."""
    slack = call.slack
    if slack.delivery.http.url_for("events_api"):
        raise RefusedError("socket_mode_not_enabled")
    ticket = slack.ids.secret()
    slack.delivery.sockets.expect(ticket)
    base = slack.base_url.replace("http", "ws", 1)
    return {"url": f"{base}link/?ticket={ticket}&app_id={slack.app.app_id}"}


@method("oauth.v2.access", caller="anybody")
def oauth_access(call: Call) -> dict[str, Any]:
    """Exchange a temporary code or a refresh token for the workspace's bot token; each is good once."""
    slack = call.slack
    if call.optional("client_id") != slack.app.client_id:
        raise RefusedError("invalid_client_id")
    if call.optional("client_secret") != slack.app.client_secret:
        raise RefusedError("bad_client_secret")
    if call.optional("grant_type") == "refresh_token":
        given = call.optional("refresh_token")
        found = [each for each in slack.workspaces.values() if given and each.refresh_token == given]
        if not found:
            raise RefusedError("invalid_refresh_token")
        workspace = found[0]
    else:
        team = slack.capabilities.use_code(call.optional("code") or "", call.optional("redirect_uri"))
        workspace = slack.workspaces[team]
        if workspace.bot_token in workspace.revoked_tokens:
            workspace.bot_token = f"{workspace.config.bot_token}-{len(workspace.revoked_tokens) + 1}"
    rotating: dict[str, Any] = {}
    if slack.manifest.rotates_tokens:
        workspace.bot_token = f"xoxe.{workspace.config.bot_token}-{slack.ids.secret()}"
        workspace.refresh_token = f"xoxe-1-{slack.ids.secret()}"
        seconds = slack.config.token_seconds
        workspace.expiring_tokens[workspace.bot_token] = slack.ids.now() + seconds
        rotating = {"refresh_token": workspace.refresh_token, "expires_in": seconds}
    workspace.installed = True
    whole = {"id": workspace.id, "name": workspace.config.name}
    return rotating | {
        "app_id": slack.app.app_id,
        "authed_user": {"id": next(iter(workspace.people), workspace.bot_user)},
        "scope": slack.manifest.scope_list,
        "token_type": "bot",
        "access_token": workspace.bot_token,
        "bot_user_id": workspace.bot_user,
        "team": None if workspace.is_organisation else whole,
        "enterprise": whole if workspace.is_organisation else None,
        "is_enterprise_install": workspace.is_organisation,
    }


@method("team.info", "team:read")
def team_info(call: Call) -> dict[str, Any]:
    """The workspace."""
    return {"team": team_object(call.workspace)}


@method("bots.info", "users:read")
def bots_info(call: Call) -> dict[str, Any]:
    """The bot behind a bot id."""
    wanted = call.optional("bot")
    if wanted not in (None, call.workspace.config.bot_id):
        raise RefusedError("bot_not_found")
    return {"bot": bot_object(call.workspace, call.slack.app)}
