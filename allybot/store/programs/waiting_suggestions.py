"""Suggestions that wait to go to the leads of a program. No row names who sent one.

Its id is a digest that only the sender's personal key makes, and its text is encrypted with the same key:
whose it is can be found by trying the personal keys of all of the program's people. There is no time finer
than a week, and no order of rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, delete, insert, select

from allybot.crypto import keyed_digest, lock_bytes, unlock_bytes
from allybot.domain.suggestions import SuggestionState
from allybot.store.engine.database import Transaction
from allybot.store.programs.suggestions import TEXT_BYTES, padded, unpadded
from allybot.store.tables import program, suggestion, trainee

_ID_LENGTH = 32
"""Hexadecimal digits, as of a random id."""
# First what is due, by the index of due times: SQLite else reads all that wait, in the order of programs.
_DUE = (
    select(suggestion.c.program_id)
    .where(suggestion.c.goes_at <= bindparam("now"))
    .cte("due")
    .prefix_with("MATERIALIZED")
)
# Built once for speed, see `store/trainees.py`.
_DUE_ROUNDS = select(_DUE.c.program_id).distinct().order_by(_DUE.c.program_id).limit(bindparam("most"))


@dataclass(frozen=True)
class WaitingRow:
    """A waiting suggestion as it is stored; `goes_at` is aware UTC, `first_on` a Monday."""

    id: str
    first_on: date
    goes_at: datetime
    locked: bytes


def waiting_id(personal_key: bytes, program_id: str, first_on: date) -> str:
    """The id of what a person sends for this Monday, which only their key makes."""
    return keyed_digest(personal_key, "suggestion", program_id, first_on.isoformat())[:_ID_LENGTH]


def locked(personal_key: bytes, text: str) -> bytes:
    """A text as it waits: encrypted, of one length."""
    return lock_bytes(personal_key, padded(text, TEXT_BYTES))


def unlocked(personal_key: bytes, row: WaitingRow) -> str:
    """The text.

    Raises:
        DecryptionError: the key does not fit, or the bytes were changed.
    """
    return unpadded(unlock_bytes(personal_key, row.locked), TEXT_BYTES)


def take_program(tx: Transaction, program_id: str) -> None:
    """Lock a program until the transaction ends, so that its waiting suggestions are changed by one only.

    The sender's row is not locked: on PostgreSQL a lock shows on disk.
    """
    tx.execute(select(program.c.id).where(program.c.id == program_id).with_for_update())


def waiting(tx: Transaction, program_id: str) -> list[WaitingRow]:
    """What waits in a program, by id, which is by chance."""
    query = select(suggestion).where(
        suggestion.c.program_id == program_id, suggestion.c.state == SuggestionState.WAITING
    )
    rows = tx.execute(query.order_by(suggestion.c.id))
    return [WaitingRow(row.id, row.first_on, row.goes_at, row.sealed) for row in rows]


def waiting_of(tx: Transaction, personal_key: bytes, program_id: str) -> WaitingRow | None:
    """What waits of the person with this key; None when nothing does."""
    rows = waiting(tx, program_id)
    ids = {day: waiting_id(personal_key, program_id, day) for day in {row.first_on for row in rows}}
    return next((row for row in rows if row.id == ids[row.first_on]), None)


def set_waiting(tx: Transaction, program_id: str, rows: Collection[WaitingRow]) -> None:
    """Let these wait in a program and no others.

    All are written anew, by id: the newest is not the only one with new traces on the disk.
    """
    here = (suggestion.c.program_id == program_id, suggestion.c.state == SuggestionState.WAITING)
    tx.execute(delete(suggestion).where(*here))
    values = [
        {
            "id": row.id,
            "program_id": program_id,
            "state": SuggestionState.WAITING,
            "sealed": row.locked,
            "first_on": row.first_on,
            "goes_at": row.goes_at,
        }
        for row in sorted(rows, key=lambda row: row.id)
    ]
    if values:
        tx.execute(insert(suggestion), values)


def senders(tx: Transaction, program_id: str) -> list[str]:
    """The ids of everybody whose suggestion may wait in a program: all of its people."""
    return list(tx.execute(select(trainee.c.id).where(trainee.c.program_id == program_id)).scalars())


def due_rounds(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of programs in which suggestions wait for a Monday's noon that has come at `now` (UTC)."""
    return list(tx.execute(_DUE_ROUNDS, {"now": now, "most": limit}).scalars())


def programs_with_waiting(tx: Transaction) -> list[str]:
    """Ids of programs in which suggestions wait."""
    query = select(suggestion.c.program_id).where(suggestion.c.goes_at.is_not(None)).distinct()
    return list(tx.execute(query.order_by(suggestion.c.program_id)).scalars())
