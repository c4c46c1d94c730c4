"""Deeds that wait to be posted in a circle. A row names its circle, not its teller.

Teller, text and whether the name is shown lie in one value of a fixed length under the operator's secret key;
within it the text is encrypted with the teller's personal key too, so that erasing them makes it unreadable
in all copies. Nothing else is written when a deed is told: whose they are is found by opening them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from sqlalchemy import ColumnElement, bindparam, delete, insert, select, union, update

from allybot.crypto import Keyring
from allybot.errors import DecryptionError
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import FINAL, NEVER_SENT
from allybot.store.engine.database import Transaction
from allybot.store.tables import circle_member, deed, outbox

SEALED_BYTES = 1024
"""Room for `MAX_DEED_LENGTH` characters at four bytes each, for an id and a nonce."""
_NAMED, _NAMELESS = b"1", b"0"
_STATE_OF_POST = select(outbox.c.state).where(outbox.c.key == deed.c.post_key).scalar_subquery()
# Built once for speed, see `store/trainees.py`.
_SETTLED = union(
    select(deed.c.id).where(deed.c.delete_after <= bindparam("now")),
    select(deed.c.id).where(
        deed.c.post_key > "",  # none that waits: an index finds the others
        _STATE_OF_POST.in_(FINAL),
    ),
).limit(bindparam("most"))


@dataclass(frozen=True)
class Told:
    """A deed that is not posted yet.

    Attributes:
        teller: trainee id.
        text_locked: the text, encrypted with the teller's personal key.
        named: whether the teller chose to show their name.
        post_key: key of the message it is posted with; None while it waits for a round.
        kept_back: whether a round went by without it.
    """

    id: str
    circle_id: str
    teller: str
    text_locked: bytes
    named: bool
    post_key: str | None = None
    kept_back: bool = False


def add(tx: Transaction, keyring: Keyring, told: Told, delete_after: datetime) -> None:
    """Store a deed until it is posted, at the latest until `delete_after` (aware UTC)."""
    values = {
        "id": told.id,
        "circle_id": told.circle_id,
        "post_key": told.post_key,
        "kept_back": told.kept_back,
        "sealed": _sealed(keyring, told),
        "delete_after": delete_after,
    }
    tx.execute(insert(deed).values(**values))


def exists(tx: Transaction, deed_id: str) -> bool:
    """Whether a deed still waits; it is not opened."""
    return tx.execute(select(deed.c.id).where(deed.c.id == deed_id)).first() is not None


def one(tx: Transaction, keyring: Keyring, deed_id: str) -> Told | None:
    """One deed, or None when it is gone or no configured key opens it."""
    return next(_told(tx, keyring, deed.c.id == deed_id), None)


def in_circle(tx: Transaction, keyring: Keyring, circle_id: str) -> list[Told]:
    """The deeds of a circle that can be opened, by id."""
    return list(_told(tx, keyring, deed.c.circle_id == circle_id))


def posted_with(tx: Transaction, keyring: Keyring, post_key: str) -> list[Told]:
    """The deeds that go with the message of this key and can be opened, by id."""
    return list(_told(tx, keyring, deed.c.post_key == post_key))


def of_tellers(tx: Transaction, keyring: Keyring, trainee_ids: Collection[str]) -> list[Told]:
    """The deeds of these trainees, by id. Every deed of their circles is opened for it."""
    seats = select(circle_member.c.circle_id).where(circle_member.c.trainee_id.in_(trainee_ids))
    found = _told(tx, keyring, deed.c.circle_id.in_(seats))
    return [told for told in found if told.teller in trainee_ids]


def send_with(tx: Transaction, deed_ids: Collection[str], post_key: str) -> None:
    """Let these deeds go with the message of this key."""
    tx.execute(update(deed).where(deed.c.id.in_(deed_ids)).values(post_key=post_key))


def keep_back(tx: Transaction, deed_ids: Collection[str]) -> None:
    """Let these deeds wait for the next round, with which they go in any case."""
    tx.execute(update(deed).where(deed.c.id.in_(deed_ids)).values(post_key=None, kept_back=True))


def forget(tx: Transaction, deed_ids: Collection[str]) -> int:
    """Delete these deeds; returns how many were there."""
    return tx.execute(delete(deed).where(deed.c.id.in_(deed_ids))).rowcount


def settled(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of deeds whose post was sent or given up, or that are too old at `now` (UTC)."""
    return list(tx.execute(_SETTLED, {"now": now, "most": limit}).scalars())


def missed_its_round(tx: Transaction, deed_id: str, now: datetime) -> bool:
    """Whether the round that a deed goes with was never posted, and it may still wait at `now` (UTC)."""
    of_round = (outbox.c.kind == MessageKind.DEEDS_ROUND, outbox.c.state.in_(NEVER_SENT))
    query = select(deed.c.id).join(outbox, outbox.c.key == deed.c.post_key).where(*of_round)
    return tx.execute(query.where(deed.c.id == deed_id, deed.c.delete_after > now)).first() is not None


def _told(tx: Transaction, keyring: Keyring, *where: ColumnElement[bool]) -> Iterator[Told]:
    for row in tx.execute(select(deed).where(*where).order_by(deed.c.id)).all():
        try:
            plain = sodium_unpad(keyring.unwrap(bytes(row.sealed)), SEALED_BYTES)
        except (DecryptionError, ValueError, CryptoError):
            continue
        teller, _, rest = plain.partition(b"\n")
        named = rest[:1] == _NAMED
        yield Told(row.id, row.circle_id, teller.decode(), rest[1:], named, row.post_key, row.kept_back)


def _sealed(keyring: Keyring, told: Told) -> bytes:
    head = told.teller.encode() + b"\n" + (_NAMED if told.named else _NAMELESS)
    plain = head + told.text_locked
    if len(plain) >= SEALED_BYTES:
        message = f"a deed is less than {SEALED_BYTES} bytes"
        raise ValueError(message)
    return keyring.wrap(sodium_pad(plain, SEALED_BYTES))
