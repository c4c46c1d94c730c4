"""Reminders of plans' moments; taken by conditional updates, so that only one of two workers takes each."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select, update

from allybot.domain.plans import PlanState
from allybot.store.engine.database import Transaction
from allybot.store.tables import plan

FIND_ANEW = datetime(2000, 1, 1, tzinfo=UTC)
"""A time long past, set when the moment or the days change: the next run recomputes the reminder's day."""


@dataclass(frozen=True)
class Wanted:
    """A reminder that a trainee wants of a plan's moment.

    Attributes:
        remind_at: aware UTC; when it is due, or `FIND_ANEW`.
        moment: the day of the moment in the trainee's zone; None when it was removed.
        active: whether the plan is active.
        sent: how many reminders of this plan were sent.
    """

    plan_id: str
    trainee_id: str
    remind_at: datetime
    moment: date | None
    active: bool
    sent: int


def wish(tx: Transaction, plan_id: str, *, wanted: bool) -> None:
    """Turn the reminder of a plan's moment on or off; its day is computed at the next run."""
    values = {"remind": int(wanted), "remind_at": FIND_ANEW if wanted else None}
    tx.execute(update(plan).where(plan.c.id == plan_id, plan.c.remind != int(wanted)).values(**values))


def find_anew(tx: Transaction, trainee_id: str) -> None:
    """Recompute the days of a trainee's planned reminders, after a change of quiet days or zone."""
    ahead = (plan.c.trainee_id == trainee_id, plan.c.remind == 1, plan.c.remind_at.is_not(None))
    tx.execute(update(plan).where(*ahead).values(remind_at=FIND_ANEW))


def reminders_due(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of plans whose reminder is due to be checked at `now` (UTC), earliest first."""
    query = select(plan.c.id).where(plan.c.remind_at <= now, plan.c.remind == 1)
    return list(tx.execute(query.order_by(plan.c.remind_at, plan.c.id).limit(limit)).scalars())


def wanted(tx: Transaction, plan_id: str, now: datetime) -> Wanted | None:
    """The reminder of one plan if it is due to be checked at `now` (UTC)."""
    due = select(plan).where(plan.c.id == plan_id, plan.c.remind_at <= now, plan.c.remind == 1)
    row = tx.execute(due).first()
    if row is None:
        return None
    active = row.state == PlanState.ACTIVE
    return Wanted(row.id, row.trainee_id, row.remind_at, row.next_moment_on, active, row.reminders_sent)


def take(tx: Transaction, wanted: Wanted, later: datetime | None) -> bool:
    """Take a reminder, or move it to `later` (UTC); False when it was taken or changed meanwhile."""
    taken = tx.execute(
        update(plan)
        .where(
            plan.c.id == wanted.plan_id,
            plan.c.remind == 1,
            plan.c.remind_at == wanted.remind_at,
            plan.c.next_moment_on == wanted.moment if wanted.moment else plan.c.next_moment_on.is_(None),
        )
        .values(remind_at=later)
    )
    return taken.rowcount == 1


def count_sent(tx: Transaction, wanted: Wanted) -> None:
    """Count one reminder of this plan."""
    tx.execute(update(plan).where(plan.c.id == wanted.plan_id).values(reminders_sent=wanted.sent + 1))
