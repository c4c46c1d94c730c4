"""Use cases of plans: write, edit, focus, finish, put aside, take up again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from allybot.domain.people import Actor, Program
from allybot.domain.plans import (
    Plan,
    PlanKind,
    PlanState,
    coping_line,
    focus_plan,
    in_the_way,
    intention,
)
from allybot.domain.private_record import PrivateRecord, reworded, with_moment
from allybot.domain.trainee import Trainee, may_write_plans
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.services.context import Context, acting, new_id, program_of
from allybot.store.plans import private_records


@dataclass(frozen=True)
class PlanBook:
    """A trainee's plans, for their list and their form.

    Attributes:
        plans: all of them, oldest first.
        focus: the plan the next check-in asks about, if any.
    """

    trainee: Trainee
    program: Program
    plans: tuple[Plan, ...]
    focus: Plan | None

    @property
    def active(self) -> tuple[Plan, ...]:
        """The active plans, which check-ins ask about."""
        return tuple(plan for plan in self.plans if plan.state is PlanState.ACTIVE)


def book(context: Context, actor: Actor) -> PlanBook:
    """The actor's plans.

    Raises:
        NotFoundError: the actor is in no program.
        WrongStateError: the actor has not consented, or has left.
    """
    with context.database.reading() as tx:
        trainee = acting(tx, actor, may_write_plans)
        program = program_of(tx, trainee)
        record = private_records.read(tx, context.personal_key(trainee.id), trainee.id)
    return PlanBook(trainee, program, record.plans, focus_plan(record.plans, record.focus_plan_id))


def to_put_aside(context: Context, actor: Actor, kind: str) -> tuple[Plan, ...]:
    """The active plans of which one must be put aside for a new one of this kind; empty when there is room.

    Raises:
        FieldError: `kind` (`empty`, `off`), as in `write`.
        NotFoundError, WrongStateError: as in `book`.
    """
    found = book(context, actor)
    _check_offered(context, found.program, kind)
    return in_the_way(found.plans, PlanKind(kind), context.content.rules.plans.max_active)


def write(
    context: Context,
    actor: Actor,
    form_id: str,
    kind: str,
    cue: str | None,
    response: str | None,
    next_moment_on: date | None,
    now: datetime,
    coping: str | None = None,
    aside: str = "",
) -> Plan:
    """Add a plan, and put another aside for it. Idempotent for one `form_id`.

    Args:
        form_id: the modal's own id.
        next_moment_on: the day the trainee expects the moment, in their own zone.
        now: the program's time, aware UTC.
        coping: what the trainee does if it goes badly, or None.
        aside: id of the plan to put aside; ignored unless it is an active plan of the actor.

    Raises:
        FieldError: `kind` (`empty`; `off`: not in this program; `taken`: one active plan per kind; `full`:
            three in all), `cue` or `response` (`empty`, `too_long`), `coping` (`too_long`),
            `next_moment_on` (`past`).
        NotFoundError, WrongStateError: as in `book`.
    """
    words, if_badly = intention(cue, response), coping_line(coping)
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans)
        with private_records.rewriting(tx, context.personal_key(trainee.id), trainee.id) as held:
            record = held.record
            before = next((each for each in record.plans if each.form_id == form_id), None)
            if before:
                return before
            others = [each for each in record.plans if each.id != aside]
            _check_room(context, program_of(tx, trainee), others, kind)
            _check_not_past(trainee, next_moment_on, now)
            if any(each.id == aside for each in record.active):
                record = record.with_state(aside, PlanState.RETIRED)
            plan = Plan(
                id=new_id(),
                kind=PlanKind(kind),
                intention=words,
                state=PlanState.ACTIVE,
                created_at=now,
                next_moment_on=next_moment_on,
                coping=if_badly,
                form_id=form_id,
            )
            held.record = record.with_plan(plan)
    return plan


def edit(
    context: Context,
    actor: Actor,
    plan_id: str,
    cue: str | None,
    response: str | None,
    next_moment_on: date | None,
    now: datetime,
    coping: str | None = None,
) -> Plan:
    """Change a plan and store its earlier wording.

    Raises:
        FieldError, WrongStateError: as in `write`.
        NotFoundError: the plan is not the actor's.
    """
    words, if_badly = intention(cue, response), coping_line(coping)
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans)
        today = now.astimezone(trainee.zone).date()
        with private_records.rewriting(tx, context.personal_key(trainee.id), trainee.id) as held:
            plan = _own_plan(held.record, plan_id)
            if next_moment_on != plan.next_moment_on:
                _check_not_past(trainee, next_moment_on, now)
            named = with_moment(plan, next_moment_on, today, remind=plan.remind)
            plan = replace(reworded(named, words, today), coping=if_badly)
            held.record = held.record.with_plan(plan)
        return plan


def finish(context: Context, actor: Actor, plan_id: str) -> Plan:
    """Mark a plan as done. Idempotent."""
    return _end(context, actor, plan_id, PlanState.FINISHED)


def put_aside(context: Context, actor: Actor, plan_id: str) -> Plan:
    """Stop asking about a plan that is not done. Idempotent.

    Raises:
        WrongStateError: the plan is done.
    """
    return _end(context, actor, plan_id, PlanState.RETIRED)


def take_up(context: Context, actor: Actor, plan_id: str) -> Plan:
    """Make a plan that was put aside active again. Idempotent.

    Raises:
        FieldError: `kind`, as in `write`.
        WrongStateError: the plan is done.
    """
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans)
        with private_records.rewriting(tx, context.personal_key(trainee.id), trainee.id) as held:
            plan = _own_plan(held.record, plan_id)
            if plan.state is PlanState.FINISHED:
                raise WrongStateError
            if plan.state is PlanState.RETIRED:
                _check_room(context, program_of(tx, trainee), held.record.plans, plan.kind)
                held.record = held.record.with_state(plan_id, PlanState.ACTIVE)
            return _own_plan(held.record, plan_id)


def focus(context: Context, actor: Actor, plan_id: str) -> Plan:
    """Make this the plan that check-ins ask about.

    Raises:
        WrongStateError: the plan is done or put aside.
    """
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans)
        with private_records.rewriting(tx, context.personal_key(trainee.id), trainee.id) as held:
            plan = _own_plan(held.record, plan_id)
            if plan.state is not PlanState.ACTIVE:
                raise WrongStateError
            held.record = replace(held.record, focus_plan_id=plan_id)
        return plan


def earlier(context: Context, actor: Actor, plan_id: str) -> Plan:
    """One of the actor's plans with its earlier wordings.

    Raises:
        NotFoundError: the plan is not the actor's.
        WrongStateError: the actor has not consented, or has left.
    """
    plan = next((each for each in book(context, actor).plans if each.id == plan_id), None)
    if plan is None:
        raise NotFoundError
    return plan


def _own_plan(record: PrivateRecord, plan_id: str) -> Plan:
    plan = record.plan(plan_id)
    if plan is None:
        raise NotFoundError
    return plan


def _end(context: Context, actor: Actor, plan_id: str, state: PlanState) -> Plan:
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans)
        with private_records.rewriting(tx, context.personal_key(trainee.id), trainee.id) as held:
            plan = _own_plan(held.record, plan_id)
            if plan.state is PlanState.FINISHED and state is not PlanState.FINISHED:
                raise WrongStateError
            held.record = held.record.with_state(plan_id, state)
            return _own_plan(held.record, plan_id)


def _check_offered(context: Context, program: Program, kind: str) -> None:
    if kind not in context.content.plan_library_of(program.name).kinds:
        field = "kind"
        raise FieldError(field, "off" if kind in set(PlanKind) else "empty")


def _check_room(context: Context, program: Program, kept: Sequence[Plan], kind: str) -> None:
    _check_offered(context, program, kind)
    others = in_the_way(kept, PlanKind(kind), context.content.rules.plans.max_active)
    if others:
        field = "kind"
        raise FieldError(field, "taken" if others[0].kind == kind else "full")


def _check_not_past(trainee: Trainee, day: date | None, now: datetime) -> None:
    if day is not None and day < now.astimezone(trainee.zone).date():
        field = "next_moment_on"
        raise FieldError(field, "past")
