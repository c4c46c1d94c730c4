"""The connected Slack workspaces and their bot tokens."""

from dataclasses import dataclass

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


def connect(context: Context, workspace_id: str, name: str, bot_user: str, token: str) -> None:
    """Store a workspace and its wrapped bot token; a stopped workspace becomes active."""
    with context.database.transaction() as tx:
        save_workspace(
            tx,
            workspace_id,
            name=name,
            bot_user=bot_user,
            token_wrapped=context.keyring.wrap(token.encode()),
            state="active",
            stopped_reason=None,
        )


def token_of(context: Context, workspace_id: str) -> str:
    """The bot token of a workspace.

    Raises:
        NotFoundError: the workspace is unknown or its token was deleted.
        DecryptionError: the token was wrapped with a key that is not configured.
    """
    with context.database.reading() as tx:
        row = workspace_row(tx, workspace_id)
    if row is None or row.token_wrapped is None:
        raise NotFoundError
    return context.keyring.unwrap(row.token_wrapped).decode()


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
