"""The connected Slack workspaces and their bot tokens."""

import json
from dataclasses import dataclass
from datetime import datetime

from allybot.errors import NotFoundError
from allybot.services.context import Context
from allybot.store.programs.workspaces import all_workspaces, save_workspace, workspace_row


@dataclass(frozen=True)
class WorkspaceFacts:
    """A workspace; `stopped_reason` is Slack's error code."""

    id: str
    name: str
    bot_user: str
    state: str
    stopped_reason: str | None


@dataclass(frozen=True)
class BotToken:
    """A stored bot token.

    Attributes:
        text: the token itself.
        wrapped: as it is stored.
        refresh_token, expires_at: None without token rotation; the time is aware UTC, by the host's clock.
    """

    text: str
    wrapped: bytes
    refresh_token: str | None = None
    expires_at: datetime | None = None


def connect(
    context: Context,
    workspace_id: str,
    name: str,
    bot_user: str,
    token: str,
    refresh_token: str | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Store a workspace and its wrapped bot token; a stopped workspace becomes active.

    Args:
        refresh_token, expires_at: as in `BotToken`.
    """
    with context.database.transaction() as tx:
        save_workspace(
            tx,
            workspace_id,
            name=name,
            bot_user=bot_user,
            token_wrapped=wrapped(context, token, refresh_token, expires_at),
            refreshing_until=None,
            state="active",
            stopped_reason=None,
        )


def wrapped(context: Context, token: str, refresh_token: str | None, expires_at: datetime | None) -> bytes:
    """The token as it is stored: by itself, or as JSON with its refresh token and expiry."""
    text = json.dumps([token, refresh_token, expires_at.isoformat()]) if expires_at else token
    return context.keyring.wrap(text.encode())


def bot_token(context: Context, workspace_id: str) -> BotToken:
    """The stored bot token of a workspace.

    Raises:
        NotFoundError: the workspace is unknown or its token was deleted.
        DecryptionError: the token was wrapped with a key that is not configured.
    """
    with context.database.reading() as tx:
        row = workspace_row(tx, workspace_id)
    if row is None or row.token_wrapped is None:
        raise NotFoundError
    text = context.keyring.unwrap(row.token_wrapped).decode()
    if not text.startswith("["):
        return BotToken(text, row.token_wrapped)
    token, refresh_token, expires_at = json.loads(text)
    return BotToken(token, row.token_wrapped, refresh_token, datetime.fromisoformat(expires_at))


def token_of(context: Context, workspace_id: str) -> str:
    """The bot token of a workspace as it is stored.

    Raises:
        NotFoundError, DecryptionError: see `bot_token`.
    """
    return bot_token(context, workspace_id).text


def known(context: Context) -> list[WorkspaceFacts]:
    """Every workspace, by id."""
    with context.database.reading() as tx:
        rows = all_workspaces(tx)
    return [WorkspaceFacts(row.id, row.name, row.bot_user, row.state, row.stopped_reason) for row in rows]


def only_one(context: Context, workspace_id: str | None) -> str:
    """The id of the workspace named, else of the only one.

    Raises:
        NotFoundError: there is none of that id, none at all, or several and none was named.
    """
    ids = [each.id for each in known(context)]
    if workspace_id is not None and workspace_id in ids:
        return workspace_id
    if workspace_id is None and len(ids) == 1:
        return ids[0]
    if not ids:
        raise NotFoundError("No workspace is connected yet. Set SLACK_BOT_TOKEN and run `allybot doctor`.")
    raise NotFoundError(f"Name one of these workspaces with --workspace: {', '.join(ids)}.")
