"""Consent, the first plan, goodbye and deletion on the last day."""

from datetime import datetime, timedelta

from allybot.domain.people import Actor, Program
from allybot.domain.plans import Intention, PlanKind
from allybot.domain.trainee import Trainee, TraineeEvent, TraineeState, can_happen, gets_welcome, has_chosen
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.trainees import welcome as prompts
from allybot.services.check_ins import asking
from allybot.services.context import Context, Rendering, acting, new_id, program_of
from allybot.services.data import erasure, suppression
from allybot.services.data.erasure import Leaving
from allybot.services.data.suppression import DECLINED_DAYS
from allybot.services.isolation import ScheduledJob
from allybot.services.programs.terms import kept_until, terms
from allybot.services.trainees import pool_consent
from allybot.services.working_hours import check_in_hour, working_hours
from allybot.store import trainees
from allybot.store.delivery import copies, outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.delivery.since_backup import id_of
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records
from allybot.store.vault.suppression import Place

LATER_WORKING_DAYS = 3
"""Working days until the single reminder of somebody who postponed; our own choice."""
_OPEN_PAUSE_RETRY = timedelta(days=7)
"""When the goodbye is looked at again while a pause has no end."""
_TRAINING_PLANS = (PlanKind.FEAR, PlanKind.BYSTANDER, PlanKind.LISTENING)
"""The three plans of the training; the fourth kind is offered where plans are written."""

MessagePlace = tuple[str, str]
"""Slack's channel and ts of a message."""


def start(context: Context, actor: Actor, now: datetime, pressed: MessagePlace | None = None) -> bool:
    """The trainee consents: plan the first check-in and invite them to write their plans. Idempotent.

    Whoever had declined leaves the suppression list.

    Args:
        actor: who acts.
        now: the program's time, aware UTC.
        pressed: the message that held the button, if there was one.

    Returns:
        False when the trainee consented earlier and has since paused, stopped or finished.

    Raises:
        NotFoundError: the actor is in no program.
    """
    with context.database.transaction() as tx:
        trainee, program = _trainee_and_program(tx, actor)
        if not can_happen(TraineeEvent.CONSENT, trainee.state):
            return trainee.state is TraineeState.ACTIVE
        suppression.lift(context, tx, actor)
        trainees.apply_event(
            tx,
            trainee,
            TraineeEvent.CONSENT,
            consented_at=now,
            record_due_at=now,
            delete_after=kept_until(context, tx, program),
        )
        private_records.create(tx, context.personal_key(trainee.id), trainee.id)
        asking.schedule_first(context, tx, _trainee_and_program(tx, actor)[0], now)
        _queue(tx, trainee, MessageKind.FIRST_PLAN, _first_plan_key(trainee.id), now)
        if program.pool and not trainee.may_wait:  # it was named after the welcome was sent
            pool_consent.ask(context, tx, program, trainee, now)
        _show_choice(tx, trainee, TraineeState.ACTIVE, now, pressed)
    return True


def later(context: Context, actor: Actor, now: datetime, pressed: MessagePlace | None = None) -> bool:
    """The trainee postpones: queue one reminder, `LATER_WORKING_DAYS` working days from now. Idempotent.

    Args, returns and raises as `start`: False when they have decided meanwhile.
    """
    with context.database.transaction() as tx:
        trainee, program = _trainee_and_program(tx, actor)
        if not can_happen(TraineeEvent.POSTPONE, trainee.state):
            return trainee.state is TraineeState.LATER
        trainees.apply_event(tx, trainee, TraineeEvent.POSTPONE)
        calendar = working_hours(context, program, trainee.zone)
        day = calendar.plus_working_days(calendar.local_day(now), LATER_WORKING_DAYS)
        due_at = calendar.at(day, context.content.rules.check_ins.local_time)
        _queue(tx, trainee, MessageKind.LATER_REMINDER, f"later:{trainee.id}", due_at)
        _show_choice(tx, trainee, TraineeState.LATER, now, pressed)
    return True


def decline(context: Context, actor: Actor, now: datetime, pressed: MessagePlace | None = None) -> bool:
    """The trainee declines: send nothing more; delete the row after `DECLINED_DAYS` days or with the program.

    They go on the suppression list, so that no later list brings them a message. Idempotent. Args, returns
    and raises as `start`: False when they have consented.
    """
    with context.database.transaction() as tx:
        trainee, program = _trainee_and_program(tx, actor)
        if not can_happen(TraineeEvent.DECLINE, trainee.state):
            return trainee.state is TraineeState.DECLINED
        suppression.note_declined(context, trainee)
        trainees.apply_event(
            tx,
            trainee,
            TraineeEvent.DECLINE,
            delete_after=min(now + timedelta(days=DECLINED_DAYS), kept_until(context, tx, program)),
        )
        _show_choice(tx, trainee, TraineeState.DECLINED, now, pressed)
    return True


def choice(context: Context, actor: Actor) -> Message:
    """What a trainee who postponed or declined has chosen, in words.

    Raises:
        NotFoundError: the actor is in no program.
    """
    with context.database.reading() as tx:
        trainee = acting(tx, actor)
        program_terms = terms(context, tx, program_of(tx, trainee), trainee.delete_after)
    return prompts.choice(Say(trainee.locale), program_terms, _answer(trainee))


def _queue_goodbye(context: Context, trainee_id: str, now: datetime) -> bool:
    with context.database.transaction() as tx:
        trainee = trainees.trainee_by_id(tx, trainee_id)
        if trainee is None or trainee.goodbye_at is None or trainee.goodbye_at > now:
            return False
        if trainee.state is TraineeState.PAUSED:
            resumes_at = trainee.paused_until or now + _OPEN_PAUSE_RETRY
            trainees.change_trainee(tx, trainee.id, goodbye_at=max(resumes_at, now + timedelta(days=1)))
            return False
        trainees.change_trainee(tx, trainee.id, goodbye_at=None)
        if not can_happen(TraineeEvent.FINISH, trainee.state):
            return False
        trainees.apply_event(tx, trainee, TraineeEvent.FINISH, next_step=None, next_check_in_at=None)
        on = trainee.goodbye_at.astimezone(trainee.zone).date()  # whoever keeps going has another one later
        return _queue(tx, trainee, MessageKind.GOODBYE, f"goodbye:{trainee.id}:{on}", now)


queue_goodbyes = ScheduledJob("goodbyes", RowKind.TRAINEE, trainees.due_for_goodbye, _queue_goodbye)
"""Finish trainees whose `goodbye_at` (a week after their last message) has passed and queue their goodbye.

A paused trainee gets it after the pause; one who stopped gets none.
"""


def _delete(context: Context, trainee_id: str, now: datetime) -> bool:
    with context.database.reading() as tx:
        leaving = trainees.expired(tx, trainee_id, now)
    if leaving is None:
        return False
    place = Place(leaving.cohort_id, leaving.program_id) if leaving.declined else None
    erasure.erase(context, [Leaving(trainee_id, leaving.actor, leaving.dm_channel, place)])
    return True


delete_expired = ScheduledJob("deletion", RowKind.TRAINEE, copies.due_for_deletion, _delete, erasure.wipe)
"""Delete trainees whose `delete_after` has passed, with everything that belongs to them.

Whose last copy is still on its way stays until it is settled, at most `copies.GRACE` longer.
"""


def render_welcome(rendering: Rendering) -> Message | None:
    """The welcome; without buttons when the trainee has meanwhile consented on the Home tab."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or not gets_welcome(trainee.state):
        return None
    answer = None if trainee.state is TraineeState.INVITED else _answer(trainee)
    program_terms = terms(
        rendering.context, rendering.tx, program_of(rendering.tx, trainee), trainee.delete_after
    )
    return prompts.welcome(Say(trainee.locale), program_terms, answer)


def render_welcome_answered(rendering: Rendering) -> Message | None:
    """The welcome or the reminder with the trainee's current choice in place of the buttons."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or not has_chosen(trainee.state):
        return None
    say = Say(trainee.locale)
    answer = _answer(trainee)
    program_terms = terms(
        rendering.context, rendering.tx, program_of(rendering.tx, trainee), trainee.delete_after
    )
    if (rendering.row.to_channel, rendering.row.replaces_ts) == outbox.sent_place(
        rendering.tx, f"later:{trainee.id}"
    ):
        return prompts.later_reminder(say, program_terms, answer)
    return prompts.welcome(say, program_terms, answer)


def render_later_reminder(rendering: Rendering) -> Message | None:
    """The reminder of somebody who postponed; None when they have decided meanwhile."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or trainee.state is not TraineeState.LATER:
        return None
    return prompts.later_reminder(
        Say(trainee.locale), terms(rendering.context, rendering.tx, program_of(rendering.tx, trainee))
    )


def render_first_plan(rendering: Rendering) -> Message | None:
    """The invitation to write plans; None when the trainee is not active or has an active plan."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or trainee.state is not TraineeState.ACTIVE:
        return None
    key = rendering.context.personal_key(trainee.id)
    if private_records.read(rendering.tx, key, trainee.id).active:
        return None
    program = program_of(rendering.tx, trainee)
    offered = rendering.context.content.plan_library_of(program.name).kinds
    kinds = [kind for kind in _TRAINING_PLANS if kind in offered] or list(offered)
    say = Say(trainee.locale)
    shown = ((kind, offered[kind].example) for kind in kinds)
    return prompts.first_plan(
        say,
        tuple(
            prompts.Example(kind, Intention(say(example.cue), say(example.response)))
            for kind, example in shown
        ),
        trainee.zone,
        check_in_hour(rendering.context, trainee),
        again=rendering.row.key != _first_plan_key(trainee.id),
    )


def render_goodbye(rendering: Rendering) -> Message | None:
    """The goodbye; None when the trainee has left meanwhile."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or trainee.state is not TraineeState.FINISHED:
        return None
    return prompts.goodbye(
        Say(trainee.locale),
        terms(rendering.context, rendering.tx, program_of(rendering.tx, trainee), trainee.delete_after),
    )


def _show_choice(
    tx: Transaction, trainee: Trainee, chosen: TraineeState, now: datetime, pressed: MessagePlace | None
) -> None:
    """Queue an update of every message with the consent buttons, to show the choice instead."""
    found = [outbox.sent_place(tx, f"{asked}:{trainee.id}") for asked in ("welcome", "later")]
    places = {place for place in (*found, pressed) if place is not None}
    for number, place in enumerate(sorted(places)):
        key = f"welcome-answered:{trainee.id}:{chosen}:{number}"
        _queue(tx, trainee, MessageKind.WELCOME_ANSWERED, key, now, place)


def _first_plan_key(trainee_id: str) -> str:
    return f"first-plan:{trainee_id}"


def _answer(trainee: Trainee) -> prompts.Answer:
    on = trainee.consented_at.astimezone(trainee.zone).date() if trainee.consented_at else None
    return prompts.Answer(trainee.state, on)


def _queue(
    tx: Transaction,
    trainee: Trainee,
    kind: MessageKind,
    key: str,
    due_at: datetime,
    replaces: MessagePlace | None = None,
) -> bool:
    message = OutboxMessage(
        key=key,
        workspace_id=trainee.workspace_id,
        kind=kind,
        about_id=trainee.id,
        due_at=due_at,
        to_user=None if replaces else trainee.slack_user,
        trainee_id=trainee.id,
        replaces=replaces,
    )
    return outbox.put(tx, new_id() if replaces else id_of(tx, key), message)


def _trainee_and_program(tx: Transaction, actor: Actor) -> tuple[Trainee, Program]:
    trainee = acting(tx, actor, lock=True)
    return trainee, program_of(tx, trainee)
