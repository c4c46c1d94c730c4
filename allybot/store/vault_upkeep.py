"""What time does to keys: orphans are noticed, then swept; wraps are renewed; chores come round."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, delete, select, update

from allybot.crypto import Keyring
from allybot.errors import Undecipherable
from allybot.store.database import Transaction
from allybot.store.upsert import insert_for
from allybot.store.vault import chore, person_key, window_key

_CHUNK = 500
"""Ids in one statement; SQLite and PostgreSQL both take far more."""


@dataclass(frozen=True)
class Rewrapped:
    """One stretch of wraps that were looked at: the last id, empty at the end, and what became of them."""

    last: str
    anew: int
    already: int
    unreadable: int


def take_chore(vault_tx: Transaction, name: str, now: datetime, every: timedelta) -> bool:
    """Whether a chore is due at `now` (the program's clock, UTC); of several workers one gets it.

    A clock that was moved back does not put it off for longer than `every`.
    """
    later = now + every
    first = insert_for(vault_tx, chore).values(name=name, next_at=later).on_conflict_do_nothing()
    if vault_tx.execute(first.returning(chore.c.name)).first():
        return True
    due = (chore.c.next_at <= now) | (chore.c.next_at > later)
    taken = vault_tx.execute(update(chore).where(chore.c.name == name, due).values(next_at=later))
    return taken.rowcount == 1


def give_chore_back(vault_tx: Transaction, name: str, now: datetime) -> None:
    """Let a chore that was taken and could not be done be due at `now` (UTC)."""
    vault_tx.execute(update(chore).where(chore.c.name == name).values(next_at=now))


def is_due(vault_tx: Transaction, name: str, now: datetime, every: timedelta) -> bool:
    """Whether `take_chore` is worth a try; only reads."""
    row = vault_tx.execute(select(chore.c.next_at).where(chore.c.name == name)).first()
    return row is None or row.next_at <= now or row.next_at > now + every


def people_with_keys(vault_tx: Transaction) -> set[str]:
    """Ids of all trainees whose personal key is here."""
    return set(vault_tx.execute(select(person_key.c.trainee_id)).scalars())


def boxes_with_keys(vault_tx: Transaction) -> set[str]:
    """Ids of all windows and circle weeks whose private key is here."""
    return set(vault_tx.execute(select(window_key.c.box_id)).scalars())


def any_noted(vault_tx: Transaction) -> bool:
    """Whether a key is noted as an orphan."""
    return any(
        vault_tx.execute(select(table).where(table.c.orphan_since.is_not(None)).limit(1)).first()
        for table in (person_key, window_key)
    )


def sweep_people(vault_tx: Transaction, orphans: Collection[str], now: datetime, grace: timedelta) -> int:
    """Note keys of `orphans` (trainee ids without a row) and erase those noted `grace` ago; how many.

    A key that has its row again is no longer an orphan: between making a key and keeping its person there is
    a moment in which it looks like one.
    """
    return _sweep(vault_tx, person_key, orphans, now, grace)


def sweep_boxes(vault_tx: Transaction, orphans: Collection[str], now: datetime, grace: timedelta) -> int:
    """The same for keys of windows and circle weeks."""
    return _sweep(vault_tx, window_key, orphans, now, grace)


def rewrap_people(vault_tx: Transaction, keyring: Keyring, after: str, limit: int) -> Rewrapped:
    """Wrap up to `limit` personal keys anew with the keyring's first key, beginning after the id `after`."""
    return _rewrap(vault_tx, person_key.c.trainee_id, person_key.c.key_wrapped, keyring, after, limit)


def rewrap_boxes(vault_tx: Transaction, keyring: Keyring, after: str, limit: int) -> Rewrapped:
    """The same for keys of windows and circle weeks."""
    return _rewrap(vault_tx, window_key.c.box_id, window_key.c.private_wrapped, keyring, after, limit)


def all_wraps(vault_tx: Transaction) -> Iterator[bytes]:
    """Every wrapped key, people's first, a stretch at a time: whoever looks for one need not read all."""
    for name, wrap in (
        (person_key.c.trainee_id, person_key.c.key_wrapped),
        (window_key.c.box_id, window_key.c.private_wrapped),
    ):
        last = ""
        while rows := vault_tx.execute(
            select(name, wrap).where(name > last).order_by(name).limit(_CHUNK)
        ).all():
            yield from (wrapped for _, wrapped in rows)
            last = rows[-1][0]


def _sweep(
    vault_tx: Transaction, table: Table, orphans: Collection[str], now: datetime, grace: timedelta
) -> int:
    (identity,) = table.primary_key.columns
    since, lonely, swept = table.c.orphan_since, sorted(orphans), 0
    noted = set(vault_tx.execute(select(identity).where(since.is_not(None))).scalars())
    back = sorted(noted - set(lonely))
    for start in range(0, len(back), _CHUNK):
        part = back[start : start + _CHUNK]
        vault_tx.execute(update(table).where(identity.in_(part)).values(orphan_since=None))
    for start in range(0, len(lonely), _CHUNK):
        part = lonely[start : start + _CHUNK]
        gone = delete(table).where(identity.in_(part), since <= now - grace)
        swept += vault_tx.execute(gone).rowcount
        vault_tx.execute(update(table).where(identity.in_(part), since.is_(None)).values(orphan_since=now))
    return swept


def _rewrap(
    vault_tx: Transaction, name: Column[Any], wrap: Column[Any], keyring: Keyring, after: str, limit: int
) -> Rewrapped:
    """Conditional on the old wrap, so that an erased key is not brought back and a newer one not undone."""
    rows = vault_tx.execute(select(name, wrap).where(name > after).order_by(name).limit(limit)).all()
    anew = already = unreadable = 0
    for row_id, wrapped in rows:
        try:
            fresh = keyring.rewrap(wrapped)
        except Undecipherable:
            unreadable += 1
            continue
        if fresh is None:
            already += 1
            continue
        change = update(name.table).where(name == row_id, wrap == wrapped).values({wrap: fresh})
        anew += vault_tx.execute(change).rowcount
    last = str(rows[-1][0]) if len(rows) == limit else ""
    return Rewrapped(last, anew, already, unreadable)
