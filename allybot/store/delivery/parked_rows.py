"""Parked rows: those a scheduled job failed for, and when each is retried."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, bindparam, delete, func, select, update

from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import insert_for
from allybot.store.tables import check_in, parked_row, trainee


class RowKind(StrEnum):
    """Which table a row is in; a chore is in none."""

    TRAINEE = "trainee"
    CHECK_IN = "check_in"
    CIRCLE_TEXT = "circle_text"
    CIRCLE = "circle"
    DEED = "deed"
    CIRCLE_WEEK = "circle_week"
    PROGRAM = "program"
    SUGGESTION = "suggestion"
    ROLE_STORY = "role_story"
    WINDOW = "window"
    CHORE = "chore"


_OWNED: Mapping[RowKind, tuple[Column[str], Column[str]]] = {
    RowKind.TRAINEE: (trainee.c.id, trainee.c.id),
    RowKind.CHECK_IN: (check_in.c.id, check_in.c.trainee_id),
}
"""Rows that are deleted with their trainee: (column of the row's id, column of the trainee's).

Not a waiting question, whose row does not name its author: one that is gone is released at its next retry.
"""
# Built once for speed, see `store/trainees.py`.
_PARKED_BY = (
    select(parked_row.c.job, parked_row.c.row_id, parked_row.c.retry_at)
    .where(parked_row.c.job.in_(bindparam("jobs", expanding=True)))
    .order_by(parked_row.c.retry_at)
)


@dataclass(frozen=True)
class ParkedRow:
    """A parked row; `reason` is a code, datetimes are aware UTC on the program's clock."""

    job: str
    row_id: str
    kind: str
    reason: str
    attempts: int
    since: datetime
    retry_at: datetime


def parked_by(tx: Transaction, jobs: Collection[str]) -> dict[str, dict[str, datetime]]:
    """The rows these jobs have parked, by job: when each is retried, by id; the one retried first first."""
    parked: dict[str, dict[str, datetime]] = {job: {} for job in jobs}
    for row in tx.execute(_PARKED_BY, {"jobs": list(parked)}):
        parked[row.job][row.row_id] = row.retry_at
    return parked


def park(
    tx: Transaction, job: str, kind: RowKind, row_id: str, reason: str, now: datetime, retry_at: datetime
) -> None:
    """Park a row until `retry_at` (UTC), or record another failure; does nothing if its owner is gone."""
    owner = None
    if kind in _OWNED:
        identity, whose = _OWNED[kind]
        owner = tx.execute(select(whose).where(identity == row_id)).scalar()
        if owner is None:
            return
    values = {"reason": reason, "retry_at": retry_at, "attempts": 1, "since": now, "kind": kind}
    put = insert_for(tx, parked_row).values(job=job, row_id=row_id, trainee_id=owner, **values)
    again = {"reason": reason, "retry_at": retry_at, "attempts": parked_row.c.attempts + 1}
    tx.execute(put.on_conflict_do_update(index_elements=["job", "row_id"], set_=again))


def release(tx: Transaction, job: str, row_id: str) -> None:
    """Unpark a row: its work has been done, or is no longer due."""
    tx.execute(delete(parked_row).where(parked_row.c.job == job, parked_row.c.row_id == row_id))


def retry_now(tx: Transaction, job: str, row_id: str, now: datetime) -> bool:
    """Make a parked row due for a retry at `now` (UTC); False when it is not parked."""
    same = (parked_row.c.job == job, parked_row.c.row_id == row_id)
    return tx.execute(update(parked_row).where(*same).values(retry_at=now)).rowcount == 1


def all_parked(tx: Transaction, limit: int = 1000) -> list[ParkedRow]:
    """Every parked row, the one parked longest first."""
    query = select(parked_row).order_by(parked_row.c.since, parked_row.c.job, parked_row.c.row_id)
    return [
        ParkedRow(row.job, row.row_id, row.kind, row.reason, row.attempts, row.since, row.retry_at)
        for row in tx.execute(query.limit(limit))
    ]


def how_many(tx: Transaction) -> int:
    """Number of parked rows."""
    return int(tx.execute(select(func.count()).select_from(parked_row)).scalar_one())
