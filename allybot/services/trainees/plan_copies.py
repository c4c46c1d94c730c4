"""Sends trainees a copy of their plans: when they ask, and once before the plans are deleted."""

from datetime import datetime, timedelta

from allybot.domain.people import Actor
from allybot.domain.trainee import gets_copy_of_plans, may_write_plans
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.plans import copies as prompts
from allybot.services.context import Context, Rendering, acting, program_of, put_to_trainee
from allybot.services.isolation import A_MINUTE, ScheduledJob
from allybot.services.programs.terms import terms
from allybot.services.working_hours import check_in_hour, working_hours
from allybot.store import trainees
from allybot.store.delivery import copies
from allybot.store.delivery.outbox import MessageKind
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.plans import private_records

_ONE_DAY = timedelta(days=1)


def send(context: Context, actor: Actor, now: datetime) -> None:
    """Queue a copy of the actor's plans; at most one a day. Idempotent.

    Raises:
        NotFoundError: the actor is in no program.
        WrongStateError: the actor has not consented, or has left.
    """
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans)
        day = now.astimezone(trainee.zone).date().isoformat()
        key = f"plans-copy:{trainee.id}:{day}"
        put_to_trainee(tx, trainee, MessageKind.PLANS_COPY, trainee.id, key, now)


def _queue_last(context: Context, trainee_id: str, now: datetime) -> bool:
    with context.database.transaction() as tx:
        trainee = trainees.trainee_by_id(tx, trainee_id)
        if trainee is None or trainee.delete_after is None or trainee.delete_after <= now:
            return False
        if not gets_copy_of_plans(trainee.state) or trainee.consented_at is None:
            return False
        program = program_of(tx, trainee)
        calendar = working_hours(context, program, trainee.zone)
        last = trainee.delete_after.astimezone(program.zone).date() - _ONE_DAY
        due_at = calendar.at(calendar.working_day_until(last), check_in_hour(context, trainee))
        key = copies.last_copy_key(trainee.id)
        return put_to_trainee(tx, trainee, MessageKind.PLANS_COPY, trainee.id, key, max(due_at, now))


queue_last = ScheduledJob(
    "plan_copies", RowKind.TRAINEE, copies.due_for_last_copy, _queue_last, every=A_MINUTE
)
"""Queue a last copy of the plans for the working day before they are deleted, also for who has paused.

Who stopped asked for silence and gets none; nor does who has no plans.
"""


def render_plans_copy(rendering: Rendering) -> Message | None:
    """The copy; None for who has no plans, or has left."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or not may_write_plans(trainee.state):
        return None
    key = rendering.context.personal_key(trainee.id)
    kept = private_records.read(rendering.tx, key, trainee.id).plans
    if not kept:
        return None
    program_terms = terms(
        rendering.context, rendering.tx, program_of(rendering.tx, trainee), trainee.delete_after
    )
    return prompts.plans_copy(Say(trainee.locale), kept, program_terms.program, program_terms.deleted_on)
