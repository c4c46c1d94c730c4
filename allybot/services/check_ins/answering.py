"""A trainee answers a check-in, changes the answer, or revises the plan.

The answer is sealed and stored nowhere else. Apart from the sealed bytes, what is written, queued and called
is the same for every answer; only the help that is shown differs.
"""

from dataclasses import dataclass
from datetime import date, datetime

from allybot.domain.check_ins import CheckInState, FromHere, Tap, outcome_of
from allybot.domain.people import Actor, Program
from allybot.domain.plans import Plan, PlanState, intention
from allybot.domain.trainee import Trainee, gets_check_ins
from allybot.errors import FieldError, NotFoundError
from allybot.services.check_ins import frequency, reminders, schedule
from allybot.services.check_ins.help import HelpFacts, check_is_newest, help_facts, key_of, own_check_in
from allybot.services.context import Context, acting, new_id
from allybot.services.outcomes import casting
from allybot.services.plans.history import reword
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import MessageKind, OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.plans import plans


@dataclass(frozen=True)
class Choices:
    """The submitted fields of the help form; the same after every answer."""

    cue: str
    response: str
    next_moment_on: date | None
    from_here: FromHere
    remind: bool = False


@dataclass(frozen=True)
class Settled:
    """The state after the form is submitted.

    Attributes:
        next_on: the local day of the next check-in.
        remind_on: the local day of the reminder, None when none is sent.
    """

    trainee: Trainee
    program: Program
    plan: Plan
    next_on: date | None
    remind_on: date | None


def tap(
    context: Context,
    actor: Actor,
    check_in_id: str,
    answer: Tap,
    now: datetime,
    pressed: tuple[str, str] | None,
) -> HelpFacts:
    """Seal an answer, see `take`, and read the data of the help form.

    Raises:
        NotFoundError, WrongStateError: as in `take`.
    """
    take(context, actor, check_in_id, answer, now, pressed)
    return read_facts(context, actor, check_in_id)


def take(
    context: Context,
    actor: Actor,
    check_in_id: str,
    answer: Tap,
    now: datetime,
    pressed: tuple[str, str] | None,
) -> Trainee:
    """Seal an answer and confirm it in the message that asked; nothing else, because Slack is waiting.

    A second tap, on the same or another button, replaces the sealed answer.

    Args:
        now: aware UTC.
        pressed: channel and ts of the message that held the button, None where there was none.

    Raises:
        NotFoundError: the check-in is not the trainee's, or asked for no answer.
        WrongStateError: the trainee has left.
        SupersededError: it was never answered, and a newer one waits for an answer.
    """
    with context.database.transaction() as tx:
        own = own_check_in(tx, actor, check_in_id)
        check_is_newest(tx, own.check_in)
        trainee, outcome = own.trainee, outcome_of(answer, "")
        casting.cast(context, tx, own.window_id, trainee.id, own.check_in.step, outcome, own.kind)
        check_ins.change_check_in(tx, check_in_id, state=CheckInState.ANSWERED, follow_up_at=None)
        if trainee.silent_steps:
            trainees.change_trainee(tx, trainee.id, silent_steps=0)
        if gets_check_ins(trainee.state) and trainee.next_check_in_at is None:
            schedule.schedule_next(context, tx, trainee, now)
        confirm(tx, trainee, check_in_id, pressed, now)
        return trainee


def read_facts(context: Context, actor: Actor, check_in_id: str) -> HelpFacts:
    """The data of the help form, read only.

    Raises:
        NotFoundError, WrongStateError: as in `take`.
        DecryptionError: the personal key was erased.
    """
    key = key_of(context, actor)
    with context.database.reading() as tx:
        return help_facts(context, tx, actor, check_in_id, key)


def help_form(
    context: Context, actor: Actor, check_in_id: str, answer: Tap, pick: str, choices: Choices, now: datetime
) -> Settled:
    """Seal the answer again with the barrier that was picked, and apply what was chosen to happen next.

    Args:
        pick: the answer to the help's first question; empty keeps the tap's outcome.
        now: aware UTC.

    Raises:
        FieldError: `cue` or `response` (`empty`, `too_long`), `next_moment_on` (`past`).
        NotFoundError, WrongStateError: as in `take`.
    """
    key = key_of(context, actor)
    words = None if choices.from_here is FromHere.AS_BEFORE else intention(choices.cue, choices.response)
    with context.database.transaction() as tx:
        facts = help_facts(context, tx, actor, check_in_id, key)
        trainee, plan = facts.trainee, facts.plan
        moment = choices.next_moment_on
        if moment and moment != plan.next_moment_on and moment < now.astimezone(trainee.zone).date():
            field = "next_moment_on"
            raise FieldError(field, "past")
        outcome = outcome_of(answer, pick)
        casting.cast(
            context, tx, facts.check_in.window_id, trainee.id, facts.check_in.step, outcome, plan.kind
        )
        if plan.state is PlanState.ACTIVE:
            if words is not None:
                reword(tx, key, trainee, plan.id, words, now)
            reminders.wish_in(tx, plan.id, wanted=choices.remind)
            plans.change_plan(tx, plan.id, {"next_moment_on": moment})
        if choices.from_here is FromHere.NEXT:
            plans.change_plan(tx, plan.id, {"state": PlanState.FINISHED})
            if trainee.focus_plan_id == plan.id:
                trainees.change_trainee(tx, trainee.id, focus_plan_id=None)
        elif choices.from_here is FromHere.SLOWER:
            frequency.slow_down_in(context, tx, trainee, now)
        elif choices.from_here is FromHere.STOP:
            frequency.stop_in(tx, trainee)
        return _settled(context, tx, actor, key, facts, now)


def keep_plans(
    context: Context, actor: Actor, check_in_id: str, now: datetime, pressed: tuple[str, str] | None
) -> None:
    """Keep the plans unchanged at the re-plan; only the fact is stored. Idempotent.

    Raises:
        NotFoundError: the check-in is not the trainee's, or is no re-plan.
    """
    with context.database.transaction() as tx:
        trainee = acting(tx, actor)
        asked = check_ins.check_in_of(tx, trainee.id, check_in_id)
        if asked is None or asked.step != context.content.rules.ladder.replan_day:
            raise NotFoundError
        check_ins.change_check_in(tx, check_in_id, state=CheckInState.ANSWERED)
        confirm(tx, trainee, check_in_id, pressed, now)


def confirm(
    tx: Transaction, trainee: Trainee, check_in_id: str, pressed: tuple[str, str] | None, now: datetime
) -> None:
    """Queue an update of every message that asked this check-in, once each, to show that it is answered."""
    places = set(check_ins.places(tx, check_in_id)) | ({pressed} if pressed else set())
    for channel, ts in sorted(places):
        outbox.put(
            tx,
            new_id(),
            OutboxMessage(
                key=f"answered:{check_in_id}:{ts}",
                workspace_id=trainee.workspace_id,
                kind=MessageKind.CHECK_IN_ANSWERED,
                about_id=check_in_id,
                due_at=now,
                trainee_id=trainee.id,
                replaces=(channel, ts),
            ),
        )


def _settled(
    context: Context, tx: Transaction, actor: Actor, key: bytes, facts: HelpFacts, now: datetime
) -> Settled:
    trainee = acting(tx, actor)
    plan = plans.plan_by_id(tx, key, trainee.id, facts.plan.id) or facts.plan
    return Settled(
        trainee,
        facts.program,
        plan,
        next_on=trainee.check_in_planned_on,
        remind_on=reminders.comes_on(context, tx, trainee, plan, now),
    )
