"""Writing, editing, choosing, finishing and putting aside implementation intentions."""

from dataclasses import dataclass
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
from allybot.domain.trainee import Trainee, may_write_plans
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.services.context import Context, acting, new_id, program_of
from allybot.services.plans.history import reword
from allybot.store import trainees
from allybot.store.engine.database import Transaction
from allybot.store.plans import history, plans


@dataclass(frozen=True)
class PlanBook:
    """A trainee's plans as he sees them.

    Attributes:
        plans: all of them, oldest first.
        focus: the plan the next check-in asks about, if any.
        reworded: ids of those that read otherwise before.
    """

    trainee: Trainee
    program: Program
    plans: tuple[Plan, ...]
    focus: Plan | None
    reworded: frozenset[str]

    @property
    def active(self) -> tuple[Plan, ...]:
        """The plans that are asked about."""
        return tuple(plan for plan in self.plans if plan.state is PlanState.ACTIVE)


def book(context: Context, actor: Actor) -> PlanBook:
    """The plans of whoever acts.

    Raises:
        NotFoundError: he is in no program.
        WrongStateError: he has not said yes yet, or said no.
    """
    with context.database.reading() as tx:
        trainee = acting(tx, actor, may_write_plans)
        program = program_of(tx, trainee)
        kept = plans.plans_of(tx, context.personal_key(trainee.id), trainee.id)
        changed = history.reworded(tx, trainee.id)
    return PlanBook(trainee, program, tuple(kept), focus_plan(kept, trainee.focus_plan_id), changed)


def to_put_aside(context: Context, actor: Actor, kind: str) -> tuple[Plan, ...]:
    """The plans of which one has to go aside for a new one of this kind, none where there is room.

    Asked before the trainee is asked for words.

    Raises:
        FieldError: `kind` (`empty`, `off`), as in `write`.
        NotFoundError, WrongStateError: as in `book`.
    """
    found = book(context, actor)
    _offered(context, found.program, kind)
    return in_the_way(list(found.plans), PlanKind(kind), context.content.rules.plans.max_active)


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
    """Keep a new plan, and put another aside for it. Sending the same form twice does it once.

    Args:
        form_id: the modal's own id.
        next_moment_on: the day the trainee expects the moment, in their own zone.
        now: the program's time, aware UTC.
        coping: what the trainee does if it goes badly, if they name it.
        aside: the plan to put aside; one that is not theirs or is not asked about any more is left as it is.

    Raises:
        FieldError: `kind` (`empty`; `off`: not in this program; `taken`: one active plan per kind; `full`:
            three in all), `cue` or `response` (`empty`, `too_long`), `coping` (`too_long`),
            `next_moment_on` (`past`).
        NotFoundError, WrongStateError: as in `book`.
    """
    words, if_badly = intention(cue, response), coping_line(coping)
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans, lock=True)  # a double submit comes twice at once
        key = context.personal_key(trainee.id)
        kept = plans.plans_of(tx, key, trainee.id)
        before = plans.plan_of_form(tx, trainee.id, form_id)
        if before:
            return next(plan for plan in kept if plan.id == before)
        _room_for(context, program_of(tx, trainee), [each for each in kept if each.id != aside], kind)
        _not_past(trainee, next_moment_on, now)
        if any(each.id == aside and each.state is PlanState.ACTIVE for each in kept):
            _rest(tx, trainee, aside, PlanState.RETIRED)
        plan = Plan(
            id=new_id(),
            trainee_id=trainee.id,
            kind=PlanKind(kind),
            intention=words,
            state=PlanState.ACTIVE,
            created_at=now,
            next_moment_on=next_moment_on,
            coping=if_badly,
        )
        plans.add_plan(tx, key, plan, form_id)
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
    """Rewrite a plan in its owner's words, and keep how it read before; another's plan is not found.

    Raises:
        FieldError, NotFoundError, WrongStateError: as in `write`.
    """
    words, if_badly = intention(cue, response), coping_line(coping)
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans)
        key = context.personal_key(trainee.id)
        plan = _own(tx, key, trainee, plan_id)
        if next_moment_on != plan.next_moment_on:
            _not_past(trainee, next_moment_on, now)
        reword(tx, key, trainee, plan_id, words, now)
        plans.change_coping(tx, key, plan_id, if_badly)
        plans.change_plan(tx, plan_id, {"next_moment_on": next_moment_on})
        return _own(tx, key, trainee, plan_id)


def finish(context: Context, actor: Actor, plan_id: str) -> Plan:
    """Call a plan done; doing it twice changes nothing."""
    return _let_rest(context, actor, plan_id, PlanState.FINISHED)


def put_aside(context: Context, actor: Actor, plan_id: str) -> Plan:
    """Ask about a plan no more without calling it done; doing it twice changes nothing.

    Raises:
        WrongStateError: it is done.
    """
    return _let_rest(context, actor, plan_id, PlanState.RETIRED)


def take_up(context: Context, actor: Actor, plan_id: str) -> Plan:
    """Make a plan that was put aside one to be asked about again; doing it twice changes nothing.

    Raises:
        FieldError: `kind`, as in `write`.
        WrongStateError: it is done.
    """
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans, lock=True)  # room is counted, as when a plan is written
        key = context.personal_key(trainee.id)
        plan = _own(tx, key, trainee, plan_id)
        if plan.state is PlanState.FINISHED:
            raise WrongStateError
        if plan.state is PlanState.RETIRED:
            _room_for(context, program_of(tx, trainee), plans.plans_of(tx, key, trainee.id), plan.kind)
            plans.change_plan(tx, plan_id, {"state": PlanState.ACTIVE})
        return _own(tx, key, trainee, plan_id)


def focus(context: Context, actor: Actor, plan_id: str) -> Plan:
    """Ask about this plan next.

    Raises:
        WrongStateError: the plan is done or put aside.
    """
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans)
        plan = _own(tx, context.personal_key(trainee.id), trainee, plan_id)
        if plan.state is not PlanState.ACTIVE:
            raise WrongStateError
        trainees.change_trainee(tx, trainee.id, focus_plan_id=plan_id)
        return plan


def _own(tx: Transaction, key: bytes, trainee: Trainee, plan_id: str) -> Plan:
    plan = plans.plan_by_id(tx, key, trainee.id, plan_id)
    if plan is None:
        raise NotFoundError
    return plan


def _let_rest(context: Context, actor: Actor, plan_id: str, state: PlanState) -> Plan:
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans)
        key = context.personal_key(trainee.id)
        plan = _own(tx, key, trainee, plan_id)
        if plan.state is PlanState.FINISHED and state is not PlanState.FINISHED:
            raise WrongStateError
        _rest(tx, trainee, plan_id, state)
        return _own(tx, key, trainee, plan_id)


def _rest(tx: Transaction, trainee: Trainee, plan_id: str, state: PlanState) -> None:
    plans.change_plan(tx, plan_id, {"state": state})
    if trainee.focus_plan_id == plan_id:
        trainees.change_trainee(tx, trainee.id, focus_plan_id=None)


def _offered(context: Context, program: Program, kind: str) -> None:
    if kind not in context.content.plan_library_of(program.name).kinds:
        field = "kind"
        raise FieldError(field, "off" if kind in set(PlanKind) else "empty")


def _room_for(context: Context, program: Program, kept: list[Plan], kind: str) -> None:
    _offered(context, program, kind)
    others = in_the_way(kept, PlanKind(kind), context.content.rules.plans.max_active)
    if others:
        field = "kind"
        raise FieldError(field, "taken" if others[0].kind == kind else "full")


def _not_past(trainee: Trainee, day: date | None, now: datetime) -> None:
    if day is not None and day < now.astimezone(trainee.zone).date():
        field = "next_moment_on"
        raise FieldError(field, "past")
