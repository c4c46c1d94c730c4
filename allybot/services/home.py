"""Reads the data of the Home tab."""

from datetime import datetime

from allybot.domain.check_ins import CheckInState
from allybot.domain.circles import CircleState
from allybot.domain.home import HomeFacts
from allybot.domain.people import Actor
from allybot.domain.plans import focus_plan
from allybot.domain.private_record import PrivateRecord
from allybot.domain.trainee import Trainee
from allybot.services.check_ins import reminders
from allybot.services.context import Context, program_of
from allybot.services.programs.terms import terms
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.circles import circles
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots
from allybot.store.plans import private_records


def facts(context: Context, actor: Actor, now: datetime) -> HomeFacts | None:
    """The data of the actor's Home tab at `now` (aware UTC); None when the actor is no trainee."""
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
        if trainee is None:
            return None
        record = PrivateRecord()
        if trainee.consented_at is not None:
            record = private_records.read(tx, context.personal_key(trainee.id), trainee.id)
        program = program_of(tx, trainee)
        own = circles.circles_of_trainee(tx, trainee.id)
        focus = focus_plan(record.plans, record.focus_plan_id)
        remind_on = reminders.comes_on(context, tx, trainee, focus, now) if focus else None
        last_answered = _to_change(tx, trainee, now)
        deleted_on = terms(context, tx, program, trainee.delete_after).deleted_on
    return HomeFacts(
        trainee=trainee,
        program=program,
        focus=focus,
        other_plans=tuple(plan for plan in record.active if plan != focus),
        next_check_in_at=trainee.check_in_planned_at,
        circle_channel=own[0].channel if own else None,
        circle_open=any(circle.state is CircleState.ACTIVE for circle in own),
        today=now.astimezone(trainee.zone).date(),
        remind_on=remind_on,
        may_write=len(record.active) < context.content.rules.plans.max_active,
        last_answered=last_answered,
        deleted_on=deleted_on,
    )


def _to_change(tx: Transaction, trainee: Trainee, now: datetime) -> str | None:
    """The latest check-in, if it was answered and its window is open."""
    latest = check_ins.latest(tx, trainee.id)
    if latest is None or latest.state is not CheckInState.ANSWERED or latest.window_id is None:
        return None
    closing = {window.id: window.closes_at for window in ballots.windows_of(tx, trainee.program_id)}
    closes_at = closing.get(latest.window_id)
    return latest.id if closes_at and now < closes_at else None
