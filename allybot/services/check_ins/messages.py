"""Renders queued check-in messages when they are sent; None where one is no longer wanted."""

from allybot.domain.check_ins import CheckIn, CheckInState
from allybot.domain.people import Program
from allybot.domain.plans import Plan, PlanState
from allybot.domain.trainee import Trainee, gets_check_ins
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.check_ins import messages as prompts
from allybot.services.context import Context, Rendering
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.delivery.outbox import OutboxRow
from allybot.store.engine.database import Transaction
from allybot.store.plans import plans
from allybot.store.programs import programs


def render_check_in(rendering: Rendering) -> Message | None:
    """The question of a step; None once it is closed, its plan inactive or its trainee paused."""
    found = _open(rendering.context, rendering.tx, rendering.row)
    if found is None:
        return None
    trainee, asked, plan, program = found
    if plan is None:
        return None
    return prompts.check_in(Say(trainee.locale), asked, plan, program.minimum_respondents)


def render_follow_up(rendering: Rendering) -> Message | None:
    """The second message about a step, under the same conditions."""
    found = _open(rendering.context, rendering.tx, rendering.row)
    if found is None:
        return None
    trainee, asked, plan, program = found
    if plan is None:
        return None
    return prompts.follow_up(
        Say(trainee.locale), asked, plan, program.minimum_respondents, put_off=":again:" in rendering.row.key
    )


def render_replan(rendering: Rendering) -> Message | None:
    """The re-plan message, with or without a plan."""
    found = _open(rendering.context, rendering.tx, rendering.row)
    if found is None:
        return None
    trainee, asked, plan, program = found
    return prompts.replan(Say(trainee.locale), asked, plan, program.support_contact)


def render_answered(rendering: Rendering) -> Message | None:
    """The confirmation; the same for every answer."""
    asked = check_ins.check_in_by_id(rendering.tx, rendering.row.about_id)
    trainee = trainees.trainee_by_id(rendering.tx, asked.trainee_id) if asked else None
    if asked is None or trainee is None:
        return None
    say = Say(trainee.locale)
    is_replan = asked.step == rendering.context.content.rules.ladder.replan_day
    return prompts.replan_kept(say, asked) if is_replan else prompts.answered(say, asked)


def _open(
    context: Context, tx: Transaction, row: OutboxRow
) -> tuple[Trainee, CheckIn, Plan | None, Program] | None:
    asked = check_ins.check_in_by_id(tx, row.about_id)
    if asked is None or asked.state is not CheckInState.ASKED:
        return None
    trainee = trainees.trainee_by_id(tx, asked.trainee_id)
    program = programs.program_by_id(tx, trainee.program_id) if trainee else None
    if trainee is None or program is None or not gets_check_ins(trainee.state):
        return None
    return trainee, asked, _active_plan(context, tx, asked), program


def _active_plan(context: Context, tx: Transaction, asked: CheckIn) -> Plan | None:
    if asked.plan_id is None:
        return None
    plan = plans.plan_by_id(tx, context.personal_key(asked.trainee_id), asked.trainee_id, asked.plan_id)
    return plan if plan and plan.state is PlanState.ACTIVE else None
