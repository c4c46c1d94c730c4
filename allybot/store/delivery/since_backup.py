"""What a restored database cannot know: which messages were sent since its backup was made.

Whatever queued them queues them again. A direct message that the calendar makes due gets the same id again
(`id_of`), by which it is found in Slack; a post in a circle, where the bot cannot read, is uncertain.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Boolean, and_, bindparam, case, select

from allybot.crypto import keyed_digest
from allybot.store.engine.database import ID_KEY, Transaction, UtcDateTime
from allybot.store.engine.upsert import insert_for
from allybot.store.tables import restored

LOOKED_UP_FOR = timedelta(days=7)
"""How long after a restore a direct message is looked up before it is sent. What fell due since the backup is
queued again at once, or after a weekend or a quiet day. Our own choice; a look-up is one call for every 100
messages that were sent there since an hour before the backup."""
CLOCKS_DIFFER = timedelta(hours=1)
"""How far Slack's clock may be from that of the host that made the backup. Our own choice."""
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""For what is not doubted, whenever there was a restore."""

_DOUBTED = (
    restored.c.id == 1,
    restored.c.restored_at > bindparam("doubted_if_restored_after", type_=UtcDateTime()),
)
_MADE_AT = select(restored.c.made_at).where(*_DOUBTED).scalar_subquery()
DOUBTS = {
    "attempted_at": _MADE_AT,
    "look_up_from": select(restored.c.look_up_from).where(*_DOUBTED).scalar_subquery(),
    "state": case(
        (and_(bindparam("in_circle", type_=Boolean()), _MADE_AT.is_not(None)), "uncertain"), else_="due"
    ),
}
"""Columns of a new row of the outbox, with the values of `doubt`."""


def id_of(tx: Transaction, key: str) -> str:
    """The id of what has this key: 32 hexadecimal digits, the same as long as the first secret key is.

    Ids stand in Slack and in logs, also after the person was erased. Nobody without that secret key can tell
    whose one was, or which step; whoever holds it can, if they know the trainee's random id as well.
    """
    return keyed_digest(tx.get_execution_options()[ID_KEY], "id", key)[:32]


def doubt(
    tx: Transaction, row_id: str, key: str, due_at: datetime, planned_at: datetime | None
) -> dict[str, object]:
    """Whether a new message may have been sent since the backup, as the parameters of `DOUBTS`.

    Args:
        due_at, planned_at: as in `OutboxMessage`.
    """
    by_id = due_at - LOOKED_UP_FOR if row_id == id_of(tx, key) else NEVER
    return {"doubted_if_restored_after": planned_at or by_id, "in_circle": planned_at is not None}


def note(tx: Transaction, made_at: datetime, now: datetime) -> None:
    """Note that this database came from a backup.

    Args:
        made_at: when that was made, real time, aware UTC.
        now: the program's clock, aware UTC.
    """
    values = {"made_at": made_at, "look_up_from": made_at - CLOCKS_DIFFER, "restored_at": now}
    statement = insert_for(tx, restored).values(id=1, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
