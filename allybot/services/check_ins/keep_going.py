"""Keeping going after the re-plan, by a tap of one's own: messages that ask nothing and record nothing."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from allybot.domain import spacing
from allybot.domain.check_ins import CheckInState
from allybot.domain.people import Actor
from allybot.domain.trainee import Trainee, TraineeEvent, can_happen, gets_check_ins
from allybot.errors import NotFoundError, WrongStateError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.check_ins import keep_going as prompts
from allybot.prompts.check_ins.keep_going import Further
from allybot.services.check_ins.answering import confirm
from allybot.services.check_ins.asking import GOODBYE_AFTER
from allybot.services.check_ins.schedule import Position, keeps_going, position_of
from allybot.services.context import Context, Rendering, acting, program_of
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records


def offered(context: Context, tx: Transaction, trainee: Trainee, now: datetime) -> Further | None:
    """What a trainee is offered at the re-plan, or has chosen; None where it is offered to nobody or over."""
    days = context.content.rules.ladder.keep_going_days
    if not days or not can_happen(TraineeEvent.KEEP_GOING, trainee.state):
        return None
    position = position_of(context, tx, trainee, now)
    last = position.progress.training_ended_on + timedelta(days=days[-1] + trainee.moved_days)
    if position.calendar.local_day(now) > last:
        return None
    zone = position.program.zone
    longer = _kept_until(context, position, trainee)
    return Further(
        days=days,
        last=days[-1],
        kept_until=longer.astimezone(zone).date(),
        otherwise_until=(trainee.delete_after or longer).astimezone(zone).date(),
    )


def keep_going(
    context: Context, actor: Actor, check_in_id: str, now: datetime, pressed: tuple[str, str] | None
) -> None:
    """Go on after the re-plan; the tap is the consent to what its offer said. Idempotent.

    Nothing comes within a week of the tap, and nothing is recorded of what the messages lead to.

    Args:
        check_in_id: the re-plan whose button was pressed.
        pressed: channel and ts of the message that held it.

    Raises:
        NotFoundError: the check-in is not the trainee's, or is no re-plan.
        WrongStateError: it is not offered any more.
    """
    rules = context.content.rules
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, lock=True)
        asked = check_ins.check_in_of(tx, trainee.id, check_in_id)
        if asked is None or asked.step != rules.ladder.replan_day:
            raise NotFoundError
        if not keeps_going(rules, trainee):
            if offered(context, tx, trainee, now) is None:
                raise WrongStateError
            _begin(context, tx, trainee, now)
        check_ins.change_check_in(tx, check_in_id, state=CheckInState.ANSWERED)
        confirm(tx, trainee, check_in_id, pressed, now, "keeps-going")


def _begin(context: Context, tx: Transaction, trainee: Trainee, now: datetime) -> None:
    position = position_of(context, tx, trainee, now)
    position = replace(position, progress=replace(position.progress, keeps_going=True))
    earliest = position.calendar.local_day(now) + timedelta(days=position.ladder.min_days_between)
    due = position.next_after(position.ladder.replan_day, earliest)
    if due is None or not trainees.apply_event(
        tx,
        trainee,
        TraineeEvent.KEEP_GOING,
        paused_until=None,
        silent_steps=0,
        goodbye_at=None,
        delete_after=_kept_until(context, position, trainee),
        next_step=due.step,
        next_check_in_at=due.at,
        moved_days=due.moved_days,
    ):
        raise WrongStateError


def _kept_until(context: Context, position: Position, trainee: Trainee) -> datetime:
    """When somebody who keeps going is deleted (aware UTC, midnight in the program's zone).

    `retention.trainee_rows_days` after their goodbye, and never before everybody else. A pause after the tap
    moves it no more than it moves the others' date.
    """
    rules = context.content.rules
    if keeps_going(rules, trainee) and trainee.delete_after is not None:
        return trainee.delete_after
    last = timedelta(days=rules.ladder.keep_going_days[-1] + trainee.moved_days) + GOODBYE_AFTER
    day = position.progress.training_ended_on + last + timedelta(days=rules.retention.trainee_rows_days + 1)
    own = datetime.combine(day, time(), position.program.zone).astimezone(UTC)
    return max(own, trainee.delete_after or own)


def render_keep_going(rendering: Rendering) -> Message | None:
    """The message of a day after the re-plan, with their plan; None once they have paused or stopped."""
    tx, rules = rendering.tx, rendering.context.content.rules
    trainee = trainees.trainee_by_id(tx, rendering.row.about_id)
    if trainee is None or not gets_check_ins(trainee.state):
        return None
    record = private_records.read(tx, rendering.context.personal_key(trainee.id), trainee.id)
    today = rendering.now.astimezone(trainee.zone).date()
    plan = spacing.plan_to_ask(record.active, record.focus_plan_id, today)
    day = int(rendering.row.key.rpartition(":")[2])
    contact = program_of(tx, trainee).support_contact
    return prompts.keep_going(
        Say(trainee.locale), day, plan, contact, is_last=day == rules.ladder.keep_going_days[-1]
    )
