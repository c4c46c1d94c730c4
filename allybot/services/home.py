"""Reads the data of the Home tab."""

from datetime import datetime

from allybot.domain.circles import CircleState
from allybot.domain.home import HomeFacts
from allybot.domain.people import Actor
from allybot.domain.plans import focus_plan
from allybot.domain.private_record import PrivateRecord
from allybot.domain.trainee import takes_part
from allybot.services.check_ins import reminders
from allybot.services.check_ins.help import changeable
from allybot.services.check_ins.schedule import keeps_going
from allybot.services.context import Context, program_of
from allybot.services.programs.terms import terms
from allybot.store import trainees
from allybot.store.circles import circles
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
        last_answered = changeable(tx, trainee, now)
        promised = terms(context, tx, program, trainee.delete_after)
    return HomeFacts(
        trainee=trainee,
        program=program,
        focus=focus,
        other_plans=tuple(plan for plan in record.active if plan != focus),
        next_check_in_at=trainee.check_in_planned_at,
        circle_channel=own[0].channel if own else None,
        may_find_circle=context.content.may_ask_to_join(program.name)
        and takes_part(trainee.state)
        and not any(circle.goes_on for circle in own),
        circle_open=any(circle.state is CircleState.ACTIVE for circle in own),
        today=now.astimezone(trainee.zone).date(),
        remind_on=remind_on,
        may_write=len(record.active) < context.content.rules.plans.max_active,
        last_answered=last_answered,
        notes=record.notes,
        deleted_on=promised.deleted_on,
        counted_on=promised.counted_on,
        keeps_going=keeps_going(context.content.rules, trainee),
    )
