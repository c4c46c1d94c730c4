"""What silence brings: word that the pace is slower, and one fresh start."""

from datetime import date, datetime

from allybot.domain import spacing
from allybot.domain.people import Actor
from allybot.domain.trainee import Pace, Trainee, gets_check_ins
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.check_ins import silence as prompts
from allybot.services.context import Context, Rendering, acting, program_of
from allybot.store import trainees
from allybot.store.plans import private_records


def keep_plan(context: Context, actor: Actor, now: datetime) -> date | None:  # noqa: ARG001 - every use case takes `now`
    """Keep the plan as it is at the fresh start: a sign of life, and nothing else. Idempotent.

    Returns:
        The local day of the next message; None when none is planned.

    Raises:
        NotFoundError: the trainee is in no program.
        WrongStateError: the trainee gets no check-ins now.
    """
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, gets_check_ins)
        trainees.change_trainee(tx, trainee.id, silent_steps=0)
        return trainee.check_in_planned_on


def render_slowed(rendering: Rendering) -> Message | None:
    """Word that every other step is left out from now on; None once the trainee has chosen otherwise."""
    trainee = _slower(rendering)
    if trainee is None:
        return None
    contact = program_of(rendering.tx, trainee).support_contact
    return prompts.slowed(Say(trainee.locale), trainee.check_in_planned_on, contact)


def render_fresh_start(rendering: Rendering) -> Message | None:
    """The fresh start, with the plan that would have been asked about; None as in `render_slowed`."""
    trainee = _slower(rendering)
    if trainee is None:
        return None
    record = private_records.read(rendering.tx, rendering.context.personal_key(trainee.id), trainee.id)
    today = rendering.now.astimezone(trainee.zone).date()
    plan = spacing.plan_to_ask(record.active, record.focus_plan_id, today)
    contact = program_of(rendering.tx, trainee).support_contact
    day = rendering.context.content.rules.ladder.fresh_start_day
    return prompts.fresh_start(Say(trainee.locale), day, plan, trainee.check_in_planned_on, contact)


def _slower(rendering: Rendering) -> Trainee | None:
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or not gets_check_ins(trainee.state) or trainee.pace is not Pace.SLOWER:
        return None
    return trainee
