"""Questions to circles that wait to be posted. A row names its circle, not its author.

Author, text and whether the name is shown lie in one value of a fixed length under the operator's secret key;
within it the text is encrypted with the author's personal key too, so that erasing the author makes it
unreadable in all copies.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from sqlalchemy import delete, func, or_, select, update

from allybot.crypto import Keyring
from allybot.domain.private_record import PrivateRecord
from allybot.errors import DecryptionError
from allybot.store.delivery.outbox import MessageKind, MessageState
from allybot.store.engine.database import Transaction
from allybot.store.tables import circle_question, outbox

SEALED_BYTES = 8192
"""Room for 2000 characters, the most a program may allow, at four bytes each, for an id and two nonces."""
NEVER_POSTED = (MessageState.REFUSED, MessageState.EXPIRED, MessageState.CANCELLED)
_SETTLED = (MessageState.SENT, *NEVER_POSTED)
_NAMED, _NAMELESS = b"1", b"0"


@dataclass(frozen=True)
class Waiting:
    """A question that waits to be posted.

    Attributes:
        text_locked: the text, encrypted with the author's personal key.
        named: whether the author chose to show their name.
    """

    circle_id: str
    trainee_id: str
    text_locked: bytes
    named: bool


def add(
    tx: Transaction, keyring: Keyring, question_id: str, question: Waiting, delete_after: datetime
) -> None:
    """Store a question until it is posted, at the latest until `delete_after` (aware UTC)."""
    values = {
        "id": question_id,
        "circle_id": question.circle_id,
        "sealed": _sealed(keyring, question),
        "delete_after": delete_after,
    }
    tx.execute(circle_question.insert().values(**values))


def waiting(tx: Transaction, keyring: Keyring, question_id: str) -> Waiting | None:
    """One question, or None when it is gone.

    Raises:
        DecryptionError: no configured key fits.
    """
    row = tx.execute(select(circle_question).where(circle_question.c.id == question_id)).first()
    return _opened(keyring, row.circle_id, row.sealed) if row else None


def exists(tx: Transaction, question_id: str) -> bool:
    """Whether a question still waits; it is not opened."""
    return kept_until(tx, question_id) is not None


def kept_until(tx: Transaction, question_id: str) -> datetime | None:
    """When a question is deleted at the latest, aware UTC; None when it is gone."""
    query = select(circle_question.c.delete_after).where(circle_question.c.id == question_id)
    return tx.execute(query).scalar()


def last_asked_on(tx: Transaction, record: PrivateRecord) -> date | None:
    """The day of a trainee's latest question that counts, in their zone; None when none is known.

    A question that was not posted does not count, though the record of somebody who has left its circle keeps
    its id: writing that record alone would show whose it was.
    """
    counted = (
        each.asked_on for each in record.asked_circle if not each.waiting_id or exists(tx, each.waiting_id)
    )
    return max(counted, default=None)


def asked_since(tx: Transaction, workspace_id: str, channel: str, since: datetime) -> int:
    """How many questions were or will be posted in a circle's channel after `since` (aware UTC)."""
    query = select(func.count()).where(
        outbox.c.workspace_id == workspace_id,
        outbox.c.to_channel == channel,
        outbox.c.kind == MessageKind.CIRCLE_QUESTION,
        outbox.c.due_at > since,
        outbox.c.state.not_in(NEVER_POSTED),
    )
    return int(tx.execute(query).scalar_one())


def settled(tx: Transaction, now: datetime, kept: timedelta, limit: int) -> list[str]:
    """Ids of questions whose text is no longer needed at `now` (UTC): posted, cancelled, or too old.

    Args:
        kept: the longest time a text is kept after its post is due; only rows within it are read.
    """
    query = (
        select(circle_question.c.id)
        .outerjoin(
            outbox,
            (outbox.c.about_id == circle_question.c.id) & (outbox.c.kind == MessageKind.CIRCLE_QUESTION),
        )
        .where(circle_question.c.delete_after <= now + kept)
        .where(or_(outbox.c.state.in_(_SETTLED), circle_question.c.delete_after <= now))
    )
    return list(tx.execute(query.limit(limit)).scalars())


def forget(tx: Transaction, question_id: str) -> int:
    """Delete a question; 0 when another transaction was first."""
    return tx.execute(delete(circle_question).where(circle_question.c.id == question_id)).rowcount


def forget_by(tx: Transaction, keyring: Keyring, trainee_ids: Collection[str]) -> int:
    """Delete the questions of these trainees; how many. Every waiting question is opened for it.

    One that no configured key opens stays; it is deleted on its last day.
    """
    found = 0
    for question_id, circle_id, sealed in _all(tx):
        with suppress(DecryptionError):
            if _opened(keyring, circle_id, sealed).trainee_id in trainee_ids:
                found += forget(tx, question_id)
    return found


def all_sealed(tx: Transaction) -> list[bytes]:
    """What is wrapped with the operator's secret key, of every waiting question."""
    return [sealed for _, _, sealed in _all(tx)]


def rewrap(tx: Transaction, keyring: Keyring) -> tuple[int, int, int]:
    """Wrap every waiting question with the keyring's first key: how many anew, already, unreadable."""
    anew = already = unreadable = 0
    for question_id, _, sealed in _all(tx):
        try:
            fresh = keyring.rewrap(sealed)
        except DecryptionError:
            unreadable += 1
            continue
        if fresh is None:
            already += 1
            continue
        change = update(circle_question).where(circle_question.c.id == question_id)
        anew += tx.execute(change.values(sealed=fresh)).rowcount
    return anew, already, unreadable


def _all(tx: Transaction) -> Iterator[tuple[str, str, bytes]]:
    columns = (circle_question.c.id, circle_question.c.circle_id, circle_question.c.sealed)
    for row in tx.execute(select(*columns).order_by(circle_question.c.id)).all():
        yield row.id, row.circle_id, bytes(row.sealed)


def _sealed(keyring: Keyring, question: Waiting) -> bytes:
    head = question.trainee_id.encode() + b"\n" + (_NAMED if question.named else _NAMELESS)
    plain = head + question.text_locked
    if len(plain) >= SEALED_BYTES:
        message = f"a question is less than {SEALED_BYTES} bytes"
        raise ValueError(message)
    return keyring.wrap(sodium_pad(plain, SEALED_BYTES))


def _opened(keyring: Keyring, circle_id: str, sealed: bytes) -> Waiting:
    try:
        plain = sodium_unpad(keyring.unwrap(sealed), SEALED_BYTES)
    except (ValueError, CryptoError):
        raise DecryptionError from None
    author, _, rest = plain.partition(b"\n")
    return Waiting(circle_id, author.decode(), rest[1:], rest[:1] == _NAMED)
