"""The vault: a second database for keys, with its own backup rules.

Window keys are never backed up: destroying one makes every ballot it sealed unreadable, in backups too.
Personal keys are backed up apart from the database, with a shorter retention. See also `upkeep.py` and
`suppression.py`.
"""

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Boolean, Column, Index, LargeBinary, MetaData, Table, bindparam, delete, insert, select

from allybot.crypto import Keyring, new_personal_key, new_window_keys
from allybot.errors import DecryptionError
from allybot.store.engine.database import Transaction, UtcDateTime
from allybot.store.engine.upsert import insert_for
from allybot.store.tables.columns import ID, NAMES, WORD

vault_metadata = MetaData(naming_convention=NAMES)

window_key = Table(
    "window_key",
    vault_metadata,
    Column("box_id", ID, primary_key=True, comment="id of the window or circle week it belongs to"),
    Column("private_wrapped", LargeBinary, nullable=False, comment="wrapped; destroyed when opened or void"),
    Column("orphan_since", UtcDateTime, comment="due: first seen without a window or circle week"),
)

person_key = Table(
    "person_key",
    vault_metadata,
    Column("trainee_id", ID, primary_key=True, comment="whose text it decrypts"),
    Column(
        "key_wrapped", LargeBinary, nullable=False, comment="wrapped; erasing it makes the text unreadable"
    ),
    Column("orphan_since", UtcDateTime, comment="due: first seen without a trainee's row"),
)

erased = Table(
    "erased",
    vault_metadata,
    Column(
        "trainee_id", ID, primary_key=True, comment="random id of an erased trainee; restores drop their row"
    ),
    sqlite_with_rowid=False,  # a hidden rowid would keep the order of erasing
)

chore = Table(
    "chore",
    vault_metadata,
    Column("name", WORD, primary_key=True, comment="name of the periodic task"),
    Column("next_at", UtcDateTime, nullable=False, comment="due: not before"),
)

suppression_key = Table(
    "suppression_key",
    vault_metadata,
    Column("name", WORD, primary_key=True, comment="always the same: there is one key"),
    Column("key_wrapped", LargeBinary, nullable=False, comment="wrapped; without it a digest names nobody"),
)

suppressed = Table(
    "suppressed",
    vault_metadata,
    Column("digest", ID, primary_key=True, comment="keyed digest of a person, or of a person and a cohort"),
    Column("program_id", ID, comment="the cohort's program if it has to count them; NULL: a row does"),
    Column("took_part", Boolean, nullable=False, comment="whether they are counted as taking part, too"),
    sqlite_with_rowid=False,  # a hidden rowid would keep the order of leaving
)

pooled_person = Table(
    "pooled_person",
    vault_metadata,
    Column("digest", ID, primary_key=True, comment="keyed digest of a person"),
    Column("window_id", ID, primary_key=True, comment="a waiting window that asked"),
    Column(
        "owner_id", ID, nullable=False, comment="random: their id in this pool, whether they answered or not"
    ),
    Index(None, "window_id"),
    sqlite_with_rowid=False,  # a hidden rowid would keep the order of insertion
)

Keys = Table
"""One of the two tables of keys: `person_key` or `window_key`."""
_KEY_OF = select(person_key.c.key_wrapped).where(person_key.c.trainee_id == bindparam("wanted"))


def add_person_key(vault_tx: Transaction, keyring: Keyring, trainee_id: str) -> None:
    """Create a trainee's personal key. Idempotent."""
    if not vault_tx.execute(
        select(person_key.c.trainee_id).where(person_key.c.trainee_id == trainee_id)
    ).first():
        wrapped = keyring.wrap(new_personal_key())
        vault_tx.execute(insert(person_key).values(trainee_id=trainee_id, key_wrapped=wrapped))


def key_of_person(vault_tx: Transaction, keyring: Keyring, trainee_id: str) -> bytes:
    """A trainee's personal key, 32 bytes.

    Raises:
        DecryptionError: it was erased, or wrapped with a key that is not available.
    """
    row = vault_tx.execute(_KEY_OF, {"wanted": trainee_id}).first()
    if row is None:
        raise DecryptionError
    return keyring.unwrap(row.key_wrapped)


def keys_of_people(vault_tx: Transaction, keyring: Keyring, trainee_ids: Sequence[str]) -> dict[str, bytes]:
    """The personal keys of these trainees, without those that are erased or cannot be unwrapped."""
    query = select(person_key.c.trainee_id, person_key.c.key_wrapped)
    found: dict[str, bytes] = {}
    for row in vault_tx.execute(query.where(person_key.c.trainee_id.in_(trainee_ids))):
        with suppress(DecryptionError):
            found[row.trainee_id] = keyring.unwrap(row.key_wrapped)
    return found


def erase_person_key(vault_tx: Transaction, trainee_id: str) -> None:
    """Erase a trainee's personal key, which makes all copies of their text unreadable.

    Their random id is kept in `erased`, so that their row is deleted again after a restore.
    """
    vault_tx.execute(insert_for(vault_tx, erased).values(trainee_id=trainee_id).on_conflict_do_nothing())
    vault_tx.execute(delete(person_key).where(person_key.c.trainee_id == trainee_id))


def erased_ids(vault_tx: Transaction, after: str = "", limit: int | None = None) -> list[str]:
    """The ids of erased trainees, sorted, so that the order does not show when.

    Args:
        after: only ids that come after this one.
        limit: how many at most; None for all.
    """
    ids = select(erased.c.trainee_id).where(erased.c.trainee_id > after).order_by(erased.c.trainee_id)
    return [str(row.trainee_id) for row in vault_tx.execute(ids.limit(limit))]


def add_window_key(vault_tx: Transaction, keyring: Keyring, box_id: str) -> bytes:
    """Create a key pair for a window or a circle week; stores the private key, returns the public one."""
    private, public = new_window_keys()
    vault_tx.execute(insert(window_key).values(box_id=box_id, private_wrapped=keyring.wrap(private)))
    return public


def replace_window_key(vault_tx: Transaction, keyring: Keyring, box_id: str, part: bytes) -> None:
    """Store the host's part of a split private key, in place of one whose window never got its public key."""
    destroy_window_key(vault_tx, box_id)
    vault_tx.execute(insert(window_key).values(box_id=box_id, private_wrapped=keyring.wrap(part)))


def has_window_key(vault_tx: Transaction, box_id: str) -> bool:
    """Whether the vault holds the private key, or the host's part of it."""
    return (
        vault_tx.execute(select(window_key.c.box_id).where(window_key.c.box_id == box_id)).first() is not None
    )


def private_key_of(vault_tx: Transaction, keyring: Keyring, box_id: str) -> bytes | None:
    """The private key, or the host's part of a split one; None once it was destroyed."""
    row = vault_tx.execute(select(window_key.c.private_wrapped).where(window_key.c.box_id == box_id)).first()
    return keyring.unwrap(row.private_wrapped) if row else None


def destroy_window_key(vault_tx: Transaction, box_id: str) -> None:
    """Destroy the private key. Idempotent."""
    vault_tx.execute(delete(window_key).where(window_key.c.box_id == box_id))
