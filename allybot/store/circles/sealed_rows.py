"""Columns that the operator's secret key encrypts: read for a check of the keys, and wrapped anew."""

from sqlalchemy import Column, select, update

from allybot.crypto import Keyring
from allybot.errors import DecryptionError
from allybot.store.engine.database import Transaction


def all_sealed(tx: Transaction, *columns: Column[bytes]) -> list[bytes]:
    """Every value of these columns."""
    return [
        bytes(value)
        for column in columns
        for value in tx.execute(select(column).where(column.is_not(None))).scalars()
    ]


def rewrap(tx: Transaction, keyring: Keyring, *columns: Column[bytes]) -> tuple[int, int, int]:
    """Wrap every value with the keyring's first key: how many anew, already, unreadable.

    Args:
        columns: of tables with an `id`.
    """
    anew = already = unreadable = 0
    for column in columns:
        identity = column.table.c.id
        for row in tx.execute(select(identity, column).where(column.is_not(None))).all():
            try:
                fresh = keyring.rewrap(bytes(row[1]))
            except DecryptionError:
                unreadable += 1
                continue
            if fresh is None:
                already += 1
                continue
            change = update(column.table).where(identity == row.id, column == row[1])
            anew += tx.execute(change.values({column.name: fresh})).rowcount
    return anew, already, unreadable
