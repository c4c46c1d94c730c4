"""Earlier wordings of plans, encrypted with the owner's personal key, which the caller passes in.

The day is encrypted too: compared with the day of a check-in it could hint at an answer.
"""

from datetime import date

from sqlalchemy import func, insert, select

from allybot.crypto import lock_text, unlock_text
from allybot.domain.plans import Intention, Wording
from allybot.store.engine.database import Transaction
from allybot.store.tables import plan, plan_wording


def add_wording(tx: Transaction, key: bytes, plan_id: str, wording: Wording) -> None:
    """Insert an earlier wording; the caller holds the plan's row lock."""
    latest = select(func.max(plan_wording.c.number)).where(plan_wording.c.plan_id == plan_id)
    tx.execute(
        insert(plan_wording).values(
            plan_id=plan_id,
            number=(tx.execute(latest).scalar() or 0) + 1,
            cue_locked=lock_text(key, wording.intention.cue),
            response_locked=lock_text(key, wording.intention.response),
            replaced_on_locked=lock_text(key, wording.replaced_on.isoformat()),
        )
    )


def wordings_of(tx: Transaction, key: bytes, trainee_id: str) -> dict[str, list[Wording]]:
    """The earlier wordings of a trainee's plans, oldest first, by the plan's id."""
    rows = tx.execute(
        select(plan_wording)
        .join(plan, plan.c.id == plan_wording.c.plan_id)
        .where(plan.c.trainee_id == trainee_id)
        .order_by(plan_wording.c.plan_id, plan_wording.c.number)
    )
    found: dict[str, list[Wording]] = {}
    for row in rows:
        words = Intention(unlock_text(key, row.cue_locked), unlock_text(key, row.response_locked))
        day = date.fromisoformat(unlock_text(key, row.replaced_on_locked))
        found.setdefault(row.plan_id, []).append(Wording(words, day))
    return found


def reworded(tx: Transaction, trainee_id: str) -> frozenset[str]:
    """Ids of the trainee's plans that have earlier wordings; needs no key."""
    rows = tx.execute(
        select(plan_wording.c.plan_id)
        .join(plan, plan.c.id == plan_wording.c.plan_id)
        .where(plan.c.trainee_id == trainee_id)
        .distinct()
    )
    return frozenset(rows.scalars())
