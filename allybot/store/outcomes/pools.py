"""Sealed ballots of windows that wait in a pool, by random ids that lead to nobody without the vault.

`store.vault.pooled` knows whose an id is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, insert, select

from allybot.domain.windows import Window, WindowState
from allybot.store.engine.database import Transaction
from allybot.store.outcomes.ballots import as_window
from allybot.store.tables import ballot, check_in, pooled_ballot, program, window

_CHUNK = 500
"""Ids per query."""


@dataclass(frozen=True)
class Waiting:
    """The ballots of one owner that wait in one window."""

    window_id: str
    ballots: int


def pool_names(tx: Transaction, workspace_id: str) -> list[str]:
    """The names of a workspace's pools, as they were first given."""
    named = select(program.c.pool).where(program.c.workspace_id == workspace_id, program.c.pool.is_not(None))
    return sorted(set(tx.execute(named).scalars()))


def least(tx: Transaction, workspace_id: str, pool: str) -> int:
    """The largest minimum of respondents among a pool's programs; 0 when it has none."""
    highest = select(func.max(program.c.minimum_respondents)).where(
        program.c.workspace_id == workspace_id, program.c.pool == pool
    )
    return tx.execute(highest).scalar() or 0


def lock(tx: Transaction, workspace_id: str, pool: str) -> None:
    """Let no other worker change this pool until the transaction ends; SQLite has one writer anyway.

    Two windows that began to wait at once would take somebody who was in both for two people.
    """
    of_pool = select(program.c.id).where(program.c.workspace_id == workspace_id, program.c.pool == pool)
    tx.execute(of_pool.order_by(program.c.id).with_for_update(key_share=True)).all()


def waiting(tx: Transaction, workspace_id: str, pool: str, name: str) -> list[Window]:
    """The windows of this name that wait in a pool, earliest closing first."""
    return _windows(tx, workspace_id, pool, name, window.c.state == WindowState.WAITING)


def counted_with(tx: Transaction, workspace_id: str, pool: str, of: Window) -> list[Window]:
    """The windows of a pool that are counted by the same release as this one, earliest closing first."""
    return _windows(tx, workspace_id, pool, of.name, window.c.counted_with == of.counted_with)


def _windows(
    tx: Transaction, workspace_id: str, pool: str, name: str, condition: ColumnElement[bool]
) -> list[Window]:
    of_pool = (program.c.workspace_id == workspace_id, program.c.pool == pool, window.c.name == name)
    query = select(window).join(program, program.c.id == window.c.program_id).where(*of_pool, condition)
    return [as_window(row) for row in tx.execute(query.order_by(window.c.closes_at, window.c.id))]


def asked(tx: Transaction, window_id: str) -> set[str]:
    """Ids of the trainees a window asked or has a ballot of."""
    of_check_ins = select(check_in.c.trainee_id).where(
        check_in.c.window_id == window_id, check_in.c.state != "cancelled"
    )
    of_ballots = select(ballot.c.trainee_id).where(ballot.c.window_id == window_id)
    return set(tx.execute(of_check_ins.union(of_ballots)).scalars())


def move_ballots(tx: Transaction, window_id: str, owners: Mapping[str, str]) -> None:
    """Move the ballots of a window out of reach of its trainees' ids: each to the random id in `owners`."""
    rows = tx.execute(
        select(ballot.c.trainee_id, ballot.c.slot, ballot.c.sealed).where(ballot.c.window_id == window_id)
    )
    moved = [
        {"window_id": window_id, "owner_id": owners[row.trainee_id], "slot": row.slot, "sealed": row.sealed}
        for row in rows
        if row.trainee_id in owners
    ]
    if moved:
        tx.execute(insert(pooled_ballot), sorted(moved, key=lambda row: (row["owner_id"], row["slot"])))
    tx.execute(delete(ballot).where(ballot.c.window_id == window_id))


def ballots_of(tx: Transaction, window_ids: Collection[str]) -> dict[str, list[tuple[str, bytes]]]:
    """The ballots that wait in these windows, by owner: window and envelope of each, in one order."""
    rows = tx.execute(
        select(pooled_ballot)
        .where(pooled_ballot.c.window_id.in_(sorted(window_ids)))
        .order_by(pooled_ballot.c.owner_id, pooled_ballot.c.window_id, pooled_ballot.c.slot)
    )
    by_owner: dict[str, list[tuple[str, bytes]]] = {}
    for row in rows:
        by_owner.setdefault(row.owner_id, []).append((row.window_id, row.sealed))
    return by_owner


def waiting_of(tx: Transaction, owner_ids: Collection[str]) -> list[Waiting]:
    """How many ballots of these owners wait in each window, by the window's id."""
    counted = (
        select(pooled_ballot.c.window_id, func.count().label("ballots"))
        .where(pooled_ballot.c.owner_id.in_(sorted(owner_ids)))
        .group_by(pooled_ballot.c.window_id)
        .order_by(pooled_ballot.c.window_id)
    )
    return [Waiting(row.window_id, row.ballots) for row in tx.execute(counted)]


def delete_of(tx: Transaction, owner_ids: Collection[str], window_ids: Collection[str] | None = None) -> int:
    """Delete the waiting ballots of these owners; returns how many.

    Args:
        window_ids: only of these windows; None for all.
    """
    wanted, deleted = sorted(owner_ids), 0
    there = [] if window_ids is None else [pooled_ballot.c.window_id.in_(sorted(window_ids))]
    for start in range(0, len(wanted), _CHUNK):
        part = pooled_ballot.c.owner_id.in_(wanted[start : start + _CHUNK])
        deleted += tx.execute(delete(pooled_ballot).where(part, *there)).rowcount
    return deleted
