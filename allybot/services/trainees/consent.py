"""Consent, first steps and goodbye: how a trainee comes in, says no, and leaves."""

from datetime import datetime, timedelta

from allybot.domain.people import Actor, Program
from allybot.domain.plans import PlanKind
from allybot.domain.trainee import Trainee, TraineeEvent, TraineeState, can_happen, gets_welcome, has_chosen
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.trainees import welcome as prompts
from allybot.services.check_ins import asking
from allybot.services.context import Context, Rendering, acting, new_id, program_of
from allybot.services.data import erasure
from allybot.services.data.erasure import Leaving
from allybot.services.isolation import Story
from allybot.services.programs.terms import kept_until, terms
from allybot.services.working_hours import check_in_hour, working_hours
from allybot.store import trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import MessageKind, OutboxMessage
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.plans import plans

LATER_WORKING_DAYS = 3
"""Working days until the one reminder; our proposal: past the week's rush, within the first step's reach."""
DECLINED_DAYS = 30
"""How long the row of somebody who declined is kept, so that a list enrolled again does not ask him again."""
_PATIENCE = timedelta(days=7)
_TASKS = (PlanKind.FEAR, PlanKind.BYSTANDER, PlanKind.LISTENING)
"""The three plans of the training; the fourth kind is offered where plans are written."""

MessagePlace = tuple[str, str]
"""Slack's channel and ts of a message."""


def start(context: Context, actor: Actor, now: datetime, pressed: MessagePlace | None = None) -> bool:
    """He says yes: the ladder begins and he is asked to write down his plans. Twice is once.

    Args:
        actor: who acts.
        now: the program's time, aware UTC.
        pressed: the message that held the button, if there was one.

    Returns:
        False when it is no longer a question: he said yes before and has since paused, stopped or finished.

    Raises:
        NotFoundError: he is in no program.
    """
    with context.database.transaction() as tx:
        trainee, program = _known(tx, actor)
        if not can_happen(TraineeEvent.CONSENT, trainee.state):
            return trainee.state is TraineeState.ACTIVE
        trainees.apply_event(
            tx,
            trainee,
            TraineeEvent.CONSENT,
            consented_at=now,
            delete_after=kept_until(context, tx, program),
        )
        asking.schedule_first(context, tx, _known(tx, actor)[0], now)
        _queue(tx, trainee, MessageKind.FIRST_PLAN, _first_plan(trainee.id), now)
        _show_choice(tx, trainee, TraineeState.ACTIVE, now, pressed)
    return True


def later(context: Context, actor: Actor, now: datetime, pressed: MessagePlace | None = None) -> bool:
    """He wants to be asked again: one reminder, after three working days.

    Args, returns and raises as `start`: False when he has decided meanwhile.
    """
    with context.database.transaction() as tx:
        trainee, program = _known(tx, actor)
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
    """He says no thanks: nothing more is sent, and his row goes in thirty days or with the program.

    Args, returns and raises as `start`: False when he has said yes, which `/allybot stop` ends.
    """
    with context.database.transaction() as tx:
        trainee, program = _known(tx, actor)
        if not can_happen(TraineeEvent.DECLINE, trainee.state):
            return trainee.state is TraineeState.DECLINED
        trainees.apply_event(
            tx,
            trainee,
            TraineeEvent.DECLINE,
            delete_after=min(now + timedelta(days=DECLINED_DAYS), kept_until(context, tx, program)),
        )
        _show_choice(tx, trainee, TraineeState.DECLINED, now, pressed)
    return True


def _bid_goodbye(context: Context, trainee_id: str, now: datetime) -> bool:
    with context.database.transaction() as tx:
        trainee = trainees.trainee_by_id(tx, trainee_id)
        if trainee is None or trainee.goodbye_at is None or trainee.goodbye_at > now:
            return False
        if trainee.state is TraineeState.PAUSED:
            back = trainee.paused_until or now + _PATIENCE
            trainees.change_trainee(tx, trainee.id, goodbye_at=max(back, now + timedelta(days=1)))
            return False
        trainees.change_trainee(tx, trainee.id, goodbye_at=None)
        if not can_happen(TraineeEvent.FINISH, trainee.state):
            return False
        trainees.apply_event(tx, trainee, TraineeEvent.FINISH, next_step=None, next_check_in_at=None)
        return _queue(tx, trainee, MessageKind.GOODBYE, f"goodbye:{trainee.id}", now)


queue_goodbyes = Story("goodbyes", RowKind.TRAINEE, trainees.due_for_goodbye, _bid_goodbye)
"""Bid goodbye to those whose time has come (`goodbye_at`, a week after the re-plan); how many it was.

Somebody on a pause is not disturbed: it waits for them. Who asked for silence gets none.
"""


def _delete(context: Context, trainee_id: str, now: datetime) -> bool:
    with context.database.reading() as tx:
        leaving = trainees.expired(tx, trainee_id, now)
    if leaving is None:
        return False
    erasure.erase(context, [Leaving(trainee_id, *leaving)])
    return True


delete_expired = Story("deletion", RowKind.TRAINEE, trainees.due_for_deletion, _delete, erasure.wipe)
"""Delete those whose day has come (`delete_after`), with all that hangs on them; how many it was."""


def render_welcome(rendering: Rendering) -> Message | None:
    """The welcome; to somebody who has meanwhile said yes on the Home tab, without its buttons."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or not gets_welcome(trainee.state):
        return None
    answer = None if trainee.state is TraineeState.INVITED else _answer(trainee)
    promised = terms(rendering.context, rendering.tx, program_of(rendering.tx, trainee), trainee.delete_after)
    return prompts.welcome(Say(trainee.locale), promised, answer)


def render_welcome_answered(rendering: Rendering) -> Message | None:
    """The same message with his choice, as it stands when this is sent, in the place of its buttons."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or not has_chosen(trainee.state):
        return None
    say = Say(trainee.locale)
    answer = _answer(trainee)
    promised = terms(rendering.context, rendering.tx, program_of(rendering.tx, trainee), trainee.delete_after)
    if (rendering.row.to_channel, rendering.row.replaces_ts) == outbox.sent_place(
        rendering.tx, f"later:{trainee.id}"
    ):
        return prompts.later_reminder(say, promised, answer)
    return prompts.welcome(say, promised, answer)


def render_later_reminder(rendering: Rendering) -> Message | None:
    """The one reminder, if he has not decided meanwhile."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or trainee.state is not TraineeState.LATER:
        return None
    return prompts.later_reminder(
        Say(trainee.locale), terms(rendering.context, rendering.tx, program_of(rendering.tx, trainee))
    )


def render_first_plan(rendering: Rendering) -> Message | None:
    """The invitation to write down his plans, while he takes part and has none to be asked about."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if (
        trainee is None
        or trainee.state is not TraineeState.ACTIVE
        or plans.has_active_plan(rendering.tx, trainee.id)
    ):
        return None
    program = program_of(rendering.tx, trainee)
    offered = rendering.context.content.plan_library_of(program.name).kinds
    kinds = [offered[kind] for kind in _TASKS if kind in offered] or list(offered.values())
    return prompts.first_plan(
        Say(trainee.locale),
        tuple((kind.title, kind.description, kind.example) for kind in kinds),
        program.support_contact,
        trainee.zone,
        check_in_hour(rendering.context, trainee),
        again=rendering.row.key != _first_plan(trainee.id),
    )


def render_goodbye(rendering: Rendering) -> Message | None:
    """The last message, unless he has left meanwhile."""
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
    """Let every message that held the buttons show the choice instead."""
    found = [outbox.sent_place(tx, f"{asked}:{trainee.id}") for asked in ("welcome", "later")]
    places = {place for place in (*found, pressed) if place is not None}
    for number, place in enumerate(sorted(places)):
        key = f"welcome-answered:{trainee.id}:{chosen}:{number}"
        _queue(tx, trainee, MessageKind.WELCOME_ANSWERED, key, now, place)


def _first_plan(trainee_id: str) -> str:
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
    return outbox.put(
        tx,
        new_id(),
        OutboxMessage(
            key=key,
            workspace_id=trainee.workspace_id,
            kind=kind,
            about_id=trainee.id,
            due_at=due_at,
            to_user=None if replaces else trainee.slack_user,
            trainee_id=trainee.id,
            replaces=replaces,
        ),
    )


def _known(tx: Transaction, actor: Actor) -> tuple[Trainee, Program]:
    trainee = acting(tx, actor, lock=True)
    return trainee, program_of(tx, trainee)
