"""Signs of life of workers: who is there, what their clocks show, and who does nothing, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import insert_for
from allybot.store.tables import worker_sign

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Sign:
    """What one worker said of itself.

    Attributes:
        began_at, seen_at: its first and its latest sign, by the database's clock, aware UTC.
        host_ahead: its host's clock less the database's, in whole seconds.
        offset: its program's clock less its host's, in whole seconds.
        refuses: why it does nothing, see `services.clock_agreement`; None while it acts.
    """

    worker: str
    began_at: datetime
    seen_at: datetime
    host_ahead: timedelta
    offset: timedelta
    refuses: str | None

    @property
    def program_ahead(self) -> timedelta:
        """How far its program's clock, which says what is due, is ahead of the database's."""
        return self.host_ahead + self.offset


def take_turns(tx: Transaction) -> None:
    """Let no other worker read or leave its sign until this transaction ends; SQLite does so by itself."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("LOCK TABLE worker_sign IN SHARE ROW EXCLUSIVE MODE")


def leave(tx: Transaction, sign: Sign) -> None:
    """Leave a sign in the place of this worker's earlier one, whose begin stays."""
    said = {
        "seen_at": sign.seen_at,
        "host_ahead_s": sign.host_ahead // _SECOND,
        "offset_s": sign.offset // _SECOND,
        "refuses": sign.refuses,
    }
    statement = insert_for(tx, worker_sign).values(worker=sign.worker, began_at=sign.began_at, **said)
    tx.execute(statement.on_conflict_do_update(index_elements=["worker"], set_=said))


def signs_since(tx: Transaction, since: datetime) -> list[Sign]:
    """Every worker that was seen after `since` (real, UTC), whoever began first."""
    query = select(worker_sign).where(worker_sign.c.seen_at > since)
    return [
        Sign(
            worker=row.worker,
            began_at=row.began_at,
            seen_at=row.seen_at,
            host_ahead=timedelta(seconds=row.host_ahead_s),
            offset=timedelta(seconds=row.offset_s),
            refuses=row.refuses,
        )
        for row in tx.execute(query.order_by(worker_sign.c.began_at, worker_sign.c.worker))
    ]


def take_back(tx: Transaction, worker: str) -> None:
    """A worker that leaves takes its sign with it."""
    tx.execute(delete(worker_sign).where(worker_sign.c.worker == worker))


def forget(tx: Transaction, before: datetime) -> None:
    """Delete the signs of workers that were last seen before this (real, UTC): nobody took them back."""
    tx.execute(delete(worker_sign).where(worker_sign.c.seen_at < before))
