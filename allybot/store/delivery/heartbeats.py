"""Heartbeats of workers: which are running, what their clocks show, and why one is paused."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import insert_for
from allybot.store.tables import worker_sign

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Heartbeat:
    """One worker's latest heartbeat.

    Attributes:
        began_at, seen_at: its first and its latest heartbeat, by the database's clock, aware UTC.
        host_ahead: its host's clock less the database's, in whole seconds.
        offset: its program's clock less its host's, in whole seconds.
        refuses: why it is paused, a `Reason` of `services.delivery.clock_agreement`; None while it runs.
    """

    worker: str
    began_at: datetime
    seen_at: datetime
    host_ahead: timedelta
    offset: timedelta
    refuses: str | None

    @property
    def program_ahead(self) -> timedelta:
        """How far its program's clock is ahead of the database's."""
        return self.host_ahead + self.offset


def lock(tx: Transaction) -> None:
    """Lock the table until this transaction ends; SQLite does so by itself."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("LOCK TABLE worker_sign IN SHARE ROW EXCLUSIVE MODE")


def save(tx: Transaction, heartbeat: Heartbeat) -> None:
    """Insert or replace this worker's heartbeat; `began_at` keeps its first value."""
    values = {
        "seen_at": heartbeat.seen_at,
        "host_ahead_s": heartbeat.host_ahead // _SECOND,
        "offset_s": heartbeat.offset // _SECOND,
        "refuses": heartbeat.refuses,
    }
    statement = insert_for(tx, worker_sign).values(
        worker=heartbeat.worker, began_at=heartbeat.began_at, **values
    )
    tx.execute(statement.on_conflict_do_update(index_elements=["worker"], set_=values))


def since(tx: Transaction, moment: datetime) -> list[Heartbeat]:
    """Heartbeats after `moment` (real, UTC), in order of the workers' start."""
    query = select(worker_sign).where(worker_sign.c.seen_at > moment)
    return [
        Heartbeat(
            worker=row.worker,
            began_at=row.began_at,
            seen_at=row.seen_at,
            host_ahead=timedelta(seconds=row.host_ahead_s),
            offset=timedelta(seconds=row.offset_s),
            refuses=row.refuses,
        )
        for row in tx.execute(query.order_by(worker_sign.c.began_at, worker_sign.c.worker))
    ]


def remove(tx: Transaction, worker: str) -> None:
    """Delete a worker's heartbeat."""
    tx.execute(delete(worker_sign).where(worker_sign.c.worker == worker))


def delete_seen_before(tx: Transaction, before: datetime) -> None:
    """Delete heartbeats of workers last seen before this (real, UTC), which did not shut down cleanly."""
    tx.execute(delete(worker_sign).where(worker_sign.c.seen_at < before))
