"""Reminders of plans' moments, and the conditional updates by which of two workers only one takes one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select, update

from allybot.domain.plans import PlanState
from allybot.store.engine.database import Transaction
from allybot.store.tables import plan

FIND_ANEW = datetime(2000, 1, 1, tzinfo=UTC)
"""Long past, so that the next look finds the reminder's day anew: its moment or his days have changed."""


@dataclass(frozen=True)
class Wanted:
    """A reminder somebody wants of his plan's moment.

    Attributes:
        remind_at: aware UTC; when it is due, or `FIND_ANEW`.
        moment: the day of the moment in his zone; None when he names none any more.
        active: whether the plan still is.
        sent: how many reminders of this plan came before.
    """

    plan_id: str
    trainee_id: str
    remind_at: datetime
    moment: date | None
    active: bool
    sent: int


def wish(tx: Transaction, plan_id: str, *, wanted: bool) -> None:
    """Note whether he wants to be reminded of a plan's moment; its day is found at the next look."""
    values = {"remind": int(wanted), "remind_at": FIND_ANEW if wanted else None}
    tx.execute(update(plan).where(plan.c.id == plan_id, plan.c.remind != int(wanted)).values(**values))


def find_anew(tx: Transaction, trainee_id: str) -> None:
    """His days or his zone have changed: reminders that are ahead find their day anew."""
    ahead = (plan.c.trainee_id == trainee_id, plan.c.remind == 1, plan.c.remind_at.is_not(None))
    tx.execute(update(plan).where(*ahead).values(remind_at=FIND_ANEW))


def reminders_due(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of plans whose reminder is to be looked at, at `now` (UTC), earliest first."""
    query = select(plan.c.id).where(plan.c.remind_at <= now, plan.c.remind == 1)
    return list(tx.execute(query.order_by(plan.c.remind_at, plan.c.id).limit(limit)).scalars())


def wanted(tx: Transaction, plan_id: str, now: datetime) -> Wanted | None:
    """The reminder of one plan if it is to be looked at, at `now` (UTC)."""
    due = select(plan).where(plan.c.id == plan_id, plan.c.remind_at <= now, plan.c.remind == 1)
    row = tx.execute(due).first()
    if row is None:
        return None
    active = row.state == PlanState.ACTIVE
    return Wanted(row.id, row.trainee_id, row.remind_at, row.next_moment_on, active, row.reminders_sent)


def take(tx: Transaction, wanted: Wanted, later: datetime | None) -> bool:
    """Take a reminder, or put it off to `later` (UTC); False when it was taken or has changed meanwhile."""
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
