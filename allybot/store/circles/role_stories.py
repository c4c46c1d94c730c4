"""Stories for circles: who was asked, and what they told. A row names the program, not the person.

Who was asked, by whom, whether the name is shown and the story lie in one value of a fixed length under the
operator's secret key; within it the story is encrypted with a key of its own in the vault, so that erasing
that makes it unreadable in all copies.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from sqlalchemy import ColumnElement, Row, bindparam, delete, insert, select, update

from allybot.crypto import Keyring
from allybot.domain.people import Actor
from allybot.domain.role_stories import StoryState
from allybot.errors import DecryptionError
from allybot.store.engine.database import Transaction
from allybot.store.tables import role_story, role_story_circle

SEALED_BYTES = 8192
"""Room for 1250 characters at four bytes each, with their names, two ids and a nonce."""
_NAMED, _NAMELESS = b"1", b"0"
# Built once for speed, see `store/trainees.py`.
_DUE = (
    select(role_story.c.id)
    .where(role_story.c.delete_after <= bindparam("now"))
    .order_by(role_story.c.delete_after)
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class RoleStory:
    """Somebody who was asked for a story.

    Attributes:
        asked: whom; `asked_by`: the lead, both as Slack ids.
        named: whether they chose to show their name.
        text_locked: the story, encrypted with its own key; empty before it is told.
        delete_after: aware UTC.
    """

    id: str
    workspace_id: str
    program_id: str
    asked: str
    asked_by: str
    delete_after: datetime
    state: StoryState = StoryState.ASKED
    named: bool = False
    text_locked: bytes = b""


def put(tx: Transaction, keyring: Keyring, story: RoleStory) -> None:
    """Store a story, new or changed."""
    values = {"state": story.state, "sealed": _sealed(keyring, story), "delete_after": story.delete_after}
    if tx.execute(update(role_story).where(role_story.c.id == story.id).values(**values)).rowcount:
        return
    owners = {"id": story.id, "workspace_id": story.workspace_id, "program_id": story.program_id}
    tx.execute(insert(role_story).values(**owners, **values))


def by_id(tx: Transaction, keyring: Keyring, story_id: str, *, lock: bool = False) -> RoleStory | None:
    """One of them, or None when it is gone.

    Args:
        lock: nobody else changes it until the transaction ends.

    Raises:
        DecryptionError: no configured key fits.
    """
    query = select(role_story).where(role_story.c.id == story_id)
    row = tx.execute(query.with_for_update() if lock else query).first()
    return _opened(keyring, row) if row else None


def of_program(tx: Transaction, keyring: Keyring, program_id: str) -> list[RoleStory]:
    """Those of a program that can be opened, the one that is deleted first at the beginning."""
    return list(_readable(tx, keyring, role_story.c.program_id == program_id))


def of_person(tx: Transaction, keyring: Keyring, actor: Actor) -> list[RoleStory]:
    """Those for which somebody was asked; every story of the workspace is opened for it."""
    here = _readable(tx, keyring, role_story.c.workspace_id == actor.workspace_id)
    return [each for each in here if each.asked == actor.slack_user]


def due(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of those to be deleted at `now` (UTC)."""
    return list(tx.execute(_DUE, {"now": now, "most": limit}).scalars())


def is_due(tx: Transaction, story_id: str, now: datetime) -> bool:
    """Whether one of them is to be deleted at `now` (UTC)."""
    same = (role_story.c.id == story_id, role_story.c.delete_after <= now)
    return tx.execute(select(role_story.c.id).where(*same)).first() is not None


def ids_among(tx: Transaction, ids: Collection[str]) -> set[str]:
    """Those of these ids that are stories."""
    return set(tx.execute(select(role_story.c.id).where(role_story.c.id.in_(ids))).scalars())


def forget(tx: Transaction, story_id: str) -> int:
    """Delete one; 0 when another transaction was first."""
    return tx.execute(delete(role_story).where(role_story.c.id == story_id)).rowcount


def circles_of(tx: Transaction, story_id: str) -> set[str]:
    """The circles that got a story, or are about to."""
    query = select(role_story_circle.c.circle_id).where(role_story_circle.c.story_id == story_id)
    return set(tx.execute(query).scalars())


def note_circle(tx: Transaction, story_id: str, circle_id: str) -> None:
    """Note that a circle gets a story."""
    tx.execute(insert(role_story_circle).values(story_id=story_id, circle_id=circle_id))


def _readable(tx: Transaction, keyring: Keyring, where: ColumnElement[bool]) -> Iterator[RoleStory]:
    query = select(role_story).where(where).order_by(role_story.c.delete_after, role_story.c.id)
    for row in tx.execute(query).all():
        with suppress(DecryptionError):  # it is deleted on its last day
            yield _opened(keyring, row)


def _sealed(keyring: Keyring, story: RoleStory) -> bytes:
    head = f"{story.asked}\n{story.asked_by}\n".encode() + (_NAMED if story.named else _NAMELESS)
    plain = head + story.text_locked
    if len(plain) >= SEALED_BYTES:
        message = f"a story is less than {SEALED_BYTES} bytes"
        raise ValueError(message)
    return keyring.wrap(sodium_pad(plain, SEALED_BYTES))


def _opened(keyring: Keyring, row: Row[tuple[object, ...]]) -> RoleStory:
    try:
        plain = sodium_unpad(keyring.unwrap(bytes(row.sealed)), SEALED_BYTES)
        asked, asked_by, rest = plain.split(b"\n", 2)
    except (ValueError, CryptoError):
        raise DecryptionError from None
    return RoleStory(
        id=row.id,
        workspace_id=row.workspace_id,
        program_id=row.program_id,
        asked=asked.decode(),
        asked_by=asked_by.decode(),
        delete_after=row.delete_after,
        state=StoryState(row.state),
        named=rest[:1] == _NAMED,
        text_locked=rest[1:],
    )
