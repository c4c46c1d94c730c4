"""Installations under way: a digest and an end for each, taken away by whoever uses it first."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select

from allybot.store.engine.database import Transaction
from allybot.store.tables import installation


def begin(tx: Transaction, digest: str, expires_at: datetime) -> None:
    """Remember one until `expires_at` (real, UTC)."""
    tx.execute(insert(installation).values(digest=digest, expires_at=expires_at))


def under_way(tx: Transaction, real: datetime) -> int:
    """How many may still end, after those that may not any more are forgotten."""
    tx.execute(delete(installation).where(installation.c.expires_at <= real))
    return int(tx.execute(select(func.count()).select_from(installation)).scalar_one())


def end(tx: Transaction, digest: str, real: datetime) -> bool:
    """Take it away; False where it is unknown, too old, or somebody has taken it already."""
    mine = (installation.c.digest == digest, installation.c.expires_at > real)
    return tx.execute(delete(installation).where(*mine)).rowcount == 1
