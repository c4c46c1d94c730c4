"""Finds trainees who are to get a last copy of their plans."""

from datetime import datetime, timedelta

from sqlalchemy import literal, select

from allybot.domain.trainee import gets_copy_of_plans, states_where
from allybot.store.engine.database import Transaction
from allybot.store.tables import outbox, trainee

_AHEAD = timedelta(days=6)
"""Longer than from the last working day before a deletion to the deletion, with a holiday between."""
_LAST = "plans-copy-last:"


def last_copy_key(trainee_id: str) -> str:
    """The outbox key of a trainee's last copy."""
    return _LAST + trainee_id


def due_for_last_copy(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of trainees who are deleted days after `now` (UTC) and have no last copy yet, soonest first."""
    query = (
        select(trainee.c.id)
        .outerjoin(outbox, outbox.c.key == literal(_LAST) + trainee.c.id)
        .where(
            trainee.c.delete_after > now,
            trainee.c.delete_after <= now + _AHEAD,
            trainee.c.state.in_(states_where(gets_copy_of_plans)),
            trainee.c.consented_at.is_not(None),
            outbox.c.id.is_(None),
        )
        .order_by(trainee.c.delete_after, trainee.c.id)
    )
    return list(tx.execute(query.limit(limit)).scalars())
