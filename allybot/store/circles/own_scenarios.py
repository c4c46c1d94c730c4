"""Scenarios that leads write for their program. A row names the program; the words are encrypted.

What circles get and what is being written stand apart, so that nobody sees a scenario half changed.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from sqlalchemy import Row, and_, delete, func, insert, or_, select, update

from allybot.crypto import Keyring
from allybot.domain.circles import WeekState
from allybot.errors import DecryptionError
from allybot.store.engine.database import Transaction
from allybot.store.tables import circle, circle_week, own_scenario, program_scenario

_PADDED_TO = 2048
"""Bytes: what is stored shows the length of the words roughly only."""


@dataclass(frozen=True)
class OwnScenario:
    """A scenario of a program's own, as words by the names of the form's fields.

    Attributes:
        kept: what circles get; None while it is only begun.
        draft: what was written since and is not kept yet; None without any.
    """

    id: str
    program_id: str
    kept: Mapping[str, str] | None
    draft: Mapping[str, str] | None


def of_program(tx: Transaction, keyring: Keyring, program_id: str) -> list[OwnScenario]:
    """Those of a program that can be opened, in the order in which they were begun."""
    query = select(own_scenario).where(own_scenario.c.program_id == program_id)
    rows = tx.execute(query.order_by(own_scenario.c.number, own_scenario.c.id)).all()
    found = []
    for row in rows:
        with suppress(DecryptionError):  # one that nobody can read is in nobody's way
            found.append(_opened(keyring, row))
    return found


def unreadable(tx: Transaction, keyring: Keyring, program_id: str) -> list[str]:
    """Ids of those of a program that no configured key opens, in the same order."""
    query = select(own_scenario.c.id).where(own_scenario.c.program_id == program_id)
    ids = tx.execute(query.order_by(own_scenario.c.number, own_scenario.c.id)).scalars()
    readable = {each.id for each in of_program(tx, keyring, program_id)}
    return [each for each in ids if each not in readable]


def by_id(tx: Transaction, keyring: Keyring, own_id: str) -> OwnScenario | None:
    """One of them, or None when it is gone.

    Raises:
        DecryptionError: no configured key fits.
    """
    row = tx.execute(select(own_scenario).where(own_scenario.c.id == own_id)).first()
    return _opened(keyring, row) if row else None


def belongs_to(tx: Transaction, own_id: str, program_id: str) -> bool:
    """Whether a program has this scenario; it is not opened."""
    same = (own_scenario.c.id == own_id, own_scenario.c.program_id == program_id)
    return tx.execute(select(own_scenario.c.id).where(*same)).first() is not None


def how_many(tx: Transaction, program_id: str) -> int:
    """How many a program has, those that are only begun included."""
    query = select(func.count()).where(own_scenario.c.program_id == program_id)
    return int(tx.execute(query).scalar_one())


def put_draft(
    tx: Transaction, keyring: Keyring, own_id: str, program_id: str, words: Mapping[str, str]
) -> None:
    """Store what was written; a scenario that is not there yet is begun with it."""
    sealed = _sealed(keyring, words)
    change = update(own_scenario).where(own_scenario.c.id == own_id, own_scenario.c.program_id == program_id)
    if tx.execute(change.values(draft_sealed=sealed)).rowcount:
        return
    number = select(func.coalesce(func.max(own_scenario.c.number), 0) + 1)
    number = number.where(own_scenario.c.program_id == program_id)
    values = {"id": own_id, "program_id": program_id, "number": tx.execute(number).scalar_one()}
    tx.execute(insert(own_scenario).values(draft_sealed=sealed, **values))


def keep_draft(tx: Transaction, own_id: str) -> None:
    """Let circles get what was written."""
    change = update(own_scenario).where(own_scenario.c.id == own_id, own_scenario.c.draft_sealed.is_not(None))
    tx.execute(change.values(kept_sealed=own_scenario.c.draft_sealed, draft_sealed=None))


def forget(tx: Transaction, own_id: str) -> None:
    """Delete one, and what leads chose for it."""
    tx.execute(delete(program_scenario).where(program_scenario.c.scenario_id == own_id))
    tx.execute(delete(own_scenario).where(own_scenario.c.id == own_id))


def is_in_use(tx: Transaction, program_id: str, own_id: str, since: datetime, *, posted_only: bool) -> bool:
    """Whether a circle has it before it: posted, or ahead in a week that somebody prepares.

    Args:
        since: aware UTC; a week whose votes were due before it is over.
        posted_only: leave out weeks that are only prepared.
    """
    posted = and_(circle_week.c.number <= circle.c.weeks_posted, circle_week.c.opens_at > since)
    ahead = and_(circle_week.c.number > circle.c.weeks_posted, circle_week.c.facilitator_id.is_not(None))
    query = (
        select(circle_week.c.id)
        .join(circle, circle.c.id == circle_week.c.circle_id)
        .where(circle.c.program_id == program_id, circle_week.c.scenario_id == own_id)
        .where(posted if posted_only else or_(posted, ahead))
    )
    return tx.execute(query.limit(1)).first() is not None


def planned_weeks(tx: Transaction, program_id: str, own_id: str) -> list[tuple[str, str]]:
    """Weeks to come with this scenario that nobody prepares yet, as ids of week and circle."""
    query = (
        select(circle_week.c.id, circle_week.c.circle_id)
        .join(circle, circle.c.id == circle_week.c.circle_id)
        .where(circle.c.program_id == program_id, circle_week.c.scenario_id == own_id)
        .where(circle_week.c.number > circle.c.weeks_posted, circle_week.c.state == WeekState.OPEN)
    )
    return [(row.id, row.circle_id) for row in tx.execute(query)]


def _sealed(keyring: Keyring, words: Mapping[str, str]) -> bytes:
    plain = json.dumps(dict(words), ensure_ascii=False).encode()
    return keyring.wrap(sodium_pad(plain, _PADDED_TO))


def _opened(keyring: Keyring, row: Row[tuple[object, ...]]) -> OwnScenario:
    kept, draft = _words(keyring, row.kept_sealed), _words(keyring, row.draft_sealed)
    return OwnScenario(row.id, row.program_id, kept, draft)


def _words(keyring: Keyring, sealed: bytes | None) -> Mapping[str, str] | None:
    if sealed is None:
        return None
    try:
        found = json.loads(sodium_unpad(keyring.unwrap(bytes(sealed)), _PADDED_TO))
    except (ValueError, CryptoError):
        raise DecryptionError from None
    return {str(field): str(text) for field, text in found.items()}
