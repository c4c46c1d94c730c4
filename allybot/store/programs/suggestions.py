"""Suggestions to the leads of a program. No row names who sent one, while it waits or later.

A waiting row's id is a digest that only the sender's personal key makes, and its text is encrypted with the
same key: whose it is can be found by trying the personal keys of all of the program's people, and once leads
have it not at all. There is no time finer than a week, and no order of rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from sqlalchemy import Row, case, delete, insert, select, union, update

from allybot.crypto import Keyring, keyed_digest, lock_bytes, unlock_bytes
from allybot.domain.suggestions import Reply, Suggestion, SuggestionState
from allybot.domain.windows import Telling
from allybot.errors import DecryptionError
from allybot.store.engine.database import Transaction
from allybot.store.tables import program, suggestion, trainee

TEXT_BYTES = 1280
"""Room for a suggestion's 300 characters at four bytes each."""
ANSWER_BYTES = 2048
"""The same for an answer's 500."""
_ID_LENGTH = 32
"""Hexadecimal digits, as of a random id."""
_NOT_WAITING = suggestion.c.state != SuggestionState.WAITING
_WITH_LEADS = select(suggestion).where(_NOT_WAITING).order_by(suggestion.c.id)


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
    return lock_bytes(personal_key, sodium_pad(text.encode(), TEXT_BYTES))


def unlocked(personal_key: bytes, row: WaitingRow) -> str:
    """The text.

    Raises:
        DecryptionError: the key does not fit, or the bytes were changed.
    """
    return _unpadded(unlock_bytes(personal_key, row.locked), TEXT_BYTES)


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
    query = select(suggestion.c.program_id).where(suggestion.c.goes_at <= now).distinct()
    return list(tx.execute(query.order_by(suggestion.c.program_id).limit(limit)).scalars())


def programs_with_waiting(tx: Transaction) -> list[str]:
    """Ids of programs in which suggestions wait."""
    query = select(suggestion.c.program_id).where(suggestion.c.goes_at.is_not(None)).distinct()
    return list(tx.execute(query.order_by(suggestion.c.program_id)).scalars())


def add(
    tx: Transaction, keyring: Keyring, of: Suggestion, delete_after: datetime, *, told: bool = False
) -> None:
    """Store a suggestion that leads have; `told`: its answer is to be told at `of.tell_at`."""
    values = {
        "id": of.id,
        "program_id": of.program_id,
        "state": of.state,
        "sealed": _sealed(keyring, of.text or "", TEXT_BYTES),
        "delete_after": delete_after,
    }
    if of.reply is not None:
        values |= _answered(keyring, of)
        values |= {"telling": Telling.PEOPLE, "told_up_to": ""} if told else {}
    tx.execute(insert(suggestion).values(**values))


def answer(tx: Transaction, keyring: Keyring, of: Suggestion, delete_after: datetime) -> bool:
    """Store a lead's answer, of which everybody is to be told; False when somebody settled it before."""
    here = (suggestion.c.id == of.id, suggestion.c.state == SuggestionState.WITH_LEADS)
    values = {"state": SuggestionState.ANSWERED, "delete_after": delete_after, **_answered(keyring, of)}
    values |= {"telling": Telling.PEOPLE, "told_up_to": ""}
    return tx.execute(update(suggestion).where(*here).values(**values)).rowcount == 1


def move(
    tx: Transaction,
    suggestion_id: str,
    before: SuggestionState,
    after: SuggestionState,
    **values: object,
) -> bool:
    """Move a suggestion from one state to another; False when it is not, or no longer, in `before`."""
    here = (suggestion.c.id == suggestion_id, suggestion.c.state == before)
    return tx.execute(update(suggestion).where(*here).values(state=after, **values)).rowcount == 1


def one(tx: Transaction, keyring: Keyring, suggestion_id: str) -> Suggestion | None:
    """A suggestion that leads have, or had; None when there is none."""
    row = tx.execute(select(suggestion).where(suggestion.c.id == suggestion_id, _NOT_WAITING)).first()
    return _suggestion(keyring, row) if row else None


def of_leads(tx: Transaction, keyring: Keyring, program_id: str) -> list[Suggestion]:
    """What the leads of a program have and had: those without an answer first, each group by id."""
    query = select(suggestion).where(suggestion.c.program_id == program_id, _NOT_WAITING)
    open_first = case((suggestion.c.state == SuggestionState.WITH_LEADS, 0), else_=1)
    return [_suggestion(keyring, row) for row in tx.execute(query.order_by(open_first, suggestion.c.id))]


def told_together(tx: Transaction, keyring: Keyring, with_id: str) -> list[Suggestion]:
    """The answers that everybody is told with that of this suggestion, itself included, by id."""
    first = suggestion.alias()
    same = (first.c.id == with_id, first.c.program_id == suggestion.c.program_id)
    query = select(suggestion).join(first, first.c.tell_at == suggestion.c.tell_at).where(*same)
    return [_suggestion(keyring, row) for row in tx.execute(query.order_by(suggestion.c.id))]


def days_of_telling(tx: Transaction, program_id: str) -> list[datetime]:
    """When people of a program are, or were lately, told of answers, aware UTC; once for each answer."""
    here = (suggestion.c.program_id == program_id, suggestion.c.tell_at.is_not(None))
    return list(tx.execute(select(suggestion.c.tell_at).where(*here)).scalars())


@dataclass(frozen=True)
class BeingTold:
    """How far everybody has been told of the answers that are told together.

    Attributes:
        first_id: the id of one of them, which stands for all.
        told_up_to: id of the last who was queued a message, or empty.
    """

    first_id: str
    program_id: str
    tell_at: datetime
    telling: Telling
    told_up_to: str


def being_told(tx: Transaction, suggestion_id: str, now: datetime) -> BeingTold | None:
    """Where telling of a suggestion's answer is; None when it is done, or not due at `now` (UTC)."""
    due = (suggestion.c.telling.is_not(None), suggestion.c.tell_at <= now)
    row = tx.execute(select(suggestion).where(suggestion.c.id == suggestion_id, *due)).first()
    if row is None:
        return None
    together = select(suggestion.c.id).where(
        suggestion.c.program_id == row.program_id, suggestion.c.tell_at == row.tell_at
    )
    first_id = tx.execute(together.order_by(suggestion.c.id).limit(1)).scalar_one()
    return BeingTold(first_id, row.program_id, row.tell_at, Telling(row.telling), row.told_up_to)


def note_told(tx: Transaction, before: BeingTold, telling: Telling | None, told_up_to: str) -> bool:
    """Note who was told; False when another worker has noted it since `before` was read."""
    as_read = (suggestion.c.telling == before.telling, suggestion.c.told_up_to == before.told_up_to)
    these = (suggestion.c.program_id == before.program_id, suggestion.c.tell_at == before.tell_at)
    noted = update(suggestion).where(*these, *as_read).values(telling=telling, told_up_to=told_up_to)
    return tx.execute(noted).rowcount > 0


def due(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of suggestions whose answer is to be told, or that are to be deleted, at `now` (UTC)."""
    told = select(suggestion.c.id).where(suggestion.c.telling.is_not(None), suggestion.c.tell_at <= now)
    old = select(suggestion.c.id).where(suggestion.c.delete_after <= now)
    return list(tx.execute(union(told, old).limit(limit)).scalars())


def forget_old(tx: Transaction, suggestion_id: str, now: datetime) -> int:
    """Delete a suggestion whose time is over at `now` (UTC); returns how many were."""
    old = (suggestion.c.id == suggestion_id, suggestion.c.delete_after <= now)
    return tx.execute(delete(suggestion).where(*old)).rowcount


def all_sealed(tx: Transaction) -> list[bytes]:
    """What is wrapped with the operator's secret key, of every suggestion that leads have or had."""
    return [
        wrapped
        for row in tx.execute(_WITH_LEADS)
        for wrapped in (row.sealed, row.answer_sealed)
        if wrapped is not None
    ]


def rewrap(tx: Transaction, keyring: Keyring) -> tuple[int, int, int]:
    """Wrap them with the keyring's first key: how many texts anew, already, unreadable."""
    anew = already = unreadable = 0
    for row in tx.execute(_WITH_LEADS).all():
        for name in ("sealed", "answer_sealed"):
            wrapped = getattr(row, name)
            if wrapped is None:
                continue
            try:
                fresh = keyring.rewrap(bytes(wrapped))
            except DecryptionError:
                unreadable += 1
                continue
            if fresh is None:
                already += 1
            else:
                here = update(suggestion).where(suggestion.c.id == row.id)
                anew += tx.execute(here.values({name: fresh})).rowcount
    return anew, already, unreadable


def _answered(keyring: Keyring, of: Suggestion) -> dict[str, object]:
    return {
        "reply": of.reply,
        "answer_sealed": _sealed(keyring, of.answer, ANSWER_BYTES),
        "settled_by": of.settled_by,
        "settled_on": of.settled_on,
        "tell_at": of.tell_at,
    }


def _sealed(keyring: Keyring, text: str, length: int) -> bytes:
    return keyring.wrap(sodium_pad(text.encode(), length))


def _opened(keyring: Keyring, sealed: bytes | None, length: int) -> str | None:
    """The text; None when it is gone or no configured key opens it."""
    try:
        return _unpadded(keyring.unwrap(bytes(sealed)), length) if sealed is not None else None
    except DecryptionError:
        return None


def _unpadded(plain: bytes, length: int) -> str:
    try:
        return sodium_unpad(plain, length).decode()
    except (ValueError, CryptoError) as error:
        raise DecryptionError from error


def _suggestion(keyring: Keyring, row: Row[Any]) -> Suggestion:
    return Suggestion(
        id=row.id,
        program_id=row.program_id,
        state=SuggestionState(row.state),
        text=_opened(keyring, row.sealed, TEXT_BYTES),
        reply=Reply(row.reply) if row.reply else None,
        answer=_opened(keyring, row.answer_sealed, ANSWER_BYTES) or "",
        settled_by=row.settled_by,
        settled_on=row.settled_on,
        tell_at=row.tell_at,
    )
