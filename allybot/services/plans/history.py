"""Rewords plans and keeps the earlier wordings, which only the owner can see.

A wording is stored only because the words changed, never because of an answer to a check-in.
"""

from dataclasses import dataclass
from datetime import datetime

from allybot.domain.people import Actor
from allybot.domain.plans import Intention, Plan, Wording
from allybot.domain.trainee import Trainee, may_write_plans
from allybot.errors import NotFoundError
from allybot.services.context import Context, acting
from allybot.store.engine.database import Transaction
from allybot.store.plans import history as wordings
from allybot.store.plans import plans


@dataclass(frozen=True)
class Earlier:
    """A plan and its earlier wordings, oldest first."""

    plan: Plan
    wordings: tuple[Wording, ...]


def reword(
    tx: Transaction, key: bytes, trainee: Trainee, plan_id: str, words: Intention, now: datetime
) -> None:
    """Change the words of a plan and store the earlier wording; the same words change nothing.

    Args:
        now: aware UTC; only the day in the owner's zone is stored.

    Raises:
        NotFoundError: the plan is not the trainee's.
    """
    plan = plans.plan_by_id(tx, key, trainee.id, plan_id, lock=True)  # a double submit is concurrent
    if plan is None:
        raise NotFoundError
    if words == plan.intention:
        return
    today = now.astimezone(trainee.zone).date()
    wordings.add_wording(tx, key, plan_id, Wording(plan.intention, today))
    plans.change_words(tx, key, plan_id, words)


def earlier(context: Context, actor: Actor, plan_id: str) -> Earlier:
    """The earlier wordings of one of the actor's plans.

    Raises:
        NotFoundError: the plan is not the actor's.
        WrongStateError: the actor has not consented, or has left.
    """
    with context.database.reading() as tx:
        trainee = acting(tx, actor, may_write_plans)
        key = context.personal_key(trainee.id)
        plan = plans.plan_by_id(tx, key, trainee.id, plan_id)
        if plan is None:
            raise NotFoundError
        found = wordings.wordings_of(tx, key, trainee.id)
    return Earlier(plan, tuple(found.get(plan_id, ())))
