"""A trainee answers a check-in, changes the answer, or revises the plan.

The answer is sealed and stored nowhere else. Apart from the sealed bytes, what is written, queued and called
is the same for every answer; only the help that is shown differs. Each answer rewrites the private record.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from allybot.domain.check_ins import CheckInState, FromHere, Tap, outcome_of
from allybot.domain.circle_questions import counts_from
from allybot.domain.notes import note_text
from allybot.domain.people import Actor, Program
from allybot.domain.plans import Intention, Plan, PlanState, intention
from allybot.domain.private_record import PrivateRecord, reworded, with_moment
from allybot.domain.trainee import Trainee
from allybot.errors import FieldError, NotFoundError
from allybot.services.check_ins import frequency, reminders
from allybot.services.check_ins.help import (
    HelpFacts,
    OwnCheckIn,
    check_is_newest,
    help_facts,
    own_check_in,
    plan_asked_about,
)
from allybot.services.context import Context, acting, new_id, program_of
from allybot.services.outcomes import casting
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records


@dataclass(frozen=True)
class Choices:
    """The submitted fields of the help form; the same after every answer.

    Attributes:
        keeps_moment: leave the expected day and its reminder as they are, because they were not shown.
        cue_object: a thing that reminds of the plan; None leaves the plan's own.
        note: a note to oneself, as typed; empty for none.
    """

    cue: str
    response: str
    next_moment_on: date | None
    from_here: FromHere
    remind: bool = False
    keeps_moment: bool = False
    cue_object: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Answered:
    """An answer that has been sealed, with what was read for it."""

    own: OwnCheckIn
    record: PrivateRecord

    @property
    def trainee(self) -> Trainee:
        """Who answered."""
        return self.own.trainee


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
        DecryptionError, NotFoundError, WrongStateError: as in `take`.
    """
    return facts_after(context, take(context, actor, check_in_id, answer, now, pressed))


def take(
    context: Context,
    actor: Actor,
    check_in_id: str,
    answer: Tap,
    now: datetime,
    pressed: tuple[str, str] | None,
    pick: str = "",
) -> Answered:
    """Seal an answer and confirm it in the message that asked; nothing else, because Slack is waiting.

    A second tap, on the same or another button, replaces the sealed answer.

    Args:
        now: aware UTC.
        pressed: channel and ts of the message that held the button, None where there was none.
        pick: what was in the way, where that is known already.

    Raises:
        DecryptionError: the personal key was erased.
        NotFoundError: the check-in is not the trainee's, or asked for no answer.
        WrongStateError: the trainee has left.
        SupersededError: it was never answered, and a newer one waits for an answer.
    """
    with context.database.transaction() as tx:
        own = own_check_in(tx, actor, check_in_id)
        check_is_newest(tx, own.check_in)
        trainee = own.trainee
        with private_records.rewriting(tx, context.personal_key(trainee.id), trainee.id) as held:
            _cast(context, tx, own, held.record, answer, pick)
            days_between = context.content.rules.circles.days_between_own_questions
            held.record = held.record.without_past_texts(counts_from(now, trainee.zone, days_between))
        check_ins.change_check_in(tx, check_in_id, state=CheckInState.ANSWERED, follow_up_at=None)
        if trainee.silent_steps:
            trainees.change_trainee(tx, trainee.id, silent_steps=0)
        confirm(tx, trainee, check_in_id, pressed, now)
        return Answered(own, held.record)


def facts_after(context: Context, answered: Answered) -> HelpFacts:
    """The data of the help form after an answer."""
    with context.database.reading() as tx:
        return help_facts(context, tx, answered.own, answered.record)


def help_form(
    context: Context, actor: Actor, check_in_id: str, answer: Tap, pick: str, choices: Choices, now: datetime
) -> Settled:
    """Seal the answer again with the barrier that was picked, and apply what was chosen to happen next.

    A note is kept with the same writes as without one.

    Args:
        pick: the answer to the help's first question; empty keeps the tap's outcome.
        now: aware UTC.

    Raises:
        FieldError: `cue` or `response` (`empty`, `too_long`), `next_moment_on` (`past`), `note` (`too_long`).
        DecryptionError, NotFoundError, WrongStateError: as in `take`.
    """
    words = None if choices.from_here is FromHere.AS_BEFORE else intention(choices.cue, choices.response)
    note = note_text(choices.note)
    with context.database.transaction() as tx:
        own = own_check_in(tx, actor, check_in_id)
        trainee = own.trainee
        with private_records.rewriting(tx, context.personal_key(trainee.id), trainee.id) as held:
            plan = _cast(context, tx, own, held.record, answer, pick)
            today = now.astimezone(trainee.zone).date()
            if plan.state is PlanState.ACTIVE:
                plan = _revised(plan, words, choices, today)
                held.record = held.record.with_plan(plan)
            if choices.from_here is FromHere.NEXT:
                held.record = held.record.with_state(plan.id, PlanState.FINISHED)
            held.record = held.record.with_note(note, today)
        if choices.from_here is FromHere.SLOWER:
            frequency.slow_down_in(context, tx, trainee, now)
        elif choices.from_here is FromHere.STOP:
            frequency.stop_in(tx, trainee)
        trainee = acting(tx, actor)
        return Settled(
            trainee,
            program_of(tx, trainee),
            held.record.plan(plan.id) or plan,
            next_on=trainee.check_in_planned_on,
            remind_on=reminders.comes_on(context, tx, trainee, held.record.plan(plan.id) or plan, now),
        )


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
    tx: Transaction,
    trainee: Trainee,
    check_in_id: str,
    pressed: tuple[str, str] | None,
    now: datetime,
    named: str = "answered",
) -> None:
    """Queue an update of every message that asked this check-in, once each, to show that it is answered.

    It is due since midnight UTC, so that the row does not hold when the answer came.

    Args:
        named: how the update's key begins; another one updates the message once more.
    """
    due_at = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    places = set(check_ins.places(tx, check_in_id)) | ({pressed} if pressed else set())
    for channel, ts in sorted(places):
        outbox.put(
            tx,
            new_id(),
            OutboxMessage(
                key=f"{named}:{check_in_id}:{ts}",
                workspace_id=trainee.workspace_id,
                kind=MessageKind.CHECK_IN_ANSWERED,
                about_id=check_in_id,
                due_at=due_at,
                trainee_id=trainee.id,
                replaces=(channel, ts),
            ),
        )


def _cast(
    context: Context, tx: Transaction, own: OwnCheckIn, record: PrivateRecord, answer: Tap, pick: str
) -> Plan:
    """Seal the answer to a check-in; returns the plan it asked about."""
    plan, asked = plan_asked_about(record, own.check_in.id), own.check_in
    casting.cast(context, tx, own.window_id, own.trainee.id, asked.step, outcome_of(answer, pick), plan.kind)
    return plan


def _revised(plan: Plan, words: Intention | None, choices: Choices, today: date) -> Plan:
    moment = choices.next_moment_on
    if not choices.keeps_moment:
        if moment and moment != plan.next_moment_on and moment < today:
            field = "next_moment_on"
            raise FieldError(field, "past")
        plan = with_moment(plan, moment, today, remind=choices.remind)
    if choices.cue_object:
        plan = replace(plan, cue_object=choices.cue_object)
    return reworded(plan, words, today) if words is not None else plan
