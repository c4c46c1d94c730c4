"""OAuth states that came back: SHA-256 of the `state` and its expiry, so that each counts once."""

from datetime import datetime

from sqlalchemy import delete, select

from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import insert_or_ignore
from allybot.store.tables import installation

_INSERT = {
    dialect: statement.returning(installation.c.digest)
    for dialect, statement in insert_or_ignore(installation, "digest").items()
}


def use(tx: Transaction, digest: str, expires_at: datetime, real: datetime, keep: int) -> bool:
    """Insert a state; False when it is there already. One statement decides, also between processes.

    Args:
        real: the host's clock, aware UTC; rows that expired by then are deleted.
        keep: the most rows to be left; those that expire first go first.
    """
    tx.execute(delete(installation).where(installation.c.expires_at <= real))
    values = {"digest": digest, "expires_at": expires_at}
    is_new = tx.execute(_INSERT[tx.dialect.name].values(**values)).first() is not None
    newest = select(installation.c.digest).order_by(installation.c.expires_at.desc(), installation.c.digest)
    tx.execute(delete(installation).where(installation.c.digest.in_(newest.offset(keep))))
    return is_new
