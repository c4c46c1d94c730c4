"""Suggestions that the leads of a program have or had; nothing tells any more who sent one.

Text and answer are encrypted with the operator's secret key. Those that wait are in `waiting_suggestions`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from sqlalchemy import Row, bindparam, case, delete, insert, select, union, update

from allybot.crypto import Keyring
from allybot.domain.suggestions import Reply, Suggestion, SuggestionState
from allybot.domain.windows import Telling
from allybot.errors import DecryptionError
from allybot.store.engine.database import Transaction
from allybot.store.tables import suggestion

TEXT_BYTES = 1280
"""Room for a suggestion's 300 characters at four bytes each."""
ANSWER_BYTES = 2048
"""The same for an answer's 500."""
_NOT_WAITING = suggestion.c.state != SuggestionState.WAITING
# Built once for speed, see `store/trainees.py`.
_DUE = union(
    select(suggestion.c.id).where(
        suggestion.c.telling.is_not(None), suggestion.c.tell_at <= bindparam("now")
    ),
    select(suggestion.c.id).where(suggestion.c.delete_after <= bindparam("now")),
).limit(bindparam("most"))


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
    return list(tx.execute(_DUE, {"now": now, "most": limit}).scalars())


def forget_old(tx: Transaction, suggestion_id: str, now: datetime) -> int:
    """Delete a suggestion whose time is over at `now` (UTC); returns how many were."""
    old = (suggestion.c.id == suggestion_id, suggestion.c.delete_after <= now)
    return tx.execute(delete(suggestion).where(*old)).rowcount


def _answered(keyring: Keyring, of: Suggestion) -> dict[str, object]:
    return {
        "reply": of.reply,
        "answer_sealed": _sealed(keyring, of.answer, ANSWER_BYTES),
        "settled_by": of.settled_by,
        "settled_on": of.settled_on,
        "tell_at": of.tell_at,
    }


def _sealed(keyring: Keyring, text: str, length: int) -> bytes:
    return keyring.wrap(padded(text, length))


def _opened(keyring: Keyring, sealed: bytes | None, length: int) -> str | None:
    """The text; None when it is gone or no configured key opens it."""
    try:
        return unpadded(keyring.unwrap(bytes(sealed)), length) if sealed is not None else None
    except DecryptionError:
        return None


def padded(text: str, length: int) -> bytes:
    """A text in a multiple of `length` bytes."""
    return sodium_pad(text.encode(), length)


def unpadded(plain: bytes, length: int) -> str:
    """The text of padded bytes.

    Raises:
        DecryptionError: these are none.
    """
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
