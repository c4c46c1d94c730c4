"""Sends trainees their plans and notes: when they ask, and once as a file before these are deleted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from allybot.domain.people import Actor
from allybot.domain.private_record import PrivateRecord
from allybot.domain.trainee import TraineeState, gets_copy_of_plans, may_write_plans
from allybot.i18n import Say
from allybot.message import Message, file_name
from allybot.prompts.plans import copies as prompts
from allybot.services.context import Context, Rendering, acting, program_of, put_to_trainee
from allybot.services.isolation import A_MINUTE, ScheduledJob
from allybot.services.programs.terms import terms
from allybot.services.working_hours import check_in_hour, working_hours
from allybot.store import trainees
from allybot.store.delivery import copies
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.plans import private_records


def send(context: Context, actor: Actor, now: datetime) -> None:
    """Queue a copy of the actor's plans and notes; at most one a day. Idempotent.

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
        if trainee is None or trainee.delete_after is None or trainee.delete_after <= now - copies.GRACE:
            return False
        if not gets_copy_of_plans(trainee.state) or trainee.consented_at is None:
            return False
        program = program_of(tx, trainee)
        calendar = working_hours(context, program, trainee.zone)
        last = trainee.delete_after.astimezone(program.zone).date() - copies.LEAD
        due_at = calendar.at(calendar.working_day_until(last), check_in_hour(context, trainee))
        key = copies.last_copy_key(trainee.id, trainee.delete_after)
        return put_to_trainee(tx, trainee, MessageKind.LAST_COPY, trainee.id, key, max(due_at, now))


queue_last = ScheduledJob(
    "plan_copies", RowKind.TRAINEE, copies.due_for_last_copy, _queue_last, every=A_MINUTE
)
"""Queue plans and notes as a file, a week before they are deleted, also for who has paused or stopped.

Who has neither a plan nor a note gets none.
"""


def render_plans_copy(rendering: Rendering) -> Message | None:
    """The copy that was asked for; None for who has no plans and no notes, or has left."""
    found = _found(rendering, may_write_plans)
    return prompts.plans_copy(*found) if found else None


def render_last_copy(rendering: Rendering) -> Message | None:
    """The last copy, as a file and for where Slack takes none as a message; None as `render_plans_copy`."""
    found = _found(rendering, gets_copy_of_plans)
    if found is None:
        return None
    return replace(prompts.plans_copy(*found), file=prompts.last_copy(*found, file_name(rendering.row.id)))


def _found(
    rendering: Rendering, may: Callable[[TraineeState], bool]
) -> tuple[Say, PrivateRecord, str, date] | None:
    """The language, what is to be copied, the program's name and the day of deletion."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or not may(trainee.state):
        return None
    record = private_records.read(rendering.tx, rendering.context.personal_key(trainee.id), trainee.id)
    if not (record.plans or record.notes):
        return None
    promised = terms(rendering.context, rendering.tx, program_of(rendering.tx, trainee), trainee.delete_after)
    return Say(trainee.locale), record, promised.program, promised.deleted_on
