"""What members write to their circle through allybot. A row names its circle, not its author.

Author, text and whether the name is shown lie in one value of a fixed length under the operator's secret key;
within it the text is encrypted with the author's personal key too, so that erasing the author makes it
unreadable in all copies. Once posted the text is deleted. Of a question the author stays, in a value of the
same length, as long as it can be marked as answered: they are told.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, func, or_, select, update

from allybot.crypto import Keyring
from allybot.domain.circle_questions import TextKind
from allybot.domain.private_record import PrivateRecord
from allybot.errors import DecryptionError
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import FINAL, NEVER_SENT
from allybot.store.engine.database import Transaction
from allybot.store.tables import circle_text, outbox

SEALED_BYTES = 8192
"""Room for 2000 characters, the most a program may allow, at four bytes each, for an id and two nonces."""
_NAMED, _NAMELESS = b"1", b"0"
_NOBODY = ""


class TextState(StrEnum):
    """WAITING to be posted; OPEN, a posted question; ANSWERED, one that somebody marked as such."""

    WAITING = "waiting"
    OPEN = "open"
    ANSWERED = "answered"


# Built once for speed, see `store/trainees.py`.
_DONE = (
    select(circle_text.c.id)
    .outerjoin(outbox, outbox.c.id == circle_text.c.id)
    .where(circle_text.c.delete_after <= bindparam("kept_until"))
    .where(
        or_(
            and_(circle_text.c.state == TextState.WAITING, outbox.c.state.in_(FINAL)),
            circle_text.c.delete_after <= bindparam("now"),
        )
    )
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class Written:
    """What somebody wrote.

    Attributes:
        trainee_id: the author; empty for an answered question.
        text_locked: the text, encrypted with the author's personal key; empty once it is posted.
        named: whether the author chose to show their name.
    """

    circle_id: str
    kind: TextKind
    trainee_id: str
    text_locked: bytes = b""
    named: bool = False
    state: TextState = TextState.WAITING


@dataclass(frozen=True)
class Question:
    """A question, without its author. One that waits may be in Slack already."""

    circle_id: str
    state: TextState


def add(tx: Transaction, keyring: Keyring, text_id: str, written: Written, delete_after: datetime) -> None:
    """Store a text until it is posted, at the latest until `delete_after` (aware UTC)."""
    values = {
        "id": text_id,
        "circle_id": written.circle_id,
        "kind": written.kind,
        "state": written.state,
        "sealed": _sealed(keyring, written),
        "delete_after": delete_after,
    }
    tx.execute(circle_text.insert().values(**values))


def by_id(tx: Transaction, keyring: Keyring, text_id: str) -> Written | None:
    """One text, or None when it is gone.

    Raises:
        DecryptionError: no configured key fits.
    """
    row = tx.execute(select(circle_text).where(circle_text.c.id == text_id)).first()
    return _opened(keyring, row) if row else None


def exists(tx: Transaction, text_id: str) -> bool:
    """Whether a text is still kept; it is not opened."""
    return kept_until(tx, text_id) is not None


def kept_until(tx: Transaction, text_id: str) -> datetime | None:
    """When a text is deleted at the latest, aware UTC; None when it is gone."""
    query = select(circle_text.c.delete_after).where(circle_text.c.id == text_id)
    return tx.execute(query).scalar()


def question(tx: Transaction, question_id: str) -> Question | None:
    """A question that is kept, without opening it; None for any other text."""
    here = (circle_text.c.id == question_id, circle_text.c.kind == TextKind.QUESTION)
    row = tx.execute(select(circle_text.c.circle_id, circle_text.c.state).where(*here)).first()
    return Question(row.circle_id, TextState(row.state)) if row else None


def keep_open(tx: Transaction, keyring: Keyring, text_id: str, until: datetime) -> bool:
    """Delete the text of a question that was posted; its author stays until `until` (aware UTC).

    Raises:
        DecryptionError: no configured key fits.
    """
    change = {"state": TextState.OPEN, "delete_after": until}
    return _without_text(tx, keyring, text_id, TextState.WAITING, change) is not None


def mark_answered(tx: Transaction, keyring: Keyring, question_id: str) -> str | None:
    """Mark an open question as answered; the trainee who asked, who is then forgotten here.

    Empty where they were forgotten before, None when another transaction was first.

    Raises:
        DecryptionError: no configured key fits.
    """
    change = {"state": TextState.ANSWERED}
    written = _without_text(tx, keyring, question_id, TextState.OPEN, change)
    return written.trainee_id if written else None


def last_asked_on(tx: Transaction, record: PrivateRecord) -> date | None:
    """The day of a trainee's latest question that counts, in their zone; None when none is known.

    A question that was not posted does not count, though the record of somebody who has left its circle keeps
    its id: writing that record alone would show whose it was.
    """
    counted = (
        each.written_on
        for each in record.wrote_circle
        if each.kind is TextKind.QUESTION and (not each.text_id or exists(tx, each.text_id))
    )
    return max(counted, default=None)


def asked_since(tx: Transaction, workspace_id: str, channel: str, since: datetime) -> int:
    """How many questions were or will be posted in a circle's channel after `since` (aware UTC)."""
    query = select(func.count()).where(
        outbox.c.workspace_id == workspace_id,
        outbox.c.to_channel == channel,
        outbox.c.kind == MessageKind.CIRCLE_QUESTION,
        outbox.c.due_at > since,
        outbox.c.state.not_in(NEVER_SENT),
    )
    return int(tx.execute(query).scalar_one())


def settled(tx: Transaction, now: datetime, kept: timedelta, limit: int) -> list[str]:
    """Ids of texts with something to do at `now` (UTC): posted, given up, or kept long enough.

    Args:
        kept: the longest time a text is kept after its post is due; only rows within it are read.
    """
    return list(tx.execute(_DONE, {"now": now, "kept_until": now + kept, "most": limit}).scalars())


def forget(tx: Transaction, text_id: str) -> int:
    """Delete a text; 0 when another transaction was first."""
    return tx.execute(delete(circle_text).where(circle_text.c.id == text_id)).rowcount


def circles_of(tx: Transaction, text_ids: Collection[str]) -> set[str]:
    """The circles that these texts are for."""
    query = select(circle_text.c.circle_id).where(circle_text.c.id.in_(text_ids)).distinct()
    return set(tx.execute(query).scalars())


def forget_authors(
    tx: Transaction, keyring: Keyring, trainee_ids: Collection[str], circle_ids: Collection[str] | None
) -> None:
    """Delete what these trainees wrote and is not posted, and take them out of their open questions.

    Every open question of these circles is written anew, so that nothing shows whose they were. A text that
    no configured key opens stays; it is deleted on its last day.

    Args:
        circle_ids: where they may have written; None for anywhere.
    """
    for row in _rows(tx, None if circle_ids is None else circle_text.c.circle_id.in_(circle_ids)):
        with suppress(DecryptionError):
            written = _opened(keyring, row)
            theirs = written.trainee_id in trainee_ids
            if written.state is TextState.WAITING:
                if theirs:
                    forget(tx, row.id)
            else:
                left = replace(written, trainee_id=_NOBODY) if theirs else written
                change = update(circle_text).where(circle_text.c.id == row.id)
                tx.execute(change.values(sealed=_sealed(keyring, left)))


def _without_text(
    tx: Transaction, keyring: Keyring, text_id: str, state: TextState, values: Mapping[str, object]
) -> Written | None:
    """Change a text's row and delete its words, and its author too where it is answered; as it was before."""
    written = by_id(tx, keyring, text_id)
    if written is None or written.state is not state:
        return None
    author = written.trainee_id if values["state"] is TextState.OPEN else _NOBODY
    sealed = _sealed(keyring, Written(written.circle_id, written.kind, author))
    change = update(circle_text).where(circle_text.c.id == text_id, circle_text.c.state == state)
    return written if tx.execute(change.values(sealed=sealed, **values)).rowcount else None


def _rows(tx: Transaction, where: ColumnElement[bool] | None = None) -> Iterator[Row[tuple[object, ...]]]:
    query = select(circle_text).order_by(circle_text.c.id)
    yield from tx.execute(query if where is None else query.where(where)).all()


def _sealed(keyring: Keyring, written: Written) -> bytes:
    head = written.trainee_id.encode() + b"\n" + (_NAMED if written.named else _NAMELESS)
    plain = head + written.text_locked
    if len(plain) >= SEALED_BYTES:
        message = f"a text is less than {SEALED_BYTES} bytes"
        raise ValueError(message)
    return keyring.wrap(sodium_pad(plain, SEALED_BYTES))


def _opened(keyring: Keyring, row: Row[tuple[object, ...]]) -> Written:
    try:
        plain = sodium_unpad(keyring.unwrap(bytes(row.sealed)), SEALED_BYTES)
    except (ValueError, CryptoError):
        raise DecryptionError from None
    author, _, rest = plain.partition(b"\n")
    return Written(
        row.circle_id,
        TextKind(row.kind),
        author.decode(),
        rest[1:],
        rest[:1] == _NAMED,
        TextState(row.state),
    )
