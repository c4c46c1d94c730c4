"""Slack workspaces: name, bot user, state, wrapped token and the limits of sending."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, or_, select, update

from allybot.store.engine.database import Transaction
from allybot.store.tables import workspace

_BY_ID = select(workspace).where(workspace.c.id == bindparam("wanted"))  # built once for speed


def save_workspace(tx: Transaction, workspace_id: str, **values: object) -> None:
    """Insert the workspace, or set these columns of it."""
    known = tx.execute(select(workspace.c.id).where(workspace.c.id == workspace_id)).first()
    if known:
        tx.execute(update(workspace).where(workspace.c.id == workspace_id).values(**values))
    else:
        tx.execute(insert(workspace).values(id=workspace_id, **values))


def workspace_row(tx: Transaction, workspace_id: str) -> Row[Any] | None:
    """The workspace's row, or None."""
    return tx.execute(_BY_ID, {"wanted": workspace_id}).first()


def hold_workspace(tx: Transaction, workspace_id: str) -> None:
    """Let others who call this for the workspace wait until the transaction ends.

    Rows that name the workspace can still be added meanwhile: its id is not going to change.
    """
    tx.execute(_BY_ID.with_for_update(key_share=True), {"wanted": workspace_id})


def all_workspaces(tx: Transaction) -> list[Row[Any]]:
    """Every workspace, by id."""
    return list(tx.execute(select(workspace).order_by(workspace.c.id)))


def claim_refresh(tx: Transaction, workspace_id: str, before: bytes, real: datetime, until: datetime) -> bool:
    """Claim the refreshing of a wrapped token until `until`; False when it changed or is claimed already."""
    free = or_(workspace.c.refreshing_until.is_(None), workspace.c.refreshing_until <= real)
    same = (workspace.c.id == workspace_id, workspace.c.token_wrapped == before)
    return tx.execute(update(workspace).where(*same, free).values(refreshing_until=until)).rowcount == 1


def finish_refresh(tx: Transaction, workspace_id: str, until: datetime, after: bytes) -> bool:
    """Store a refreshed token; False where the workspace was connected or removed since the claim."""
    mine = (workspace.c.id == workspace_id, workspace.c.refreshing_until == until)
    held = update(workspace).where(*mine, workspace.c.token_wrapped.is_not(None))
    return tx.execute(held.values(token_wrapped=after, refreshing_until=None)).rowcount == 1
