"""Columns whose values ALLYBOT_SECRET_KEY wraps, of tables with one primary key: read, and wrapped anew."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Column, ColumnElement, select, true, update

from allybot.crypto import Keyring
from allybot.errors import DecryptionError
from allybot.store.engine.database import Transaction


@dataclass(frozen=True)
class WrappedColumn:
    """A column, which may be NULL; `where`: the rows in which the secret key wraps it, all by default."""

    column: Column[bytes]
    where: ColumnElement[bool] = field(default_factory=true)

    @property
    def identity(self) -> ColumnElement[str]:
        """The table's primary key."""
        return next(iter(self.column.table.primary_key))


@dataclass(frozen=True)
class Rewrapped:
    """One batch: its last id, empty at the end, and how many were rewrapped, current, opened by no key."""

    last: str
    anew: int
    already: int
    unreadable: int


def rewrap(tx: Transaction, keyring: Keyring, wrapped: WrappedColumn, after: str, limit: int) -> Rewrapped:
    """Wrap up to `limit` values with the keyring's first key, from the ids after `after` on.

    A value is replaced only if it is unchanged, so that erased keys stay erased.
    """
    column = wrapped.column
    rows = _some(tx, wrapped, after, limit)
    anew = already = unreadable = 0
    for row_id, before in rows:
        try:
            fresh = keyring.rewrap(before)
        except DecryptionError:
            unreadable += 1
            continue
        if fresh is None:
            already += 1
            continue
        change = update(column.table).where(wrapped.identity == row_id, column == before)
        anew += tx.execute(change.values({column: fresh})).rowcount
    return Rewrapped(rows[-1][0] if len(rows) == limit else "", anew, already, unreadable)


def values(tx: Transaction, wrapped: WrappedColumn, batch: int) -> Iterator[bytes]:
    """Every value of a column, by id, read in batches of so many."""
    last = ""
    while rows := _some(tx, wrapped, last, batch):
        yield from (value for _, value in rows)
        last = rows[-1][0]


def _some(tx: Transaction, wrapped: WrappedColumn, after: str, limit: int) -> list[tuple[str, bytes]]:
    here = (wrapped.identity > after, wrapped.column.is_not(None), wrapped.where)
    query = select(wrapped.identity, wrapped.column).where(*here).order_by(wrapped.identity)
    return [(str(row_id), bytes(value)) for row_id, value in tx.execute(query.limit(limit))]
