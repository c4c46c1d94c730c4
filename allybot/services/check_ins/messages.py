"""Renders queued check-in messages when they are sent; None where one is no longer wanted."""

from dataclasses import dataclass
from datetime import date

from allybot.domain.check_ins import CheckIn, CheckInState
from allybot.domain.people import Program
from allybot.domain.plans import Plan, PlanState
from allybot.domain.trainee import Trainee, gets_check_ins
from allybot.errors import DecryptionError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.check_ins import keep_going as keep_going_prompts
from allybot.prompts.check_ins import messages as prompts
from allybot.services.check_ins import keep_going
from allybot.services.check_ins.schedule import keeps_going
from allybot.services.context import Rendering, program_of
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.plans import private_records


@dataclass(frozen=True)
class _Open:
    """A check-in that still waits for an answer; `about` is its active plan and the first day asked about."""

    trainee: Trainee
    program: Program
    check_in: CheckIn
    about: tuple[Plan, date] | None


def render_check_in(rendering: Rendering) -> Message | None:
    """The question of a step; None once it is closed, its plan inactive or its trainee paused."""
    found = _open(rendering)
    if found is None or found.about is None:
        return None
    plan, since = found.about
    minimum = found.program.minimum_respondents
    return prompts.check_in(Say(found.trainee.locale), found.check_in, plan, since, minimum)


def render_follow_up(rendering: Rendering) -> Message | None:
    """The second message about a step, under the same conditions."""
    found = _open(rendering)
    if found is None or found.about is None:
        return None
    plan, since = found.about
    minimum, put_off = found.program.minimum_respondents, ":again:" in rendering.row.key
    say = Say(found.trainee.locale)
    return prompts.follow_up(say, found.check_in, plan, since, minimum, put_off=put_off)


def render_replan(rendering: Rendering) -> Message | None:
    """The re-plan message, with or without a plan."""
    found = _open(rendering)
    if found is None:
        return None
    plan = found.about[0] if found.about else None
    further = keep_going.offered(rendering.context, rendering.tx, found.trainee, rendering.now)
    say, contact = Say(found.trainee.locale), found.program.support_contact
    return prompts.replan(say, found.check_in, plan, contact, further)


def render_answered(rendering: Rendering) -> Message | None:
    """The confirmation, with the plan as it stood in the question; the same for every answer."""
    asked = check_ins.check_in_by_id(rendering.tx, rendering.row.about_id)
    trainee = trainees.trainee_by_id(rendering.tx, asked.trainee_id) if asked else None
    if asked is None or trainee is None:
        return None
    say = Say(trainee.locale)
    try:
        key = rendering.context.personal_key(trainee.id)
        plan = private_records.read(rendering.tx, key, trainee.id).as_asked(asked.id)
    except DecryptionError:  # the answer is sealed all the same, and is confirmed
        plan = None
    rules = rendering.context.content.rules
    if asked.step != rules.ladder.replan_day:
        return prompts.answered(say, asked, plan)
    further = keep_going.offered(rendering.context, rendering.tx, trainee, rendering.now)
    if further and keeps_going(rules, trainee):
        return keep_going_prompts.chosen(say, asked, further, trainee.check_in_planned_on)
    return prompts.replan_kept(say, asked, plan, further)


def _open(rendering: Rendering) -> _Open | None:
    tx = rendering.tx
    asked = check_ins.check_in_by_id(tx, rendering.row.about_id)
    if asked is None or asked.state is not CheckInState.ASKED:
        return None
    trainee = trainees.trainee_by_id(tx, asked.trainee_id)
    if trainee is None or not gets_check_ins(trainee.state):
        return None
    record = private_records.read(tx, rendering.context.personal_key(trainee.id), trainee.id)
    about = record.asked_about(asked.id)
    is_active = about is not None and about[0].state is PlanState.ACTIVE
    return _Open(trainee, program_of(tx, trainee), asked, about if is_active else None)
