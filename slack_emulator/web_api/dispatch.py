"""Web API requests: arguments, tokens, scopes, faults, limits and the log."""

import codecs
import json
import math
from typing import Any

from aiohttp import BasicAuth, web

from slack_emulator.call_log import now_iso

# Importing a module registers its methods.
from slack_emulator.errors import RefusedError
from slack_emulator.faults import InjectedFault
from slack_emulator.json_routes import NO_JSON
from slack_emulator.manifest import KNOWN_SCOPES
from slack_emulator.slack import Slack
from slack_emulator.state import Workspace
from slack_emulator.web_api import (  # noqa: F401 - see above
    auth,
    chat,
    conversation_changes,
    conversations,
    files,
    reactions,
    usergroups,
    users,
    validation,
    views,
)
from slack_emulator.web_api.call import METHODS, Call, Method

_SECRET = ("client_secret", "code")
_STRUCTURES = ("blocks", "view", "metadata", "attachments", "files")


async def read_arguments(request: web.Request) -> dict[str, Any]:
    """Query, form or JSON body as one dict, with the client's id and secret of a Basic header.

    Raises:
        RefusedError: invalid_json, json_not_object, invalid_charset, invalid_form_data or invalid_auth.
    """
    arguments: dict[str, Any] = {**_basic(request), **request.query}
    if not request.can_read_body:
        return arguments
    if request.charset is not None and not _known(request.charset):
        raise RefusedError("invalid_charset")
    if request.content_type != "application/json":
        try:
            return arguments | dict(await request.post())
        except ValueError as problem:
            raise RefusedError("invalid_form_data") from problem
    try:
        body = await request.text()
        loaded = json.loads(body) if body else {}
    except NO_JSON as problem:
        raise RefusedError("invalid_json") from problem
    if not isinstance(loaded, dict):
        raise RefusedError("json_not_object")
    return arguments | loaded


def _basic(request: web.Request) -> dict[str, str]:
    """oauth.v2.access may carry the client's id and secret this way."""
    header = request.headers.get("Authorization", "")
    if not header.startswith("Basic "):
        return {}
    try:
        credentials = BasicAuth.decode(header)
    except ValueError as problem:
        raise RefusedError("invalid_auth") from problem
    return {"client_id": credentials.login, "client_secret": credentials.password}


def _known(charset: str) -> bool:
    try:
        codecs.lookup(charset)
    except LookupError:
        return False
    return True


def token_of(request: web.Request, arguments: dict[str, Any]) -> str | None:
    """The token from the Authorization header or the `token` argument."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ").strip() or None
    return str(arguments["token"]) if arguments.get("token") else None


def workspace_of_token(slack: Slack, token: str | None) -> Workspace | None:
    """The workspace a bot token belongs to, revoked or not."""
    for workspace in slack.workspaces.values():
        known = {workspace.bot_token, *workspace.revoked_tokens, *workspace.expiring_tokens}
        if token and token in known:
            return workspace
    return None


def authorise(slack: Slack, method: Method, token: str | None) -> Workspace:
    """The workspace a call acts in.

    Raises:
        RefusedError: not_authed, invalid_auth, not_allowed_token_type, token_revoked, token_expired,
            account_inactive or missing_scope.
    """
    first = next(iter(slack.workspaces.values()))
    if method.caller == "anybody":
        return first
    if token is None:
        raise RefusedError("not_authed")
    for caller, own in (("app", slack.app.app_token), ("configuration", slack.app.config_token)):
        if token == own and method.caller != caller:
            raise RefusedError("not_allowed_token_type")
        if token == own:
            return first
    workspace = workspace_of_token(slack, token)
    if workspace is None:
        raise RefusedError("invalid_auth")
    if method.caller != "bot":
        raise RefusedError("not_allowed_token_type")
    _check_token(slack, workspace, token)
    if slack.manifest.missing_scope(method.scopes):
        needed = ",".join(method.scopes)
        raise RefusedError("missing_scope", needed=needed, provided=slack.manifest.scope_list)
    return workspace


def _check_token(slack: Slack, workspace: Workspace, token: str) -> None:
    if token in workspace.revoked_tokens:
        raise RefusedError("token_revoked")
    if workspace.expiring_tokens.get(token, math.inf) <= slack.ids.now():
        raise RefusedError("token_expired")
    if not workspace.installed:
        raise RefusedError("account_inactive")


async def serve_method(slack: Slack, request: web.Request) -> web.StreamResponse:
    """Answer one request under /api/."""
    name, started = request.match_info["method"], now_iso()
    try:
        arguments = await read_arguments(request)
    except RefusedError as refusal:
        return web.json_response(refusal.answer())
    token = token_of(request, arguments)
    arguments.pop("token", None)
    workspace = workspace_of_token(slack, token)
    fault = slack.faults.next_fault(name, workspace.id if workspace else None)
    carried_out = fault is None or fault.takes_effect
    answer = _carry_out(slack, name, token, arguments) if carried_out else {"ok": False}
    done = bool(carried_out and answer["ok"])
    status, body = _response(answer, fault)
    slack.log.write(
        "web_api",
        method=name,
        team=workspace.id if workspace else None,
        channel=answer.get("channel", arguments.get("channel")),
        args=_readable(arguments),
        ok=body["ok"],
        error=body.get("error"),
        ts=answer.get("ts"),
        carried_out=done,
        fault=fault.mode if fault else None,
        started=started,
    )
    if fault and fault.mode.startswith("drop"):
        if request.transport is not None:
            request.transport.close()
        return web.Response()
    if fault and fault.mode == "slow":
        await slack.clock.sleep(fault.seconds)
    headers = {"X-Slack-Req-Id": slack.ids.new("R"), **_scopes_of(slack, token)}
    if body.get("error") == "ratelimited":
        headers["Retry-After"] = str(body.pop("retry_after", 1))
    return web.json_response(body, status=status, headers=headers)


def _scopes_of(slack: Slack, token: str | None) -> dict[str, str]:
    """The header that names what a token was granted; none for a token that is nobody's."""
    if token == slack.app.app_token:
        return {"X-OAuth-Scopes": "connections:write"}
    if workspace_of_token(slack, token) is None:
        return {}
    if slack.manifest.scopes is not None:
        return {"X-OAuth-Scopes": slack.manifest.scope_list}
    every = KNOWN_SCOPES.union(*(method.scopes for method in METHODS.values()))
    return {"X-OAuth-Scopes": ",".join(sorted(every))}


def _carry_out(slack: Slack, name: str, token: str | None, arguments: dict[str, Any]) -> dict[str, Any]:
    method = METHODS.get(name)
    if method is None:
        return RefusedError("unknown_method", req_method=name).answer()
    try:
        call = Call(slack, authorise(slack, method, token), arguments)
        return {"ok": True, **method.handler(call)}
    except RefusedError as refusal:
        return refusal.answer()


def _response(answer: dict[str, Any], fault: InjectedFault | None) -> tuple[int, dict[str, Any]]:
    """The HTTP status and body of the response."""
    if fault is None or fault.mode == "slow":
        return (429 if answer.get("error") == "ratelimited" else 200), answer
    if fault.mode == "rate_limited":
        return 429, {"ok": False, "error": "ratelimited", "retry_after": fault.retry_after}
    if fault.mode == "server_error":
        return 500, {"ok": False, "error": "internal_error"}
    if fault.mode in ("fatal_error", "restricted_action"):
        return 200, {"ok": False, "error": fault.mode}
    return 200, {"ok": False, "error": "dropped"}


def _readable(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments for the log, with JSON strings read."""
    shown = dict(arguments)
    for name in _STRUCTURES:
        if isinstance(shown.get(name), str):
            try:
                shown[name] = json.loads(shown[name])
            except ValueError:
                continue
    return {key: value for key, value in shown.items() if key not in _SECRET}
