"""Trainees' plans. The words are encrypted with the owner's personal key, which the caller passes in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, case, insert, select, update

from allybot.crypto import lock_text, unlock_text
from allybot.domain.plans import Intention, Plan, PlanKind, PlanState
from allybot.store.check_ins.reminders import FIND_ANEW
from allybot.store.engine.database import Transaction
from allybot.store.tables import plan

# Built once, see `store.trainees`.
_BY_ID = select(plan).where(plan.c.id == bindparam("wanted"), plan.c.trainee_id == bindparam("whose"))
_BY_ID_LOCKED = _BY_ID.with_for_update()


def _plan(row: Row[Any], key: bytes) -> Plan:
    return Plan(
        id=row.id,
        trainee_id=row.trainee_id,
        kind=PlanKind(row.kind),
        intention=Intention(unlock_text(key, row.cue_locked), unlock_text(key, row.response_locked)),
        state=PlanState(row.state),
        created_at=row.created_at,
        times_asked=row.times_asked,
        last_asked_at=row.last_asked_at,
        next_moment_on=row.next_moment_on,
        coping=unlock_text(key, row.coping_locked) if row.coping_locked else None,
        remind=bool(row.remind),
        reminders_sent=row.reminders_sent,
    )


def add_plan(tx: Transaction, key: bytes, written: Plan, form_id: str) -> None:
    """Insert a plan; `form_id` is the modal's id, unique per trainee."""
    tx.execute(
        insert(plan).values(
            id=written.id,
            trainee_id=written.trainee_id,
            kind=written.kind,
            cue_locked=lock_text(key, written.intention.cue),
            response_locked=lock_text(key, written.intention.response),
            state=written.state,
            created_at=written.created_at,
            times_asked=0,
            next_moment_on=written.next_moment_on,
            form_id=form_id,
            coping_locked=_locked(key, written.coping),
        )
    )


def plan_of_form(tx: Transaction, trainee_id: str, form_id: str) -> str | None:
    """Id of the plan this modal has already written, or None."""
    row = tx.execute(
        select(plan.c.id).where(plan.c.trainee_id == trainee_id, plan.c.form_id == form_id)
    ).first()
    return str(row.id) if row else None


def plans_of(tx: Transaction, key: bytes, trainee_id: str) -> list[Plan]:
    """All plans of a trainee, oldest first."""
    rows = tx.execute(
        select(plan).where(plan.c.trainee_id == trainee_id).order_by(plan.c.created_at, plan.c.id)
    )
    return [_plan(row, key) for row in rows]


def active_plans_of(tx: Transaction, key: bytes, trainee_id: str) -> list[Plan]:
    """The active plans of a trainee, oldest first; the others are not decrypted."""
    active = (plan.c.trainee_id == trainee_id, plan.c.state == PlanState.ACTIVE)
    rows = tx.execute(select(plan).where(*active).order_by(plan.c.created_at, plan.c.id))
    return [_plan(row, key) for row in rows]


def has_active_plan(tx: Transaction, trainee_id: str) -> bool:
    """Whether the trainee has an active plan; needs no key."""
    query = select(plan.c.id).where(plan.c.trainee_id == trainee_id, plan.c.state == PlanState.ACTIVE)
    return tx.execute(query).first() is not None


def plan_by_id(
    tx: Transaction, key: bytes, trainee_id: str, plan_id: str, *, lock: bool = False
) -> Plan | None:
    """One plan of this trainee; None for another trainee's plan.

    With `lock` the row is locked until the transaction ends.
    """
    row = tx.execute(_BY_ID_LOCKED if lock else _BY_ID, {"wanted": plan_id, "whose": trainee_id}).first()
    return _plan(row, key) if row else None


def change_words(tx: Transaction, key: bytes, plan_id: str, words: Intention) -> None:
    """Set both halves of a plan."""
    change_plan(
        tx,
        plan_id,
        {"cue_locked": lock_text(key, words.cue), "response_locked": lock_text(key, words.response)},
    )


def change_coping(tx: Transaction, key: bytes, plan_id: str, coping: str | None) -> None:
    """Set the coping line; None removes it."""
    change_plan(tx, plan_id, {"coping_locked": _locked(key, coping)})


def change_plan(tx: Transaction, plan_id: str, values: Mapping[str, object]) -> None:
    """Set columns of one plan. A new `next_moment_on` lets a wanted reminder be planned again."""
    if "next_moment_on" in values:
        values = {**values, "remind_at": case((plan.c.remind == 1, FIND_ANEW), else_=None)}
    tx.execute(update(plan).where(plan.c.id == plan_id).values(**values))


def mark_asked(tx: Transaction, plan_id: str, now: datetime) -> None:
    """Count a check-in about this plan, sent at `now` (UTC)."""
    tx.execute(
        update(plan).where(plan.c.id == plan_id).values(times_asked=plan.c.times_asked + 1, last_asked_at=now)
    )


def _locked(key: bytes, text: str | None) -> bytes | None:
    return lock_text(key, text) if text else None
