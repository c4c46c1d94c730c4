"""Collects everything held about one person; shown to them in plain words, to the operator as JSON."""

import dataclasses
import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

from allybot.crypto import unlock_text
from allybot.domain.my_data import (
    Held,
    HeldCheckIn,
    HeldCircle,
    HeldMessage,
    HeldPlan,
    HeldTrainee,
    HeldWording,
)
from allybot.domain.people import Actor
from allybot.domain.trainee import Trainee
from allybot.errors import DecryptionError
from allybot.services.context import Context
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.circles import questions
from allybot.store.data import holdings
from allybot.store.engine.database import Transaction
from allybot.store.plans import history, plans
from allybot.store.programs import programs


def held(context: Context, actor: Actor) -> Held:
    """Everything held about this person now; sealed answers are counted, never opened."""
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
        about = _about(context, tx, trainee) if trainee else None
        messages = holdings.messages(
            tx, actor, trainee.id if trainee else None, trainee.dm_channel if trainee else None
        )
        leads = programs.programs_led_by(tx, actor)
    return Held(
        workspace_id=actor.workspace_id,
        slack_user=actor.slack_user,
        leads=tuple(program.name for program in leads),
        trainee=about,
        messages=tuple(HeldMessage(row.kind.value, row.due_at, row.state.value) for row in messages),
    )


def as_json(found: Held) -> str:
    """The same as one JSON object; it contains the person's own text, so it is for them alone."""
    return json.dumps(dataclasses.asdict(found), default=_plain, ensure_ascii=False, indent=1)


def _about(context: Context, tx: Transaction, trainee: Trainee) -> HeldTrainee:
    program = programs.program_by_id(tx, trainee.program_id)
    cohort = programs.cohort_by_id(tx, trainee.cohort_id)
    try:
        key: bytes | None = context.personal_key(trainee.id)
    except DecryptionError:
        key = None
    why = check_ins.locked_why(tx, trainee.id)
    return HeldTrainee(
        row=trainee,
        program=program.name if program else "",
        cohort=cohort.name if cohort else "",
        support_contact=program.support_contact if program else "",
        words_readable=key is not None,
        why=unlock_text(key, why) if key and why else None,
        plans=tuple(_plans(tx, key, trainee.id)),
        check_ins=tuple(
            HeldCheckIn(each.step, each.due_at, each.state.value, each.window)
            for each in holdings.check_ins_of(tx, trainee.id)
        ),
        sealed=tuple(holdings.sealed_answers(tx, trainee.id).items()),
        circles=tuple(
            HeldCircle(each.name, each.channel, each.turns, each.weeks, each.votes)
            for each in holdings.memberships(tx, trainee.id)
        ),
        questions=tuple(
            unlock_text(key, locked) if key else None for locked in questions.waiting_of(tx, trainee.id)
        ),
    )


def _plans(tx: Transaction, key: bytes | None, trainee_id: str) -> list[HeldPlan]:
    if key is None:
        return [
            HeldPlan(kind, None, None, state, created_at, 0, None, None)
            for kind, state, created_at in holdings.unreadable_plans(tx, trainee_id)
        ]
    earlier = history.wordings_of(tx, key, trainee_id)
    return [
        HeldPlan(
            kind=plan.kind.value,
            cue=plan.intention.cue,
            response=plan.intention.response,
            state=plan.state.value,
            created_at=plan.created_at,
            times_asked=plan.times_asked,
            last_asked_at=plan.last_asked_at,
            next_moment_on=plan.next_moment_on,
            coping=plan.coping,
            earlier=tuple(
                HeldWording(each.intention.cue, each.intention.response, each.replaced_on)
                for each in earlier.get(plan.id, ())
            ),
            remind=plan.remind,
            reminders_sent=plan.reminders_sent,
        )
        for plan in plans.plans_of(tx, key, trainee_id)
    ]


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, ZoneInfo):
        return value.key
    raise TypeError(type(value).__name__)
