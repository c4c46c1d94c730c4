"""Slack workspaces: name, bot user, state, wrapped token and the limits of sending."""

from typing import Any

from sqlalchemy import Row, insert, select, update

from allybot.store.engine.database import Transaction
from allybot.store.tables import workspace


def save_workspace(tx: Transaction, workspace_id: str, **values: object) -> None:
    """Insert the workspace, or set these columns of it."""
    known = tx.execute(select(workspace.c.id).where(workspace.c.id == workspace_id)).first()
    if known:
        tx.execute(update(workspace).where(workspace.c.id == workspace_id).values(**values))
    else:
        tx.execute(insert(workspace).values(id=workspace_id, **values))


def workspace_row(tx: Transaction, workspace_id: str) -> Row[Any] | None:
    """The workspace's row, or None."""
    return tx.execute(select(workspace).where(workspace.c.id == workspace_id)).first()


def all_workspaces(tx: Transaction) -> list[Row[Any]]:
    """Every workspace, by id."""
    return list(tx.execute(select(workspace).order_by(workspace.c.id)))


def replace_token(tx: Transaction, workspace_id: str, before: bytes, after: bytes) -> int:
    """Replace a wrapped token if it is still `before`; the number of rows changed."""
    same = (workspace.c.id == workspace_id, workspace.c.token_wrapped == before)
    return tx.execute(update(workspace).where(*same).values(token_wrapped=after)).rowcount
