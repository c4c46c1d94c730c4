"""Maintenance of the vault: orphaned keys, what wraps its keys, and when chores are due."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Table, bindparam, delete, or_, select, update

from allybot.store.engine import wrapped
from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import upsert
from allybot.store.engine.wrapped import WrappedColumn
from allybot.store.vault.vault import chore, person_key, suppression_key, window_key

_BATCH = 500
"""Keys per query."""
WRAPPED_KEYS = {
    "personal keys": WrappedColumn(person_key.c.key_wrapped),
    "window keys": WrappedColumn(window_key.c.private_wrapped),
    "suppression key": WrappedColumn(suppression_key.c.key_wrapped),
}
# Built once for speed, see `store/trainees.py`.
_CHORES = select(chore.c.name, chore.c.next_at)
_CHORE = _CHORES.where(chore.c.name == bindparam("wanted"))
_PUT_OFF = upsert(chore, "next_at")
_TAKE = {
    dialect: statement.returning(chore.c.name)
    for dialect, statement in upsert(
        chore, "next_at", lambda new: or_(chore.c.next_at <= bindparam("now"), chore.c.next_at > new)
    ).items()
}


def take_chore(vault_tx: Transaction, name: str, now: datetime, every: timedelta) -> bool:
    """Take a chore that is due at `now` (the program's clock, UTC); only one of several workers gets True.

    A clock that was set back delays it by `every` at most.
    """
    values = {"name": name, "next_at": now + every, "now": now}
    return vault_tx.execute(_TAKE[vault_tx.dialect.name], values).first() is not None


def give_chore_back(vault_tx: Transaction, name: str, now: datetime) -> None:
    """Make a chore that failed due again at `now` (UTC)."""
    vault_tx.execute(update(chore).where(chore.c.name == name).values(next_at=now))


def put_off_chores(vault_tx: Transaction, until: Mapping[str, datetime]) -> None:
    """Let these chores be due at these times (UTC) and not before, whoever may have taken them."""
    values = [{"name": name, "next_at": at} for name, at in sorted(until.items())]
    vault_tx.execute(_PUT_OFF[vault_tx.dialect.name], values)


def chore_times(vault_tx: Transaction) -> dict[str, datetime]:
    """When each chore that was ever taken is due again, aware UTC."""
    return {row.name: row.next_at for row in vault_tx.execute(_CHORES)}


def is_due(vault_tx: Transaction, name: str, now: datetime, every: timedelta) -> bool:
    """Whether `take_chore` is worth a try; only reads."""
    row = vault_tx.execute(_CHORE, {"wanted": name}).first()
    return is_time(row.next_at if row else None, now, every)


def is_time(next_at: datetime | None, now: datetime, every: timedelta) -> bool:
    """Whether a chore that is due at `next_at` (UTC; None: never taken) may be done at `now`."""
    return next_at is None or next_at <= now or next_at > now + every


def people_with_keys(vault_tx: Transaction) -> set[str]:
    """Ids of all trainees whose personal key is in the vault."""
    return set(vault_tx.execute(select(person_key.c.trainee_id)).scalars())


def boxes_with_keys(vault_tx: Transaction) -> set[str]:
    """Ids of all windows and circle weeks whose private key is in the vault."""
    return set(vault_tx.execute(select(window_key.c.box_id)).scalars())


def some_keys(vault_tx: Transaction, keys: Table, after: str, limit: int) -> dict[str, datetime | None]:
    """Up to `limit` ids after the id `after`, sorted, and since when each is an orphan (UTC).

    Args:
        keys: `person_key` or `window_key`; the ids are those of trainees, or of windows and circle weeks.
    """
    (identity,) = keys.primary_key.columns
    query = select(identity, keys.c.orphan_since).where(identity > after).order_by(identity).limit(limit)
    return {str(row[0]): row.orphan_since for row in vault_tx.execute(query)}


def note_orphans(vault_tx: Transaction, keys: Table, ids: Collection[str], since: datetime | None) -> None:
    """Mark these keys as orphans since a moment (UTC), unless they are marked; None removes the mark."""
    (identity,) = keys.primary_key.columns
    change = update(keys).where(identity.in_(sorted(ids))).values(orphan_since=since)
    vault_tx.execute(change if since is None else change.where(keys.c.orphan_since.is_(None)))


def drop_orphans(vault_tx: Transaction, keys: Table, ids: Collection[str], noted_until: datetime) -> int:
    """Delete those of these keys that were marked as orphans up to this moment (UTC); returns how many."""
    (identity,) = keys.primary_key.columns
    old = delete(keys).where(identity.in_(sorted(ids)), keys.c.orphan_since <= noted_until)
    return vault_tx.execute(old).rowcount


def all_wraps(vault_tx: Transaction, batch: int = _BATCH) -> Iterator[bytes]:
    """Every wrapped key, personal keys first, read in batches of so many."""
    for column in WRAPPED_KEYS.values():
        yield from wrapped.values(vault_tx, column, batch)
