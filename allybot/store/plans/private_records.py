"""Trainees' private records: one encrypted blob each, which is rewritten whatever has changed in it.

The plaintext is the notes as JSON, padded to `NOTES_BYTES`, then all the rest as compressed JSON, padded to
a multiple of `BLOCK_BYTES`; a blob never becomes shorter. So its length shows neither an answer nor a plan,
only that somebody once wrote very much, and never whether there are notes.
"""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from nacl.bindings import sodium_pad, sodium_unpad
from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, bindparam, exists, select

from allybot.crypto import lock_bytes, unlock_bytes
from allybot.domain.notes import Note
from allybot.domain.private_record import PrivateRecord
from allybot.domain.trainee import Trainee, TraineeState
from allybot.errors import DecryptionError
from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import upsert
from allybot.store.tables import parked_row, private_record, trainee
from allybot.store.trainees import as_trainee

BLOCK_BYTES = 4096
"""Room for three plans with fifty earlier wordings of 85 letters, the length of those of tests/support."""
NOTES_BYTES = 4096
"""`MAX_NOTES` notes of `MAX_NOTE_LENGTH` characters of four bytes, uncompressed, take 4,047."""
_OVERHEAD_BYTES = 40
"""Nonce and authenticator of libsodium's secret box."""
_JSON = TypeAdapter(PrivateRecord)
_NOTES = TypeAdapter(tuple[tuple[str, date], ...])
# Built once for speed, see `store.trainees`.
_LOCKED = select(private_record.c.locked).where(private_record.c.trainee_id == bindparam("whose"))
_LOCKED_FOR_UPDATE = _LOCKED.with_for_update()
_WRITE = upsert(private_record, "locked")
_IS_DUE: tuple[ColumnElement[bool], ...] = (
    trainee.c.state == TraineeState.ACTIVE,
    trainee.c.record_due_at <= bindparam("now"),
    ~exists().where(
        parked_row.c.job == bindparam("job"),
        parked_row.c.row_id == trainee.c.id,
        parked_row.c.retry_at > bindparam("now"),
    ),
)
_FIRST_DUE = select(trainee.c.id).where(*_IS_DUE).order_by(trainee.c.record_due_at).limit(1)
_DUE_FOR_READING = (
    select(trainee, private_record.c.locked)
    .outerjoin(private_record, private_record.c.trainee_id == trainee.c.id)
    .where(*_IS_DUE)
    .order_by(trainee.c.record_due_at, trainee.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=trainee, skip_locked=True)
)


@dataclass
class Opened:
    """A record that is being changed: set `record` to what it becomes."""

    record: PrivateRecord


@dataclass(frozen=True)
class DueForReading:
    """An active trainee whose record is due to be read."""

    trainee_id: str
    row: Row[Any]

    @property
    def trainee(self) -> Trainee:
        """The trainee.

        Raises:
            UnknownZoneError: this host does not know the trainee's zone.
        """
        return as_trainee(self.row)

    def record(self, key: bytes) -> PrivateRecord:
        """The record. Raises as `opened`."""
        return opened(key, self.row.locked)


def opened(key: bytes, locked: bytes | None) -> PrivateRecord:
    """The record in a blob; an empty one for None.

    Raises:
        DecryptionError: the key does not fit, or the bytes were changed.
    """
    if locked is None:
        return PrivateRecord()
    padded = unlock_bytes(key, locked)
    notes, rest = padded[:NOTES_BYTES], padded[NOTES_BYTES:]
    try:
        record = _JSON.validate_json(zlib.decompress(sodium_unpad(rest, len(rest))))
        kept = _NOTES.validate_json(sodium_unpad(notes, NOTES_BYTES))
        return replace(record, notes=tuple(Note(text, day) for text, day in kept))
    except (ValueError, zlib.error):
        raise DecryptionError from None  # the cause would quote the trainee's words


def sealed(key: bytes, record: PrivateRecord, before: bytes | None = None) -> bytes:
    """The blob of a record, at least as long as the one `before`."""
    notes = _NOTES.dump_json(tuple((each.text, each.written_on) for each in record.notes))
    packed = zlib.compress(_JSON.dump_json(replace(record, notes=()), exclude_defaults=True))
    length = len(before) - _OVERHEAD_BYTES - NOTES_BYTES if before else BLOCK_BYTES
    rest = sodium_pad(packed, length if len(packed) < length else BLOCK_BYTES)
    return lock_bytes(key, sodium_pad(notes, NOTES_BYTES) + rest)


def create(tx: Transaction, key: bytes, trainee_id: str) -> None:
    """Add an empty record for somebody who consents, so that having one tells nothing. Idempotent."""
    with rewriting(tx, key, trainee_id):
        pass


def read(tx: Transaction, key: bytes, trainee_id: str, *, lock: bool = False) -> PrivateRecord:
    """A trainee's record; an empty one when there is none yet.

    Args:
        lock: lock it until the transaction ends.

    Raises:
        DecryptionError: the key does not fit, or the bytes were changed.
    """
    return opened(key, tx.execute(_LOCKED_FOR_UPDATE if lock else _LOCKED, {"whose": trainee_id}).scalar())


@contextmanager
def rewriting(tx: Transaction, key: bytes, trainee_id: str) -> Iterator[Opened]:
    """Lock a trainee's record, and write it anew at the end, also where nothing has changed.

    An error within leaves it as it was.

    Raises:
        DecryptionError: the key does not fit, or the bytes were changed.
    """
    locked = tx.execute(_LOCKED_FOR_UPDATE, {"whose": trainee_id}).scalar()
    held = Opened(opened(key, locked))
    yield held
    anew = {"trainee_id": trainee_id, "locked": sealed(key, held.record, locked)}
    tx.execute(_WRITE[tx.dialect.name], anew)


@contextmanager
def rewriting_all(tx: Transaction, keys: Mapping[str, bytes]) -> Iterator[dict[str, Opened]]:
    """Lock several trainees' records, and write each anew at the end: nothing shows whose has changed.

    An error within leaves them as they were.

    Args:
        keys: personal keys by trainee.

    Yields:
        The records by trainee, without those who have none or whose record cannot be decrypted.
    """
    query = (
        select(private_record.c.trainee_id, private_record.c.locked)
        .where(private_record.c.trainee_id.in_(sorted(keys)))
        .order_by(private_record.c.trainee_id)  # the order of the locks, and of what is written
        .with_for_update()
    )
    before: dict[str, bytes] = {}
    held: dict[str, Opened] = {}
    for row in tx.execute(query).all():
        with suppress(DecryptionError):
            held[row.trainee_id] = Opened(opened(keys[row.trainee_id], row.locked))
            before[row.trainee_id] = row.locked
    yield held
    for trainee_id, each in held.items():
        anew = sealed(keys[trainee_id], each.record, before[trainee_id])
        tx.execute(_WRITE[tx.dialect.name], {"trainee_id": trainee_id, "locked": anew})


def first_due(tx: Transaction, job: str, now: datetime) -> list[str]:
    """The id of the trainee whose record has been due longest at `now` (UTC); empty for none."""
    return list(tx.execute(_FIRST_DUE, {"job": job, "now": now}).scalars())


def due_for_reading(tx: Transaction, job: str, now: datetime, limit: int) -> list[DueForReading]:
    """Active trainees whose record is due to be read at `now` (UTC), reserved for this transaction.

    Without those whom `job` has parked.
    """
    page = tx.execute(_DUE_FOR_READING, {"job": job, "now": now, "most": limit})
    return [DueForReading(row.id, row) for row in page]
