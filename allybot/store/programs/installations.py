"""Pending OAuth installations: SHA-256 of the `state` and its expiry; each can be used once."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select

from allybot.store.engine.database import Transaction
from allybot.store.tables import installation


def begin(tx: Transaction, digest: str, expires_at: datetime) -> None:
    """Insert a pending installation that expires at `expires_at` (host clock, UTC)."""
    tx.execute(insert(installation).values(digest=digest, expires_at=expires_at))


def count_pending(tx: Transaction, real: datetime) -> int:
    """The number of pending installations, after deleting the expired ones."""
    tx.execute(delete(installation).where(installation.c.expires_at <= real))
    return int(tx.execute(select(func.count()).select_from(installation)).scalar_one())


def end(tx: Transaction, digest: str, real: datetime) -> bool:
    """Delete a pending installation; False when it is unknown, expired or already used."""
    usable = (installation.c.digest == digest, installation.c.expires_at > real)
    return tx.execute(delete(installation).where(*usable)).rowcount == 1
