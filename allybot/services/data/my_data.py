"""Collects everything held about one person; shown to them in plain words, to the operator as JSON."""

import dataclasses
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

from allybot.crypto import unlock_text
from allybot.domain.circle_questions import TextKind
from allybot.domain.my_data import (
    Held,
    HeldCheckIn,
    HeldCircle,
    HeldCircleText,
    HeldMessage,
    HeldNote,
    HeldPlan,
    HeldStory,
    HeldTrainee,
    HeldWording,
)
from allybot.domain.people import Actor
from allybot.domain.plans import Plan
from allybot.domain.private_record import PrivateRecord
from allybot.domain.trainee import Trainee
from allybot.errors import DecryptionError
from allybot.services.context import Context
from allybot.services.data import waiting_answers
from allybot.services.data.suppression import is_suppressed
from allybot.store import trainees
from allybot.store.circles import deeds, life, role_stories, texts
from allybot.store.circles.texts import TextState
from allybot.store.data import holdings
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records
from allybot.store.programs import changes, programs, waiting_suggestions


def held(context: Context, actor: Actor) -> Held:
    """Everything held about this person now; sealed answers are counted, never opened."""
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
        about = _about(context, tx, trainee) if trainee else None
        messages = holdings.messages(
            tx, actor, trainee.id if trainee else None, trainee.dm_channel if trainee else None
        )
        leads = programs.programs_led_by(tx, actor)
        waiting = waiting_answers.held(context, tx, actor)
        stories = tuple(_stories(context, tx, actor))
        in_programs = tuple(holdings.in_programs(tx, actor))
        may_create = changes.may_create(tx, actor)
    return Held(
        workspace_id=actor.workspace_id,
        slack_user=actor.slack_user,
        leads=tuple(program.name for program in leads),
        trainee=about,
        messages=tuple(HeldMessage(row.kind.value, row.due_at, row.state.value) for row in messages),
        suppressed=is_suppressed(context, actor),
        waiting=waiting,
        stories=stories,
        in_programs=in_programs,
        may_create=may_create,
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
    record = private_records.read(tx, key, trainee.id) if key else PrivateRecord()
    return HeldTrainee(
        row=trainee,
        program=program.name if program else "",
        cohort=cohort.name if cohort else "",
        support_contact=program.support_contact if program else "",
        words_readable=key is not None,
        why=record.why,
        plans=tuple(map(_plan, record.plans)),
        check_ins=tuple(
            HeldCheckIn(each.step, each.due_at, each.state.value, each.window)
            for each in holdings.check_ins_of(tx, trainee.id)
        ),
        sealed=tuple(holdings.sealed_answers(tx, trainee.id).items()),
        circles=tuple(
            HeldCircle(each.name, each.channel, each.turns, each.weeks, each.votes)
            for each in holdings.memberships(tx, trainee.id)
        ),
        asked_circle_on=texts.last_asked_on(tx, record),
        circle_texts=tuple(_circle_texts(context, tx, key, record)),
        deeds=_deeds(context, tx, key, trainee.id),
        notes=tuple(HeldNote(each.text, each.written_on) for each in record.notes),
        left_circles=tuple(life.circles_left_by(tx, trainee.id)),
        suggestion=_suggestion(tx, key, trainee.program_id) if key else None,
    )


def _circle_texts(
    context: Context, tx: Transaction, key: bytes | None, record: PrivateRecord
) -> Iterator[HeldCircleText]:
    for each in record.wrote_circle:
        until = texts.kept_until(tx, each.text_id) if each.text_id else None
        if until is None or each.text_id is None:
            if each.kind is not TextKind.QUESTION:  # of a question `asked_circle_on` tells
                yield HeldCircleText(each.kind.value, each.written_on)
            continue
        try:
            written = texts.by_id(tx, context.keyring, each.text_id)
            waits = written is not None and written.state is TextState.WAITING
            text = unlock_text(key, written.text_locked) if waits and written and key else None
        except DecryptionError:
            waits, text = True, None
        yield HeldCircleText(each.kind.value, each.written_on, waits, text, None if waits else until.date())


def _deeds(context: Context, tx: Transaction, key: bytes | None, trainee_id: str) -> tuple[str | None, ...]:
    found: list[str | None] = []
    for told in deeds.of_tellers(tx, context.keyring, [trainee_id]):
        try:
            found.append(unlock_text(key, told.text_locked) if key else None)
        except DecryptionError:
            found.append(None)
    return tuple(found)


def _suggestion(tx: Transaction, key: bytes, program_id: str) -> str | None:
    own = waiting_suggestions.waiting_of(tx, key, program_id)
    return waiting_suggestions.unlocked(key, own) if own else None


def _stories(context: Context, tx: Transaction, actor: Actor) -> Iterator[HeldStory]:
    for each in role_stories.of_person(tx, context.keyring, actor):
        program = programs.program_by_id(tx, each.program_id)
        parts: tuple[str, ...] = ()
        with suppress(DecryptionError):
            if each.text_locked:
                told = json.loads(unlock_text(context.personal_key(each.id), each.text_locked))
                parts = tuple(map(str, told.values()))
        yield HeldStory(
            program.name if program else "", each.asked_by, each.named, parts, each.delete_after.date()
        )


def _plan(plan: Plan) -> HeldPlan:
    return HeldPlan(
        kind=plan.kind.value,
        cue=plan.intention.cue,
        response=plan.intention.response,
        state=plan.state.value,
        created_at=plan.created_at,
        times_asked=plan.times_asked,
        last_asked_at=plan.last_asked_at,
        next_moment_on=plan.next_moment_on,
        coping=plan.coping,
        cue_object=plan.cue_object,
        earlier=tuple(
            HeldWording(each.intention.cue, each.intention.response, each.replaced_on)
            for each in plan.earlier
        ),
        remind=plan.remind,
        reminders_sent=plan.reminders_sent,
    )


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, ZoneInfo):
        return value.key
    raise TypeError(type(value).__name__)
