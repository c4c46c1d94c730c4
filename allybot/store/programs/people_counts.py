"""The weekly counts of a program's people, stored as they may be shown."""

from datetime import date, datetime

from sqlalchemy import bindparam, select, update

from allybot.domain.weekly_counts import WeeklyCount
from allybot.store.engine.database import Transaction
from allybot.store.tables import program_count

# Built once for speed, see `store/trainees.py`; asked every second.
_DUE = (
    select(program_count.c.program_id)
    .where(program_count.c.next_count_at <= bindparam("now"))
    .order_by(program_count.c.next_count_at)
    .limit(bindparam("most"))
)


def due(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of programs whose people are to be counted again at `now` (aware UTC)."""
    return list(tx.execute(_DUE, {"now": now, "most": limit}).scalars())


def latest(tx: Transaction, program_id: str) -> WeeklyCount | None:
    """The latest count; None before the first."""
    row = tx.execute(select(program_count).where(program_count.c.program_id == program_id)).first()
    if row is None or row.counted_on is None:
        return None
    return WeeklyCount(row.counted_on, row.on_list, row.taking_part)


def save(
    tx: Transaction, program_id: str, now: datetime, count: WeeklyCount | None, next_count_at: datetime
) -> bool:
    """Store a count that is due at `now` (aware UTC), and when the next is; False when it was not due.

    Args:
        count: None before the program's first Monday.
        next_count_at: aware UTC.
    """
    counted: dict[str, date | int | None] = {} if count is None else dict(vars(count))
    saved = tx.execute(
        update(program_count)
        .where(program_count.c.program_id == program_id, program_count.c.next_count_at <= now)
        .values(**counted, next_count_at=next_count_at)
    )
    return saved.rowcount == 1
